import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/embedded/ports';
import { startMailServer, type MailServer } from '../helpers/servers/mail-server';
import { start, type Started } from '../helpers/servers/processes';
import { startProxy, type Proxy } from '../helpers/servers/proxy';
import { findRedis, startRedis, type RedisServer } from '../helpers/servers/redis-server';
import { isAnswering } from './ask';

const DIST = path.join(__dirname, '..', '..', 'dist');
const SABOTAGE = path.join(__dirname, 'sabotage.js');
const RESTART_AFTER_MS = 200;
const OUTPUT_CHARACTERS = 2000;

/** A process that is started again whenever it ends, as an orchestrator does. */
export interface Program {
  name: string;
  /** 0 for a worker. */
  port: number;
  kill(): void;
  /** Asks it to stop, waits for that, and starts it again. Resolves when it serves. */
  restart(): Promise<void>;
}

export interface Stage {
  apis: Program[];
  workers: Program[];
  proxy: Proxy;
  mail: MailServer;
  redis(): RedisServer;
  killPostgres(): void;
  /** Kills Redis and starts an empty one on its port. */
  killRedis(): Promise<void>;
  /** Whatever happened to the processes that nobody did to them. */
  problems: string[];
  close(): Promise<void>;
}

interface Options {
  /** Breaks one guard of the program; see sabotage.js. */
  sabotage?: string;
}

interface Managed extends Program {
  stop(): Promise<void>;
}

async function manage(
  name: string,
  {
    script,
    port,
    settings,
    problems,
  }: { script: string; port: number; settings: Record<string, string>; problems: string[] },
): Promise<Managed> {
  let current: Started;
  let isExpected = false;
  let isClosing = false;
  let started: Promise<void>;

  async function serve(): Promise<void> {
    isExpected = false;
    const running = start(process.execPath, ['--require', SABOTAGE, path.join(DIST, script)], settings);
    current = running;
    void running.exited.then(async ({ code, signal }) => {
      if (!isExpected)
        problems.push(`${name} ended by itself (${signal ?? code}): ${running.output().slice(-OUTPUT_CHARACTERS)}`);
      if (isClosing) return;
      await sleep(RESTART_AFTER_MS);
      if (!isClosing) started = serve();
    });
    while (port && !(await isAnswering(port)) && current === running && !isClosing) await sleep(50);
  }

  started = serve();
  await started;
  return {
    name,
    port,
    kill() {
      isExpected = true;
      current.child.kill('SIGKILL');
    },
    async restart() {
      await started;
      const before = current;
      isExpected = true;
      before.child.kill('SIGTERM');
      const { code } = await before.exited;
      if (code !== 0)
        problems.push(`${name} was asked to stop and ended with ${code}: ${before.output().slice(-OUTPUT_CHARACTERS)}`);
      while (current === before) await sleep(20);
      await started;
    },
    async stop() {
      isClosing = true;
      isExpected = true;
      current.child.kill('SIGTERM');
      await current.exited;
    },
  };
}

function readPostmasterPid(): number {
  const file = path.join(process.env.TEST_FOLDER!, 'postgres', 'data', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n', 1)[0]) : 0;
}

/** Starts two APIs and two workers, with Redis, a mail server, and a proxy between them and PostgreSQL. */
export async function openStage({ sabotage = '' }: Options = {}): Promise<Stage> {
  const { DATABASE_URL = '', DATA_DIR = '', JWT_SECRET = '', TEST_FOLDER = '' } = process.env;
  const program = await findRedis();
  if (!program) throw new Error('Chaos needs a Redis: install redis-server or valkey-server.');
  const [proxy, mail] = await Promise.all([startProxy(DATABASE_URL), startMailServer()]);
  let redis = await startRedis(program, TEST_FOLDER);
  const problems: string[] = [];
  const settings = {
    DOTENV_CONFIG_PATH: path.join(TEST_FOLDER, 'none.env'),
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    RATE_LIMIT_MAX_REQUESTS: '0',
    // Two APIs share what the embedded program has for itself.
    DATABASE_POOL_SIZE: '8',
    MAIL_TICKETS: 'link',
    SMTP_URL: mail.url,
    REDIS_URL: redis.url,
    DATABASE_URL: proxy.url,
    DATA_DIR,
    JWT_SECRET,
    SABOTAGE: sabotage,
  };
  const startOne = async (name: string, script: string) => {
    const port = script === 'server.js' ? await freePort() : 0;
    return manage(name, { script, port, settings: { ...settings, PORT: String(port) }, problems });
  };
  const [apis, workers] = await Promise.all([
    Promise.all(['api 1', 'api 2'].map((name) => startOne(name, 'server.js'))),
    Promise.all(['worker 1', 'worker 2'].map((name) => startOne(name, 'worker.js'))),
  ]);
  return {
    apis,
    workers,
    proxy,
    mail,
    problems,
    redis: () => redis,
    killPostgres() {
      const pid = readPostmasterPid();
      if (pid) process.kill(pid, 'SIGKILL');
    },
    async killRedis() {
      const { port, pid } = redis;
      process.kill(pid, 'SIGKILL');
      await sleep(RESTART_AFTER_MS);
      redis = await startRedis(program, TEST_FOLDER, port);
    },
    async close() {
      await Promise.all([...apis, ...workers].map((each) => each.stop()));
      await redis.stop();
      await mail.close();
      await proxy.close();
    },
  };
}
