import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { freePort } from '../../../src/embedded/ports';
import { startMailServer } from '../../helpers/servers/mail-server';
import { eventually, processesNaming, start, type Started } from '../../helpers/servers/processes';

// Runs `npm start`, which needs `npm run build`.
jest.setTimeout(120_000);

const START = path.join(__dirname, '..', '..', '..', 'dist', 'start.js');
const CLI = path.join(__dirname, '..', '..', '..', 'dist', 'cli.js');
const started: Started[] = [];

interface Program extends Started {
  port: number;
  base: string;
}

async function launch(settings: Record<string, string>): Promise<Program> {
  const port = Number(settings.PORT ?? (await freePort()));
  const program = start(process.execPath, [START], {
    DOTENV_CONFIG_PATH: 'none',
    BCRYPT_COST: '4',
    PORT: `${port}`,
    ...settings,
  });
  started.push(program);
  return { ...program, port, base: `http://127.0.0.1:${port}` };
}

async function running(settings: Record<string, string>): Promise<Program> {
  const program = await launch(settings);
  await eventually(
    () => program.output().includes('Bilten is running') || program.child.exitCode !== null,
    program.output,
  );
  expect(program.output()).toContain('Bilten is running');
  await eventually(() => program.output().includes('The worker is running'), program.output);
  return program;
}

function newDataDir(name: string): string {
  const folder = path.join(process.env.DATA_DIR!, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function command(args: string[], DATA_DIR: string): Promise<{ code: number | null; output: string }> {
  const ran = start(process.execPath, [CLI, ...args], { DOTENV_CONFIG_PATH: 'none', BCRYPT_COST: '4', DATA_DIR });
  const { code } = await ran.exited;
  return { code, output: ran.output() };
}

async function login({ base }: Program, body: object): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(`${base}/api/auth/login`, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer.json();
}

const workers = (dataDir: string) => processesNaming(dataDir).filter(({ command }) => command.includes('worker.js'));

afterAll(async () => {
  for (const { child, exited } of started) {
    child.kill('SIGKILL');
    await exited;
  }
});

// Creating, migrating and filling a database takes longest, so tests that need no new one share this one.
const usedDataDir = newDataDir('used');

describe('npm start', () => {
  it('serves events from its own PostgreSQL, tells a second start where it runs, and leaves nothing behind', async () => {
    const DATA_DIR = usedDataDir;
    const program = await running({ DATA_DIR });
    const answer = await fetch(`${program.base}/api/events`);
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { data: unknown[] }).data.length).toBeGreaterThanOrEqual(12);
    const [, email, demoPassword] = /Demo +(\S+) and \S+, password (\S+)/.exec(program.output()) ?? [];
    expect(await login(program, { email, password: demoPassword })).toMatchObject({
      data: { user: { role: 'organizer' } },
    });
    expect(program.output()).toMatch(/admin@bilten\.example, password \S{16}/);

    const second = await launch({ DATA_DIR, PORT: `${program.port}` });
    expect((await second.exited).code).toBe(1);
    expect(second.output()).toBe(
      `Bilten is running already: process ${program.pid} serves http://localhost:${program.port} from ${DATA_DIR} (DATA_DIR).\n`,
    );

    program.child.kill('SIGINT');
    expect((await program.exited).code).toBe(0);
    expect(processesNaming(DATA_DIR)).toEqual([]);
  });

  it('names a port that is taken, and starts nothing', async () => {
    const DATA_DIR = newDataDir('taken');
    const other = net.createServer();
    await new Promise<void>((resolve) => other.listen(0, resolve));
    const { port } = other.address() as net.AddressInfo;
    const program = await launch({ DATA_DIR, PORT: `${port}` });
    expect((await program.exited).code).toBe(1);
    expect(program.output()).toMatch(new RegExp(`^Port ${port} is taken by another program: .*PORT=.*\n$`));
    expect(processesNaming(DATA_DIR)).toEqual([]);
    await new Promise((resolve) => other.close(resolve));
  });

  it.each([
    ['a file', 'not-a-folder'],
    ['inside a file', 'not-a-folder/deeper/still'],
  ])('names a folder that it cannot use: %s', async (_what, place) => {
    const folder = newDataDir('unusable');
    writeFileSync(path.join(folder, 'not-a-folder'), '');
    const program = await launch({ DATA_DIR: path.join(folder, place) });
    expect((await program.exited).code).toBe(1);
    expect(program.output()).toMatch(/^The program can't use .*not-a-folder.*: .* Choose a folder .*DATA_DIR\.\n$/);
  });

  it('starts twice at once on one folder, with one admin', async () => {
    const DATA_DIR = newDataDir('twice');
    const both = await Promise.all([running({ DATA_DIR }), running({ DATA_DIR })]);
    for (const { base } of both) expect((await fetch(`${base}/api/events`)).status).toBe(200);
    expect(both.filter(({ output }) => output().includes('shown only once'))).toHaveLength(1);
    for (const { child, exited } of both) {
      child.kill('SIGTERM');
      expect((await exited).code).toBe(0);
    }
    expect(processesNaming(DATA_DIR)).toEqual([]);
  });

  it('shares its database with the commands', async () => {
    const DATA_DIR = newDataDir('commands');
    expect(await command(['migrate'], DATA_DIR)).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^applied +0001-/) as string,
    });
    const program = await running({ DATA_DIR });
    expect(await command(['migrate'], DATA_DIR)).toEqual({ code: 0, output: 'The database is up to date.\n' });

    const made = await command(['admin', 'create', '--email', 'Boss@example.com'], DATA_DIR);
    const [, password] = /^boss@example\.com is an admin now, with the password (\S+)\.\n$/.exec(made.output) ?? [];
    expect(await login(program, { email: 'boss@example.com', password })).toMatchObject({
      data: { user: { role: 'admin' } },
    });

    const weak = await command(['admin', 'create', '--email', 'b@example.com', '--password', 'short'], DATA_DIR);
    expect(weak).toMatchObject({ code: 1, output: expect.stringMatching(/^The admin's password .*\n$/) as string });
    const unknown = await command(['admin', 'create'], DATA_DIR);
    expect(unknown).toMatchObject({ code: 1, output: expect.stringMatching(/^Usage: npm run admin/) as string });
    program.child.kill('SIGTERM');
    await program.exited;
  });

  it('restarts a worker that was killed', async () => {
    const DATA_DIR = usedDataDir;
    const program = await running({ DATA_DIR });
    const [before] = workers(DATA_DIR);
    process.kill(before!.pid, 'SIGKILL');
    await eventually(() => workers(DATA_DIR).some(({ pid }) => pid !== before!.pid), program.output);
    program.child.kill('SIGTERM');
    await program.exited;
    expect(processesNaming(DATA_DIR)).toEqual([]);
  });

  it('loses and repeats no mail if PostgreSQL is killed while mail is sent in chunks', async () => {
    const DATA_DIR = usedDataDir;
    const mail = await startMailServer();
    const program = await running({ DATA_DIR, SMTP_URL: mail.url });
    const file = (name: string) => readFileSync(path.join(DATA_DIR, 'postgres', name), 'utf8');
    // Its first line is the process, its fourth the port.
    const [postmaster, , , port] = file('data/postmaster.pid').split('\n').map(Number);
    const { program: password } = JSON.parse(file('passwords.json')) as { program: string };
    const url = `postgres://bilten_program:${password}@127.0.0.1:${port}/bilten`;
    const query = async (text: string): Promise<Record<string, unknown>[]> => {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.query<Record<string, unknown>>(text)).rows;
      } catch {
        return [];
      } finally {
        await client.end().catch(() => undefined);
      }
    };
    const countLeft = () => query(`SELECT count(*)::int AS left FROM outbox_messages WHERE status <> 'done'`);
    await eventually(async () => (await countLeft())[0]?.left === 0, program.output);
    mail.mails.length = 0;
    mail.takeMs(700);
    const before = mail.begun();
    await query(
      `INSERT INTO outbox_messages (topic, payload)
       SELECT 'booking.reminder', jsonb_build_object('bookingId', b.id)
       FROM generate_series(1, 60), (
         SELECT b.id FROM bookings b JOIN events e ON e.id = b.event_id
         WHERE b.status = 'confirmed' AND e.starts_at > now() + interval '1 day' ORDER BY b.id LIMIT 1
       ) b`,
    );
    await eventually(() => mail.begun() >= before + 10, program.output);
    process.kill(postmaster!, 'SIGKILL');
    await eventually(async () => (await countLeft())[0]?.left === 0, program.output);
    expect(new Set(mail.mails.map(({ messageId }) => messageId)).size).toBe(60);
    expect(mail.mails).toHaveLength(60);
    program.child.kill('SIGTERM');
    await program.exited;
    await mail.close();
  });

  it('leaves nothing running when it is killed', async () => {
    const DATA_DIR = usedDataDir;
    const program = await running({ DATA_DIR });
    expect(processesNaming(DATA_DIR).length).toBeGreaterThan(2);
    program.child.kill('SIGKILL');
    await eventually(() => processesNaming(DATA_DIR).length === 0);
    const again = await running({ DATA_DIR, PORT: `${program.port}` });
    again.child.kill('SIGTERM');
    expect((await again.exited).code).toBe(0);
  });

  it('uses and migrates a given database, and warns about using a single role', async () => {
    const DATA_DIR = newDataDir('given');
    const program = await running({ DATA_DIR, DATABASE_URL: process.env.DATABASE_OWNER_URL! });
    expect(program.output()).toMatch(/is used for everything/);
    expect(program.output()).not.toContain('shown only once');
    expect((await fetch(`${program.base}/api/events`)).status).toBe(200);
    program.child.kill('SIGTERM');
    await program.exited;
  });

  it('says that it cannot create a folder', async () => {
    const program = await launch({ DATA_DIR: '/proc/bilten/data' });
    expect((await program.exited).code).toBe(1);
    expect(program.output()).toMatch(/\/proc\/bilten.*DATA_DIR/);
    expect(program.output()).not.toMatch(/^\s+at /m);
  });

  it('creates a new secret if a power failure left the old one empty', async () => {
    const DATA_DIR = newDataDir('empty-secret');
    mkdirSync(DATA_DIR, { recursive: true });
    const file = path.join(DATA_DIR, 'jwt-secret');
    writeFileSync(file, '');
    const DATABASE_URL = `postgres://somebody:hidden@127.0.0.1:${await freePort()}/bilten`;
    const program = await launch({ DATA_DIR, DATABASE_URL, JWT_SECRET: '' });
    await program.exited;
    expect(program.output()).toMatch(/^The database at 127/m);
    expect(readFileSync(file, 'utf8')).toHaveLength(64);
  });

  it('names the address of a database that does not respond', async () => {
    const DATABASE_URL = `postgres://somebody:hidden@127.0.0.1:${await freePort()}/bilten`;
    const program = await launch({ DATA_DIR: newDataDir('absent'), DATABASE_URL });
    expect((await program.exited).code).toBe(1);
    expect(program.output()).toMatch(/^The database at 127\.0\.0\.1:\d+ can't be used: connect ECONNREFUSED/m);
  });

  it.each([
    ['without a secret', {}, /JWT_SECRET is required in production/],
    [
      'with a well-known secret',
      { JWT_SECRET: 'change-me-change-me-change-me-change-me' },
      /JWT_SECRET is a well-known default/,
    ],
    ['without a database', { JWT_SECRET: process.env.JWT_SECRET! }, /DATABASE_URL is required in production/],
  ])('refuses production %s', async (_what, settings: Record<string, string>, sentence) => {
    const program = await launch({
      DATA_DIR: newDataDir('production'),
      NODE_ENV: 'production',
      BCRYPT_COST: '12',
      ...settings,
    });
    expect((await program.exited).code).toBe(1);
    expect(program.output()).toMatch(sentence);
    expect(program.output()).not.toMatch(/^\s+at /m);
  });
});
