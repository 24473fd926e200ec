import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ESLint, type Linter } from 'eslint';

const root = path.join(__dirname, '..', '..');
const folder = path.join(process.env.TEST_FOLDER!, 'lint-rules');

interface Report {
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
}

/** Writes files with the given imports and returns violations of the import rules as `rule: from -> to`. */
async function importProblems(name: string, files: Record<string, string[]>): Promise<string[]> {
  const place = path.join(folder, name);
  for (const [file, imports] of Object.entries(files)) {
    const target = path.join(place, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, `${imports.join('\n')}\nexport const here = 1;\nexport type Here = number;\n`);
  }
  for (const name of ['node_modules', 'package.json']) symlinkSync(path.join(root, name), path.join(place, name));
  const command = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [command, '--config', path.join(root, '.dependency-cruiser.js'), '--output-type', 'json', 'src'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: place, maxBuffer: 2 ** 26 }).catch(
    (error: { stdout: string }) => error,
  );
  const { violations } = (JSON.parse(stdout) as Report).summary;
  return violations.map(
    ({ rule, from, to }) => `${rule.name}: ${from} -> ${to.replace(/.*node_modules/, 'node_modules')}`,
  );
}

const bare = (...files: string[]): Record<string, string[]> => Object.fromEntries(files.map((file) => [file, []]));
const uses = (module: string): string => `export { here as used } from '${module}';`;

describe('import rules', () => {
  it('allow imports to go down', async () => {
    const problems = await importProblems('allowed', {
      ...bare('src/lib/money.ts', 'src/errors.ts', 'src/config.ts', 'src/schemas/bookings.schemas.ts'),
      'src/database/index.ts': [uses('../config')],
      'src/models/bookings.model.ts': [uses('../database'), "import type { Here } from './events.model';"],
      'src/models/events.model.ts': [uses('../lib/money'), "import type { Here } from './bookings.model';"],
      'src/models/inventory/read-state.ts': [uses('../../database')],
      'src/runtime/job-context.ts': [uses('../lib/money')],
      'src/integrations/email/index.ts': [uses('../../config')],
      'src/services/events.service.ts': [uses('../models/events.model')],
      'src/services/bookings.cancel.service.ts': [
        uses('../models/bookings.model'),
        "export * as other from './events.service';",
      ],
      'src/services/inventory/execute.ts': [
        uses('../../models/inventory/read-state'),
        "export * as other from '../../models/events.model';",
      ],
      'src/models/bookings/bookings.ts': [uses('../../runtime/job-context')],
      'src/services/bookings/cancel-booking.ts': [uses('../../models/bookings/bookings')],
      'src/http/mount.ts': ["import express from 'express';", uses('../services/events.service')],
      'src/controllers/bookings.controller.ts': [uses('../services/bookings.cancel.service')],
      'src/jobs/bookings.jobs.ts': [uses('../services/bookings.cancel.service')],
      'src/routes/bookings.routes.ts': [
        uses('../controllers/bookings.controller'),
        "export * as s from '../schemas/bookings.schemas';",
      ],
      'src/app.ts': [uses('./routes/bookings.routes'), "import express from 'express';"],
      'src/server.ts': [uses('./app')],
    });
    expect(problems).toEqual([]);
  }, 60_000);

  it('report each violation', async () => {
    const problems = await importProblems('forbidden', {
      ...bare('src/models/events.model.ts', 'src/services/events.service.ts', 'src/controllers/events.controller.ts'),
      ...bare(
        'src/database/index.ts',
        'src/routes/events.routes.ts',
        'src/integrations/email/index.ts',
        'tests/helpers/x.ts',
      ),
      'src/errors.ts': [uses('./models/events.model')],
      'src/lib/a.ts': [uses('./b')],
      'src/lib/b.ts': [uses('./a')],
      'src/lib/c.ts': [uses('../database')],
      'src/lib/d.ts': ["import { missing } from './missing';", "import 'jest';", uses('../../tests/helpers/x')],
      'src/server.ts': [],
      'src/models/bookings.model.ts': [uses('../services/events.service')],
      'src/runtime/a.ts': [uses('../database')],
      'src/services/bookings/a.ts': [uses('../../models/events.model')],
      'src/integrations/sms/index.ts': [uses('../../services/events.service')],
      'src/services/a.service.ts': [uses('../controllers/events.controller')],
      'src/services/b.service.ts': [uses('../models/events.model')],
      'src/services/c.service.ts': ["import express from 'express';"],
      'src/services/d.service.ts': ["import type { Request } from 'express';", uses('../server')],
      'src/services/inventory/rules/a.ts': [uses('../../../models/events.model')],
      'src/jobs/events.jobs.ts': [uses('../models/events.model')],
      'src/schemas/events.schemas.ts': [uses('../services/events.service')],
      'src/controllers/a.controller.ts': [uses('../models/events.model')],
      'src/controllers/b.controller.ts': [uses('../database')],
      'src/controllers/c.controller.ts': [uses('../integrations/email')],
      'src/routes/a.routes.ts': [uses('../models/events.model')],
      'src/http/a.ts': [uses('../routes/events.routes')],
      'src/embedded/a.ts': [uses('../database')],
    });
    const expected = [
      'booking-rules-are-pure: src/services/inventory/rules/a.ts -> src/models/events.model.ts',
      'controllers-call-services: src/controllers/c.controller.ts -> src/integrations/email/index.ts',
      'controllers-never-models: src/controllers/a.controller.ts -> src/models/events.model.ts',
      'controllers-never-models: src/controllers/b.controller.ts -> src/database/index.ts',
      'database-is-lowest: src/errors.ts -> src/models/events.model.ts',
      'embedded-stands-alone: src/embedded/a.ts -> src/database/index.ts',
      'express-stays-above: src/services/c.service.ts -> node_modules/express/index.js',
      'express-stays-above: src/services/d.service.ts -> node_modules/express/index.js',
      'http-never-models: src/http/a.ts -> src/routes/events.routes.ts',
      'integrations-go-down: src/integrations/sms/index.ts -> src/services/events.service.ts',
      'jobs-call-services: src/jobs/events.jobs.ts -> src/models/events.model.ts',
      'lib-is-pure: src/lib/c.ts -> src/database/index.ts',
      'models-go-down: src/models/bookings.model.ts -> src/services/events.service.ts',
      'no-circular: src/lib/a.ts -> src/lib/b.ts',
      'no-test-code: src/lib/d.ts -> tests/helpers/x.ts',
      'no-unresolvable: src/lib/d.ts -> ./missing',
      'nothing-imports-entries: src/services/d.service.ts -> src/server.ts',
      'runtime-stands-on-lib: src/runtime/a.ts -> src/database/index.ts',
      'services-own-model: src/services/bookings/a.ts -> src/models/events.model.ts',
      'routes-are-data: src/routes/a.routes.ts -> src/models/events.model.ts',
      'schemas-are-shapes: src/schemas/events.schemas.ts -> src/services/events.service.ts',
      'services-go-down: src/services/a.service.ts -> src/controllers/events.controller.ts',
      'services-own-model: src/services/b.service.ts -> src/models/events.model.ts',
    ];
    expect(expected.filter((problem) => !problems.includes(problem))).toEqual([]);
    const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>('../../.dependency-cruiser.js');
    const bitten = new Set(problems.map((problem) => problem.split(':')[0]));
    expect(forbidden.map(({ name }) => name).filter((name) => !bitten.has(name))).toEqual([]);
  }, 60_000);
});

async function lintProblems(filePath: string, code: string): Promise<string[]> {
  const overrideConfig = jest.requireActual<Linter.Config[]>('../../eslint.config.js');
  const eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig });
  const [result] = await eslint.lintText(code, { filePath: path.join(root, filePath) });
  return result!.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

describe('source rules', () => {
  const service = 'src/services/bookings.service.ts';
  const test = 'tests/unit/money.test.ts';

  it.each<[string, string, string, RegExp]>([
    [
      'reading the environment',
      service,
      'export const port = process.env.PORT;',
      /^no-restricted-properties: .*config/,
    ],
    ['a class', service, 'export class Bookings {}', /^no-restricted-syntax: .*class/],
    ['a default export', service, 'export default 1;', /^no-restricted-syntax: .*name/],
    ['an enum', service, 'export enum Status { Paid }', /^no-restricted-syntax: .*union/],
    ['a namespace', service, 'export namespace Bookings { export const a = 1; }', /^no-restricted-syntax: Modules/],
    [
      'an optional transaction',
      service,
      'export function book(id: number, trx?: Trx) { return [id, trx]; }',
      /^no-restricted-syntax: .*transaction/,
    ],
    [
      'a defaulted transaction',
      service,
      'export function book(id: number, trx = none) { return [id, trx]; }',
      /^no-restricted-syntax: .*transaction/,
    ],
    [
      'four parameters',
      service,
      'export function book(a: A, b: B, c: C, d: D) { return [a, b, c, d]; }',
      /^no-restricted-syntax: At most three/,
    ],
    [
      'a schema that can lack a key of its type',
      'src/schemas/bookings.schemas.ts',
      'export const body = Joi.object<Body>({});',
      /^no-restricted-syntax: Joi.object<T, true>/,
    ],
    ['the console', service, "console.log('here');", /^no-console/],
    ['a loose comparison', service, 'export const same = (a: A, b: B) => a == b;', /^eqeqeq/],
    ['a TO-DO comment', service, `// ${'TO'}${'DO'}: later\nexport const a = 1;`, /^no-warning-comments/],
    ['the type any', service, 'export const a = (b: any) => b;', /no-explicit-any/],
    ['an unused name', service, "import { a } from './a';\nexport const b = 1;", /no-unused-vars/],
    [
      'a type imported as a value',
      service,
      "import { A } from './a';\nexport const b = (c: A) => c;",
      /consistent-type-imports/,
    ],
    [
      'a file over 400 lines',
      service,
      'export const a = 1;\n'.repeat(401).replace(/a =/g, () => `a${Math.random().toString(36).slice(2)} =`),
      /^max-lines/,
    ],
    ['a skipped test', test, "it.skip('adds', () => undefined);", /^no-restricted-syntax: Every test runs/],
    [
      'a test that runs alone',
      test,
      "describe.only('add', () => undefined);",
      /^no-restricted-syntax: Every test runs/,
    ],
    [
      'a needless eslint-disable',
      service,
      '// eslint-disable-next-line no-console\nexport const a = 1;',
      /Unused eslint-disable/,
    ],
  ])('report %s', async (_what, file, code, expected) => {
    expect(await lintProblems(file, code)).toContainEqual(expect.stringMatching(expected));
  });

  it.each<[string, string, string]>([
    ['the environment in the settings', 'src/config/index.ts', 'export const port = process.env.PORT;'],
    ['an error class', service, 'export class BookingError extends Error {}'],
    ['a required transaction', service, 'export function book(trx: Trx, id: number) {\n  return [trx, id];\n}'],
    ['console output of npm start', 'src/launch/welcome.ts', "console.log('here');"],
  ])('allow %s', async (_what, file, code) => {
    expect(await lintProblems(file, code)).toEqual([]);
  });
});
