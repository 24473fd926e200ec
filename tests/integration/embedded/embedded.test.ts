import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { openCluster } from '../../../src/embedded/cluster';
import { execute } from '../../helpers/servers/postgres';
import { eventually, processesNaming, start, type Started } from '../../helpers/servers/processes';

// These tests need `npm run build`, because they kill separate processes.
jest.setTimeout(120_000);

const HOLDER = path.join(__dirname, '..', '..', 'fixtures', 'postgres-holder.js');

interface Held extends Started {
  url: string;
  superuserUrl: string;
  isShared: boolean;
}

const held: Started[] = [];

async function hold(dataDir: string): Promise<Held> {
  mkdirSync(dataDir, { recursive: true });
  const holder = start(process.execPath, [HOLDER, dataDir]);
  held.push(holder);
  const line = await eventually(
    () => /^\{.*\}$/m.exec(holder.output())?.[0] ?? holder.child.exitCode?.toString(),
    holder.output,
  );
  return { ...holder, ...(JSON.parse(line) as { url: string; superuserUrl: string; isShared: boolean }) };
}

async function rows(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows: found } = await client.query<{ count: string }>('SELECT count(*) FROM kept');
    return Number(found[0]!.count);
  } finally {
    await client.end();
  }
}

const answers = (url: string) => (): Promise<boolean> =>
  rows(url).then(
    () => true,
    () => false,
  );

async function makeTable({ superuserUrl }: Held): Promise<string> {
  await execute(
    superuserUrl,
    'SET synchronous_commit = on',
    'CREATE TABLE kept (id integer)',
    'INSERT INTO kept VALUES (1)',
  );
  return superuserUrl;
}

function postmaster(dataDir: string): number {
  return Number.parseInt(readFileSync(path.join(dataDir, 'postgres/data/postmaster.pid'), 'utf8'), 10);
}

let elsewhere = 0;

function newDataDir(name: string): string {
  return path.join(process.env.DATA_DIR!, name);
}

afterAll(async () => {
  for (const { child, exited } of held) {
    child.kill('SIGKILL');
    await exited;
  }
});

describe('startEmbeddedPostgres', () => {
  it('keeps its data between starts, uses UTF-8 and leaves nothing running', async () => {
    const dataDir = newDataDir('kept');
    const first = await hold(dataDir);
    await makeTable(first);
    first.child.kill('SIGTERM');
    expect((await first.exited).code).toBe(0);
    expect(processesNaming(dataDir)).toEqual([]);

    const second = await hold(dataDir);
    expect(await rows(second.superuserUrl)).toBe(1);
    const client = new pg.Client({ connectionString: second.url });
    await client.connect();
    const { rows: settings } = await client.query(
      "SELECT current_user, current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone, lower('ÀÉ') AS lower",
    );
    await client.end();
    expect(settings).toEqual([{ current_user: 'bilten_program', encoding: 'UTF8', zone: 'UTC', lower: 'àé' }]);
    second.child.kill('SIGTERM');
    await second.exited;
  });

  it('stops when the process that runs it is killed, and can be started again', async () => {
    const dataDir = newDataDir('killed');
    const first = await hold(dataDir);
    await makeTable(first);
    first.child.kill('SIGKILL');
    await eventually(() => processesNaming(dataDir).length === 0);
    const second = await hold(dataDir);
    expect(await rows(second.superuserUrl)).toBe(1);
    second.child.kill('SIGTERM');
    await second.exited;
  });

  it('restarts on the same port when the server is killed', async () => {
    const dataDir = newDataDir('server-killed');
    const holder = await hold(dataDir);
    const url = await makeTable(holder);
    const before = postmaster(dataDir);
    process.kill(before, 'SIGKILL');
    await eventually(() => postmaster(dataDir) !== before);
    await eventually(answers(url), holder.output);
    expect(await rows(url)).toBe(1);
    holder.child.kill('SIGTERM');
    await holder.exited;
    expect(processesNaming(dataDir)).toEqual([]);
  });

  it('is shared by two starts at once, and outlives either of them', async () => {
    const dataDir = newDataDir('shared');
    const both = await Promise.all([hold(dataDir), hold(dataDir)]);
    expect(both.map(({ isShared }) => isShared).sort()).toEqual([false, true]);
    expect(both[0].url).toBe(both[1].url);
    const url = await makeTable(both[0]);
    const [owner, sharer] = both[0].isShared ? [both[1], both[0]] : both;
    const before = postmaster(dataDir);
    owner.child.kill('SIGTERM');
    await owner.exited;
    await eventually(() => answers(url)().then((isUp) => isUp && postmaster(dataDir) !== before), sharer.output);
    expect(await rows(url)).toBe(1);
    sharer.child.kill('SIGTERM');
    await sharer.exited;
    expect(processesNaming(dataDir)).toEqual([]);
  });

  it('does not stop a server that another process runs', async () => {
    const dataDir = newDataDir('left');
    const owner = await hold(dataDir);
    const url = await makeTable(owner);
    const sharer = await hold(dataDir);
    expect(sharer.isShared).toBe(true);
    sharer.child.kill('SIGTERM');
    await sharer.exited;
    expect(await rows(url)).toBe(1);
    owner.child.kill('SIGTERM');
    await owner.exited;
  });

  it.each([
    ['is empty', () => ''],
    ['is full of zeros', () => '\0'.repeat(64)],
    ['is cut off in its first line', (whole: string) => whole.slice(0, 1)],
    ['contains something else', () => 'x y z\n\n\n'],
    ['names a process that is not a server', (whole: string) => whole.replace(/^\d+/, `${process.pid}`)],
    ['names a PostgreSQL that uses another folder', (whole: string) => whole.replace(/^\d+/, `${elsewhere}`)],
  ])('starts although the pid file of a dead server %s', async (what, tear) => {
    elsewhere ||= postmaster(process.env.TEST_FOLDER!);
    const dataDir = newDataDir(`torn-${what.replaceAll(' ', '-')}`);
    const first = await hold(dataDir);
    await makeTable(first);
    const file = path.join(dataDir, 'postgres/data/postmaster.pid');
    const whole = readFileSync(file, 'utf8');
    first.child.kill('SIGKILL');
    await eventually(() => processesNaming(dataDir).length === 0);
    writeFileSync(file, tear(whole));
    const second = await hold(dataDir);
    expect(await rows(second.superuserUrl)).toBe(1);
    second.child.kill('SIGTERM');
    await second.exited;
  });

  it('says which process to stop if the server on its data does not respond', async () => {
    const dataDir = newDataDir('frozen');
    const first = await hold(dataDir);
    const server = postmaster(dataDir);
    process.kill(server, 'SIGSTOP');
    const since = performance.now();
    const second = start(process.execPath, [HOLDER, dataDir]);
    expect((await second.exited).code).toBe(1);
    process.kill(server, 'SIGCONT');
    expect(performance.now() - since).toBeLessThan(30_000);
    expect(second.output()).toContain(`PostgreSQL (process ${server}) works on`);
    expect(second.output()).toContain('Stop that process, or choose another DATA_DIR.');
    first.child.kill('SIGTERM');
    await first.exited;
  });

  it('reports data of another PostgreSQL version', async () => {
    const dataDir = newDataDir('version');
    const first = await hold(dataDir);
    first.child.kill('SIGTERM');
    await first.exited;
    writeFileSync(path.join(dataDir, 'postgres/data/PG_VERSION'), '17\n');
    const second = start(process.execPath, [HOLDER, dataDir]);
    expect((await second.exited).code).toBe(1);
    expect(second.output()).toMatch(/is of PostgreSQL 17, the program brings 18/);
  });

  it.each([
    ['no data', {}, 'data/PG_VERSION is missing'],
    ['a file for data', { data: '' }, 'data/PG_VERSION is missing'],
    ['no version, as after a power failure', { 'data/PG_VERSION': '' }, 'data/PG_VERSION is empty'],
    ['no passwords', { 'data/PG_VERSION': '18\n' }, 'passwords.json is missing'],
    ['half its passwords', { 'data/PG_VERSION': '18\n', 'passwords.json': '{"superuser":"a",' }, 'is damaged'],
    ['another passwords.json', { 'data/PG_VERSION': '18\n', 'passwords.json': '{"a":"b"}' }, 'is damaged'],
  ])('says what to do with a folder that has %s', async (what, files, problem) => {
    const home = path.join(newDataDir(what.replace(/\W/g, '')), 'postgres');
    mkdirSync(home, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
      writeFileSync(path.join(home, name), text);
    }
    const opened = openCluster(path.dirname(home), false);
    await expect(opened).rejects.toThrow(`${home} is not a complete database`);
    await expect(opened).rejects.toThrow(problem);
    await expect(opened).rejects.toThrow('or choose another DATA_DIR');
  });
});
