import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { database } from '../../src/database';
import { freePort } from '../../src/embedded/ports';
import { hashPassword } from '../../src/integrations/passwords';
import { seed } from '../../src/migrate';
import { execute, withDatabase } from '../helpers/servers/postgres';
import { eventually, processesNaming, start, type Started } from '../helpers/servers/processes';

// Starts the processes as an operator does. Needs `npm run build`.
jest.setTimeout(180_000);

const program = (name: string): string => path.join(__dirname, '..', '..', 'dist', `${name}.js`);
const ownerUrl = process.env.DATABASE_OWNER_URL!;
const programUrl = process.env.DATABASE_URL!;
const running: Started[] = [];

const settings = {
  DOTENV_CONFIG_PATH: 'none',
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  DATABASE_URL: programUrl,
  DATA_DIR: process.env.DATA_DIR!,
  JWT_SECRET: process.env.JWT_SECRET!,
  MAIL_DRIVER: 'local',
  PUBLIC_URL: 'https://api.example.com',
  FRONTEND_URL: 'https://tickets.example.com',
};

async function launch(name: string, more: Record<string, string> = {}, args: string[] = []) {
  const port = await freePort();
  const started = start(process.execPath, [program(name), ...args], { ...settings, PORT: `${port}`, ...more });
  running.push(started);
  return { ...started, port };
}

/** Starts a process and waits until it ends by itself. */
async function ended(name: string, more: Record<string, string> = {}, args: string[] = []) {
  const { exited, output } = await launch(name, more, args);
  const { code } = await exited;
  return { code, output: output() };
}

interface Answer {
  status: number;
  retryAfter: string | null;
  body: { data: Record<string, unknown>; error?: { code: string } };
}

async function ask(
  port: number,
  place: string,
  { token = '', body }: { token?: string; body?: object } = {},
): Promise<Answer> {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  const init = body ? { method: 'POST', body: JSON.stringify(body), headers } : { headers };
  const answer = await fetch(`http://127.0.0.1:${port}${place}`, init);
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    body: (await answer.json()) as Answer['body'],
  };
}

const isReady = async (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );

afterAll(async () => {
  for (const { child, exited } of running) {
    child.kill('SIGKILL');
    await exited;
  }
});

const STACK = /^\s+at /m;
const elsewhere = (change: (url: URL) => void): string => {
  const url = new URL(programUrl);
  change(url);
  return url.href;
};

describe.each(['server', 'worker', 'start'])('%s', (name) => {
  it.each([
    ['a secret that is too short', { JWT_SECRET: 'short' }, /JWT_SECRET must have at least 32/],
    ['a secret that is easy to guess', { JWT_SECRET: 'a'.repeat(36) }, /JWT_SECRET is too easy to guess/],
    ['no mail server', { MAIL_DRIVER: '' }, /SMTP_URL is required in production/],
    ['an invalid number', { DATABASE_POOL_SIZE: 'many' }, /DATABASE_POOL_SIZE must be a number/],
    [
      'a database of another kind',
      { DATABASE_URL: 'mysql://db/bilten' },
      /DATABASE_URL must be an address such as postgres/,
    ],
    [
      'a database that does not exist',
      { DATABASE_URL: elsewhere((url) => (url.pathname = '/nowhere')) },
      /The database at \S+\/nowhere does not let the program in: .*Check DATABASE_URL/,
    ],
    [
      'a wrong password',
      { DATABASE_URL: elsewhere((url) => (url.password = 'wrong')) },
      /does not let the program in: password authentication failed .*Check DATABASE_URL/,
    ],
  ])('fails with a readable message for %s', async (_what, wrong, sentence) => {
    const { code, output } = await ended(name, wrong as Record<string, string>);
    expect(code).toBe(1);
    expect(output).toMatch(sentence);
    expect(output).not.toMatch(STACK);
    expect(output).not.toContain('wrong@');
  });
});

describe.each([
  ['server', 'The API is listening'],
  ['worker', 'The worker is running'],
])('the %s without its database', (name, message) => {
  it('starts, logs that, and keeps running', async () => {
    const nowhere = elsewhere((url) => (url.port = '1'));
    const { output, child, exited } = await launch(name, { DATABASE_URL: nowhere });
    await eventually(() => output().includes(message), output);
    expect(output()).toMatch(/does not answer \(.*\): requests get 503 until it does/);
    await sleep(3000);
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect(await exited).toMatchObject({ code: 0 });
  });
});

describe('before the migrations', () => {
  const name = `empty_${process.pid}`;
  const emptyOwner = withDatabase(ownerUrl, name);
  const emptyProgram = withDatabase(programUrl, name);
  beforeAll(() => execute(withDatabase(ownerUrl, 'postgres'), `CREATE DATABASE ${name}`));
  afterAll(() => execute(withDatabase(ownerUrl, 'postgres'), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));

  it('returns 503, and recovers once the database is migrated, even by the owner alone', async () => {
    const { port, output, child, exited } = await launch('server', { DATABASE_URL: emptyProgram });
    await eventually(() => output().includes('The API is listening'), output);
    for (const [place, init] of [
      ['/api/events', {}],
      ['/api/auth/login', { body: { email: 'a@example.com', password: 'a long enough one' } }],
      ['/api/auth/register', { body: { email: 'a@example.com', password: 'a long enough one' } }],
      ['/api/auth/profile', { token: 'e30.e30.e30' }],
    ] as const) {
      const answer = await ask(port, place, init);
      expect([place, answer.status, answer.body.error?.code]).toEqual([place, 503, 'UNAVAILABLE']);
      expect(Number(answer.retryAfter)).toBeGreaterThan(0);
    }
    expect(await isReady(port)).toBe(false);

    const DATA_DIR = path.join(process.env.DATA_DIR!, 'owner-alone');
    mkdirSync(DATA_DIR, { recursive: true });
    const command = { DOTENV_CONFIG_PATH: 'none', DATA_DIR, DATABASE_OWNER_URL: emptyOwner };
    for (const NODE_ENV of ['production', 'development']) {
      const { exited: done, output: told } = start(process.execPath, [program('cli'), 'migrate'], {
        ...command,
        NODE_ENV,
      });
      expect([(await done).code, told()]).toEqual([
        0,
        expect.stringMatching(NODE_ENV === 'production' ? /^applied +0001-/ : /up to date/),
      ]);
      expect(told()).toMatch(/Only the owner has rights: set DATABASE_URL/);
    }
    expect(processesNaming(DATA_DIR)).toEqual([]);
    expect((await ask(port, '/api/events')).status).toBe(503);

    const both = start(process.execPath, [program('cli'), 'migrate'], { ...command, DATABASE_URL: emptyProgram });
    expect((await both.exited).code).toBe(0);
    await eventually(() => isReady(port), output);
    expect((await ask(port, '/api/events')).status).toBe(200);
    child.kill('SIGTERM');
    expect((await exited).code).toBe(0);
  });

  it('names the missing setting if no database is set', async () => {
    const { code, output } = await ended('cli', { DATABASE_URL: '' }, ['migrate']);
    expect(code).toBe(1);
    expect(output).toMatch(/^DATABASE_URL is required in production; DATABASE_OWNER_URL is enough to migrate\.\n$/);
  });
});

describe('migrating for another role or database', () => {
  const name = `apart_${process.pid}`;
  const owner = withDatabase(ownerUrl, name);
  beforeAll(() => execute(withDatabase(ownerUrl, 'postgres'), `CREATE DATABASE ${name}`));
  afterAll(() => execute(withDatabase(ownerUrl, 'postgres'), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));

  it('changes nothing if the program’s role does not exist, and says how to create it', async () => {
    const DATABASE_URL = withDatabase(
      elsewhere((url) => (url.username = 'nobody_yet')),
      name,
    );
    const { code, output } = await ended('cli', { DATABASE_URL, DATABASE_OWNER_URL: owner }, ['migrate']);
    expect(code).toBe(1);
    expect(output).toMatch(/^The role "nobody_yet" of DATABASE_URL does not exist: create it \(CREATE ROLE/m);
    expect(output).not.toMatch(STACK);
    expect(output).not.toContain('applied');
  });

  it('warns if the program uses another database than the one that was migrated', async () => {
    const { code, output } = await ended('cli', { DATABASE_OWNER_URL: owner }, ['migrate']);
    expect(code).toBe(0);
    expect(output).toMatch(`This migrated the database "${name}", but DATABASE_URL leads to`);
  });
});

describe('a start in production', () => {
  const admin = { ADMIN_EMAIL: 'Boss@example.com', ADMIN_PASSWORD: 'a long enough pass phrase' };

  it('creates the first admin, suspends demo accounts, and warns about missing settings and excessive rights', async () => {
    expect(await seed(ownerUrl)).toBe(true);
    const hash = (password: string) => hashPassword(password);
    await database('users')
      .where({ email: 'club@bilten.example' })
      .update({ password_hash: await hash('demo-tickets') });
    await database('users')
      .where({ email: 'guest@bilten.example' })
      .update({ password_hash: await hash('another phrase') });
    const { port, output, child, exited } = await launch('server', { ...admin, DATABASE_URL: ownerUrl });
    await eventually(() => output().includes('is the first admin now'), output);
    await eventually(() => output().includes('owns the tables'), output);
    expect(output()).toMatch(/\d+ demo accounts had their publicly known password and have been suspended/);
    for (const sentence of [/Mail is stored in DATA_DIR/, /No payment provider is set/, /No text messages/])
      expect(output()).toMatch(sentence);

    const login = (email: string, password: string) => ask(port, '/api/auth/login', { body: { email, password } });
    for (const who of ['organizer', 'customer', 'student', 'club', 'guest001'])
      expect([who, (await login(`${who}@bilten.example`, 'demo-tickets')).body.error?.code]).toEqual([
        who,
        'ACCOUNT_SUSPENDED',
      ]);
    expect((await login('guest@bilten.example', 'another phrase')).status).toBe(200);

    const { body, status } = await login('boss@example.com', admin.ADMIN_PASSWORD);
    expect([status, (body.data.user as { role: string }).role]).toEqual([200, 'admin']);
    const health = await ask(port, '/api/admin/health', { token: body.data.token as string });
    expect(health.body.data.setup).toEqual({
      missing: [
        { part: 'mail', message: expect.any(String) },
        { part: 'payments', message: expect.any(String) },
        { part: 'sms', message: expect.any(String) },
      ],
      warnings: [],
    });
    child.kill('SIGTERM');
    expect((await exited).code).toBe(0);
  });

  it('warns about nothing with a separate role', async () => {
    const { output, port, child, exited } = await launch('server', admin);
    await eventually(() => isReady(port), output);
    child.kill('SIGTERM');
    await exited;
    expect(output()).not.toMatch(/owns the tables|superuser|is the first admin/);
  });

  it('refuses demo data', async () => {
    const { code, output } = await ended('cli', {}, ['seed']);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/^Demo data has accounts .* cannot be used in production\.\n$/),
    ]);
  });
});
