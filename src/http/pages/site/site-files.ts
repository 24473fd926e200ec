import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Router, type Request, type Response } from 'express';
import { AppError } from '../../../errors';
import type { Language } from '../../../lib/text/languages';
import { sendCachedBody, type CachedBody } from '../../cached-body';
import { rejectMethod } from '../../mount';

export const SITE_FOLDER = path.join(__dirname, '..', '..', '..', '..', 'assets', 'pages');

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};
const SCRIPTS = ['.js', '.mjs'];

const findPackageFile = (name: string, file: string): string => path.join(path.dirname(require.resolve(name)), file);

/** The packages that the modules import by name, served from where npm installed them. */
const PACKAGES: Record<string, string> = {
  preact: require.resolve('preact'),
  'preact/hooks': require.resolve('preact/hooks'),
  htm: findPackageFile('htm', 'htm.module.js'),
  'chart.js': findPackageFile('chart.js', 'chart.umd.min.js'),
  uqr: findPackageFile('uqr', 'index.mjs'),
  'socket.io-client': findPackageFile('socket.io/package.json', 'client-dist/socket.io.esm.min.js'),
  idb: findPackageFile('idb', 'index.js'),
  '@scure/base': require.resolve('@scure/base'),
  '@noble/ed25519': require.resolve('@noble/ed25519'),
  'barcode-detector/ponyfill': findPackageFile('barcode-detector/ponyfill', '../es/ponyfill.js'),
  // What the ponyfill imports, under the name that it uses, and loads.
  'zxing-exported': findPackageFile('barcode-detector/ponyfill', '../es/zxing-exported.js'),
  'barcode-detector/reader.wasm': require.resolve('zxing-wasm/reader/zxing_reader.wasm'),
};

const toPackagePath = (name: string): string =>
  `packages/${name.replaceAll('/', '-')}${path.extname(name) === '.wasm' ? '' : '.js'}`;

interface SiteFile extends CachedBody {
  type: string;
}

/** Browsers would otherwise look for the map of a package in vain. */
const removeSourceMap = (text: string): string => text.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '\n');

function readFiles(): Map<string, SiteFile> {
  const own = readdirSync(SITE_FOLDER, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll(path.sep, '/'))
    .filter((name) => path.extname(name) in TYPES)
    .map((name) => [name, path.join(SITE_FOLDER, name)]);
  const packaged = Object.entries(PACKAGES).map(([name, file]) => [toPackagePath(name), file]);
  const files = [...own, ...packaged].sort() as [string, string][];
  return new Map(
    files.map(([name, file]) => {
      const content = readFileSync(file);
      const isScript = SCRIPTS.includes(path.extname(name));
      const bytes = isScript ? Buffer.from(removeSourceMap(content.toString())) : content;
      const etag = `"${createHash('sha1').update(bytes).digest('base64url')}"`;
      return [name, { bytes, etag, type: TYPES[path.extname(name)]! }];
    }),
  );
}

const files = readFiles();

/** Changes with any file. */
export const version = createHash('sha1')
  .update([...files].map(([name, { etag }]) => `${name} ${etag}`).join('\n'))
  .digest('base64url')
  .slice(0, 12);

/** Returns the URL of a file, which contains the version of all files, so that browsers can cache it permanently. */
export const toSiteUrl = (name: string): string => `/pages/${version}/${name}`;

const TEXTS = '#texts/';

/** Returns where imports by name lead. `#texts/` holds the texts in the language of the page. */
export function getImports(language: Language): Record<string, string> {
  const packages = Object.keys(PACKAGES).map((name) => [name, toSiteUrl(toPackagePath(name))]);
  return { ...Object.fromEntries(packages), [TEXTS]: toSiteUrl(`texts/${language}/`) };
}

// A dynamic import() is not matched: it is loaded when it is needed.
const STATIC_IMPORT = /(?:^|[;\n}])\s*(?:(?:import|export)\b[^'"();=]*?\bfrom\s*|import\s*)["']([^"']+)["']/g;

/** Returns the text of a module. */
export const readModule = (name: string): string => files.get(name)!.bytes.toString();

/** Returns the URLs of a module and of everything that it imports, so that the browser can load them all at once. */
export function listModules(entry: string, language: Language): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    const file = files.get(name);
    if (!file) throw new Error(`${name} is imported by a page, but is not among its files.`);
    found.add(name);
    for (const [, target = ''] of file.bytes.toString().matchAll(STATIC_IMPORT)) {
      if (target.startsWith('.')) visit(path.posix.join(path.posix.dirname(name), target));
      else if (target.startsWith(TEXTS)) visit(`texts/${language}/${target.slice(TEXTS.length)}`);
      else visit(toPackagePath(target));
    }
  };
  visit(entry);
  return [...found].map(toSiteUrl);
}

async function sendFile(req: Request, res: Response, name = req.path.slice(1)): Promise<void> {
  const file = files.get(name);
  if (!file) throw new AppError('NOT_FOUND', 'There is nothing at this path.');
  // While a new version is rolled out, a page of the other version gets what this process has.
  const isCurrent = req.params.version === version;
  res.setHeader('Cache-Control', isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache');
  res.setHeader('Content-Type', file.type);
  await sendCachedBody(req, res, file);
}

/** Serves the modules, styles and pictures of the pages below /pages, and the icon. */
export function siteFiles(): Router {
  const router = Router();
  const reject = rejectMethod(['GET', 'HEAD', 'OPTIONS']);
  router.get('/icon.svg', (req, res, next) => void sendFile(req, res, 'icon.svg').catch(next));
  router.all('/icon.svg', reject);
  router.use('/pages/:version', (req, res, next) => {
    if (req.method === 'GET' || req.method === 'HEAD') sendFile(req, res).catch(next);
    else reject(req, res, next);
  });
  return router;
}
