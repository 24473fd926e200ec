'use strict';

// npm run client [-- FILE]: writes what openapi-typescript makes of the OpenAPI document, by default to client/api.d.ts.
// That file is not committed. The type check renews it if the program has changed since.

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');

const root = path.join(__dirname, '..');
const DEFAULT_FILE = path.join(root, 'client', 'api.d.ts');

/** @param {(string | Buffer)[]} parts */
function hash(...parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex').slice(0, 16);
}

/** The build keeps the hashes of the sources and of what they were compiled to in `.cache/build`. */
function hashProgram() {
  return hash(fs.readFileSync(path.join(root, '.cache', 'build')));
}

function hashGenerator() {
  const inputs = [path.join(__dirname, 'client-types.js'), require.resolve('openapi-typescript/package.json')];
  return hash(...inputs.map((input) => fs.readFileSync(input)));
}

/** @param {string} document @returns {Promise<string>} a module of types */
async function generate(document) {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  return astToString(
    await openapiTS(JSON.parse(document), { alphabetize: true, rootTypes: true, rootTypesNoSchemaPrefix: true }),
  );
}

/** The document as it is served. */
function readDocument() {
  const { openapi } = require('#src/http/openapi/index');
  const { routes } = require('#src/routes/index');
  return JSON.stringify(openapi(routes));
}

const NOTE = '// Written by `npm run client` from the OpenAPI document. It is not committed.';

/** @param {string} file */
async function writeClientTypes(file) {
  const existing = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const [, program, origin] = /^\/\/ Program (\w+), document (\w+)$/m.exec(existing) ?? [];
  if (program === hashProgram() && origin?.startsWith(hashGenerator())) return;
  const document = readDocument();
  const from = `${hashGenerator()}${hash(document)}`;
  // Most changes of the program leave the document as it was.
  const types = origin === from ? existing.split('\n').slice(2).join('\n') : await generate(document);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  fs.writeFileSync(partial, `${NOTE}\n// Program ${hashProgram()}, document ${from}\n${types}`);
  fs.renameSync(partial, file);
}

const { positionals } = parseArgs({ allowPositionals: true });
writeClientTypes(positionals[0] ? path.resolve(positionals[0]) : DEFAULT_FILE).then(
  // The routes hold on to timers and pools.
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
