import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { database } from '../../src/database';
import { seed } from '../../src/migrate';
import { closeRealtimeUpdates } from '../../src/services/realtime/realtime-updates';
import { startRealtime } from '../../src/services/realtime/start-realtime';
import { getAccessTokenKey } from '../../src/services/secrets.service';
import { anonymous, testApp, type Client } from '../helpers/client';
import { locate } from '../helpers/endpoints';

jest.setTimeout(60_000);

const ROOT = path.join(__dirname, '..', '..');
const TSC = path.join(ROOT, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
const GENERATOR = path.join(ROOT, 'scripts', 'client-types.js');
const folder = path.join(process.env.TEST_FOLDER!, 'front-end');
const place = (name: string): string => path.join(folder, name);
const TYPES = place('api.d.ts');

const run = (args: string[], env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env } });

/** Compiles a module as the tools of front ends do. Returns what the compiler reports. */
async function compile(file: string): Promise<string> {
  const strict = ['--strict', '--noUncheckedIndexedAccess'];
  const browser = ['--target', 'es2023', '--lib', 'es2023,dom,dom.iterable,dom.asynciterable'];
  const bundled = ['--module', 'esnext', '--moduleResolution', 'bundler', '--ignoreConfig'];
  const compiled = await run([TSC, ...strict, ...browser, ...bundled, file]).catch(
    (error: { stdout: string }) => error,
  );
  return compiled.stdout;
}

/** Code of a front end. It compiles only if the document describes requests and responses. */
const CLIENT = `
import type { components, operations, paths } from './api';

type Schemas = components['schemas'];
type Body<Id extends keyof operations> = operations[Id] extends { requestBody?: { content: { 'application/json': infer B } } } ? B : never;

// Fields with a default are optional, and metadata can have any shape.
export const event: Schemas['CreateEvent'] = { title: 'Here', startDate: '2030-01-01T20:00:00Z', metadata: { rows: [1, { a: null }] } };
export const type: Body<'createTicketType'> = { name: 'Stalls' };
export const discount: Body<'createDiscount'> = { code: 'SPRING', type: 'percentage', value: 20 };
export const place: Body<'joinWaitlist'> = { eventId: 1 };
export const account: Body<'register'> = { email: 'ada@example.com', password: 'a long pass phrase' };
export const cancellation: Body<'cancelEvent'> = { reason: 'Storm' };
export const query: NonNullable<operations['listEvents']['parameters']['query']> = {};

export function metadataOf(answer: Schemas['Event']): unknown {
  return answer.metadata['rows'];
}
export function isRefund({ kind }: Schemas['Notification']): boolean {
  return kind === 'refund.sent';
}
export function isCard({ provider }: Schemas['Payment']): boolean {
  return provider === 'stripe';
}
export function isPerCent({ type: kind }: Schemas['Discount']): boolean {
  return kind === 'percentage';
}
export function titleOf(answer: paths['/api/events/{id}']['get']['responses'][200]['content']['application/json']): string {
  return answer.data.title;
}
export function codeOf(answer: paths['/api/bookings']['post']['responses'][409]['content']['application/json']): string {
  return answer.error.code;
}

// @ts-expect-error A discount is a percentage or a fixed amount.
export const gift: Body<'createDiscount'> = { code: 'GIFT', type: 'gift', value: 1 };
// @ts-expect-error The title is required.
export const untitled: Schemas['CreateEvent'] = { startDate: '2030-01-01T20:00:00Z' };
export function isUnknown({ kind }: Schemas['Notification']): boolean {
  // @ts-expect-error No notification has this kind.
  return kind === 'nothing';
}
`;

beforeAll(async () => {
  mkdirSync(folder);
  symlinkSync(path.join(ROOT, 'node_modules'), place('node_modules'));
  writeFileSync(place('package.json'), '{ "type": "module" }');
  // Types of an older program, which the generator has to replace.
  writeFileSync(TYPES, '// Program 0, document 0\nexport type paths = never;\n');
  await run([GENERATOR, TYPES]);
});

describe('the types that npm run client writes', () => {
  it('accept what the API accepts and know its responses', async () => {
    writeFileSync(place('client.ts'), CLIENT);
    expect(await compile(place('client.ts'))).toBe('');
  });

  it('are written again only after a change', async () => {
    const { ino } = statSync(TYPES);
    await run([GENERATOR, TYPES]);
    expect(statSync(TYPES).ino).toBe(ino);
  });
});

describe('the typed test client', () => {
  // `npm run typecheck` compiles each line and fails if an expected error is missing.
  const misused = ({ call }: Client) => [
    // @ts-expect-error no such endpoint
    () => call('POST /api/booking'),
    // @ts-expect-error lacks the body
    () => call('POST /api/bookings'),
    // @ts-expect-error no such field
    () => call('POST /api/bookings', { body: { event: 1 } }),
    // @ts-expect-error not a number
    () => call('POST /api/bookings', { body: { eventId: 'one' } }),
    // @ts-expect-error lacks the id
    () => call('PUT /api/bookings/{id}/cancel'),
    // @ts-expect-error no such filter
    () => call('GET /api/bookings', { query: { state: 'confirmed' } }),
    // @ts-expect-error a list has no reference
    () => call('GET /api/bookings').then(({ data }) => data.reference),
    // @ts-expect-error not a status
    () => call('GET /api/bookings').then(({ data }) => data[0]!.status === 'lost'),
  ];

  it('knows endpoints, requests and responses', () => {
    expect(misused(anonymous)).toHaveLength(8);
  });

  it('fills in ids and queries', () => {
    const input = { path: { id: 5 }, query: { search: 'a&b', page: 2, status: undefined } };
    const { method, path: sent } = locate('GET /api/events/{id}/attendees', input);
    expect([method, sent]).toEqual(['get', '/api/events/5/attendees?search=a%26b&page=2']);
  });

  it('fails unless the request succeeds, and says why', async () => {
    await expect(anonymous.call('GET /api/events/{id}', { path: { id: 987_654 } })).rejects.toThrow(
      /expected success, got 404: .*NOT_FOUND/,
    );
    await anonymous.request('GET /api/events/{id}', { path: { id: 987_654 } }).expect(404);
  });
});

describe('docs/front-end.md', () => {
  const guide = readFileSync(path.join(ROOT, 'docs/front-end.md'), 'utf8');
  const server = createServer(testApp());
  const live = startRealtime(server, () => '127.0.0.1')!;
  let address: string;
  beforeAll(async () => {
    await seed(process.env.DATABASE_OWNER_URL!);
    await promisify(server.listen.bind(server, 0))();
    address = `http://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await live.close();
    await closeRealtimeUpdates();
    server.closeAllConnections();
    server.close();
  });

  /** Returns the examples, each on the lines that it has in the document, so that errors lead there. */
  function readExamples(): string {
    let isExample = false;
    const lines = guide.split('\n').map((line) => {
      if (!line.startsWith('```')) return isExample ? line : '';
      isExample = line === '```ts';
      return '';
    });
    return lines.join('\n').replaceAll('http://localhost:4000', address);
  }

  // What the examples cannot show: three requests with an expired token, and a repeated booking.
  const CHECKS = `
    import jwt from 'jsonwebtoken';
    const old = tokens;
    const { exp, iat, ...claims } = jwt.decode(old.token);
    tokens = { ...old, token: jwt.sign({ ...claims, iat: 1, exp: 2 }, Buffer.from(process.env.TOKEN_KEY, 'base64')) };
    const answers = await Promise.all([1, 2, 3].map(() => api.GET('/api/auth/profile')));
    const again = await api.POST('/api/bookings', { params: { header }, body });
    console.log(JSON.stringify({
      bookingId: booking.id,
      statuses: answers.map(({ response }) => response.status),
      isRefreshed: tokens.refreshToken !== old.refreshToken,
      replayed: again.response.headers.get('Idempotent-Replayed'),
    }));
    process.exit(0);`;

  const PRINTED = new RegExp(
    [
      'Winter Voices: a cappella by candlelight 24.00 EUR',
      'email: email must be an email address, such as ada@example.com',
      'password: password must have at least 8 characters',
      'Signed in as Demo Organizer',
      'Confirmed bookings: 1',
      'Booking \\w{10} is pending',
      'Order \\w{5}-\\w{5} is paid',
      '€170.00 \\w+, \\w+ \\d+, \\d{4} at 8:30 PM',
      '200 PRECONDITION_FAILED',
      'http://localhost:\\d+/uploads/\\w+.png',
      '2 of \\d+ are in',
      '\\d+ tickets left',
    ].join('\n'),
  );

  it('has examples that compile and run from top to bottom', async () => {
    writeFileSync(place('guide.ts'), readExamples());
    expect(await compile(place('guide.ts'))).toBe('');
    writeFileSync(place('guide.js'), readFileSync(place('guide.js'), 'utf8') + CHECKS);
    const env = { TOKEN_KEY: getAccessTokenKey().export().toString('base64') };
    const { stdout, stderr } = await run([place('guide.js')], env);
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    const { bookingId, ...checks } = JSON.parse(lines.pop()!) as { bookingId: number };
    expect(lines.join('\n')).toMatch(PRINTED);
    expect(checks).toEqual({ statuses: [200, 200, 200], isRefreshed: true, replayed: 'true' });
    expect(await database('bookings').where({ id: bookingId }).first('status', 'tickets_count')).toEqual({
      status: 'confirmed',
      tickets_count: 2,
    });
  });
});
