import path from 'node:path';
import { freePort } from '../../src/embedded/ports';
import { startPooler, type FakePooler } from '../fakes/pooler';
import { eventually, linesOf, start, type Started } from '../helpers/servers/processes';

jest.setTimeout(120_000);

const program = (name: string): string => path.join(__dirname, '..', '..', 'dist', `${name}.js`);

let pooler: FakePooler | undefined;
const started: Started[] = [];
afterEach(async () => {
  for (const { child, exited } of started.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
  await pooler?.close();
});

interface Readiness {
  status: number;
  messages: string;
}

async function run(name: 'server' | 'worker', settings: Record<string, string>) {
  const { JWT_SECRET = '', DATA_DIR = '', DOTENV_CONFIG_PATH = '' } = process.env;
  const port = await freePort();
  const process_ = start(process.execPath, [program(name)], {
    JWT_SECRET,
    DATA_DIR,
    DOTENV_CONFIG_PATH,
    PORT: `${port}`,
    WORKER_PORT: `${port}`,
    DATABASE_URL: pooler!.url,
    NODE_ENV: 'development',
    ...settings,
  });
  started.push(process_);
  const readiness = async (): Promise<Readiness | undefined> => {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (!answer) return undefined;
    const body = (await answer.json()) as { error?: { message: string } };
    return { status: answer.status, messages: body.error?.message ?? '' };
  };
  return { ...process_, port, readiness };
}

const told = (one: Started, text: string): number =>
  linesOf(one).filter(({ msg, level }) => level === 50 && String(msg).includes(text)).length;

describe('a worker whose PostgreSQL is behind a pooler', () => {
  it.each([
    ['that refuses options', {}],
    ['that forgets options', { ignoresOptions: true }],
    ['that knows prepared statements', { ignoresOptions: true, knowsStatements: true }],
  ])('%s: is not ready without a direct address, and says once what to set', async (_what, options) => {
    pooler = await startPooler(process.env.DATABASE_URL!, options);
    const worker = await run('worker', {});
    const { messages } = await eventually(async () => {
      const now = await worker.readiness();
      return now?.status === 503 && now.messages.includes('DATABASE_DIRECT_URL') ? now : undefined;
    }, worker.output);
    expect(messages).toContain('REDIS_URL');
    expect(told(worker, 'DATABASE_DIRECT_URL')).toBe(1);
  });

  it('is ready with a direct address', async () => {
    pooler = await startPooler(process.env.DATABASE_URL!);
    const worker = await run('worker', { DATABASE_DIRECT_URL: process.env.DATABASE_URL! });
    await eventually(async () => (await worker.readiness())?.status === 200, worker.output);
    expect(told(worker, 'DATABASE_DIRECT_URL')).toBe(0);
  });
});

describe('an API whose pooler confuses prepared statements', () => {
  it('continues without them, returns no 500, and says what to set', async () => {
    pooler = await startPooler(process.env.DATABASE_URL!);
    const api = await run('server', {});
    await eventually(async () => (await api.readiness())?.status === 200, api.output);
    const lists = Array.from({ length: 60 }, (_, n) =>
      fetch(`http://127.0.0.1:${api.port}/api/events?limit=${n + 1}`).then(({ status }) => status),
    );
    expect(new Set(await Promise.all(lists))).toEqual(new Set([200]));
    expect(told(api, 'DATABASE_PREPARED_STATEMENTS=false')).toBe(1);
  });

  it('uses them without a pooler, or if the pooler keeps the statements of its clients apart', async () => {
    pooler = await startPooler(process.env.DATABASE_URL!, { knowsStatements: true });
    for (const settings of [{}, { DATABASE_URL: process.env.DATABASE_URL! }] as Record<string, string>[]) {
      const api = await run('server', settings);
      await eventually(async () => (await api.readiness())?.status === 200, api.output);
      expect(told(api, 'DATABASE_PREPARED_STATEMENTS')).toBe(0);
    }
  });
});

describe('a migration through a pooler', () => {
  async function migrate(ownerUrl: string): Promise<string> {
    const { DATA_DIR = '', DOTENV_CONFIG_PATH = '', JWT_SECRET = '' } = process.env;
    const command = start(process.execPath, [program('cli'), 'migrate'], {
      DATA_DIR,
      DOTENV_CONFIG_PATH,
      JWT_SECRET,
      DATABASE_URL: process.env.DATABASE_URL!,
      DATABASE_OWNER_URL: ownerUrl,
      NODE_ENV: 'development',
    });
    started.push(command);
    await command.exited;
    return command.output();
  }

  it('says what to set, and nothing where none shares connections', async () => {
    expect(await migrate(process.env.DATABASE_OWNER_URL!)).not.toContain('pooler');
    pooler = await startPooler(process.env.DATABASE_OWNER_URL!, { ignoresOptions: true });
    expect(await migrate(pooler.url)).toContain('set DATABASE_OWNER_URL to the same database without the pooler');
  });
});
