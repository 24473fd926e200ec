import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { killWithParent } from '../../../src/embedded/guard';
import { freePort } from '../../../src/embedded/ports';

const run = promisify(execFile);
const CACHE = path.join(__dirname, '..', '..', '..', '.cache', 'redis');

interface Program {
  command: string;
  libraries?: string;
}

export interface RedisServer {
  url: string;
  port: number;
  pid: number;
  stop(): Promise<void>;
}

function environment({ libraries }: Program): NodeJS.ProcessEnv {
  return libraries ? { ...process.env, LD_LIBRARY_PATH: libraries } : process.env;
}

function works(program: Program): boolean {
  return spawnSync(program.command, ['--version'], { env: environment(program), stdio: 'ignore' }).status === 0;
}

function unpacked(): Program {
  const usr = path.join(CACHE, 'usr');
  const libraries = existsSync(path.join(usr, 'lib'))
    ? readdirSync(path.join(usr, 'lib')).map((name) => path.join(usr, 'lib', name))
    : [];
  return { command: path.join(usr, 'bin', 'redis-server'), libraries: libraries.join(':') };
}

/** Unpacks Debian's package and its libraries under .cache. Needs no root and does not change the machine's apt. */
async function unpackDebianPackage(): Promise<void> {
  mkdirSync(path.dirname(CACHE), { recursive: true });
  const folder = mkdtempSync(`${CACHE}-`);
  try {
    for (const name of ['lists/partial', 'cache/archives/partial', 'root'])
      mkdirSync(path.join(folder, name), { recursive: true });
    const own = [
      '-o',
      `Dir::State::lists=${folder}/lists`,
      '-o',
      `Dir::Cache=${folder}/cache`,
      '-o',
      'APT::Sandbox::User=root',
    ];
    await run('apt-get', [...own, 'update'], { cwd: folder });
    const only = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
      (kind) => `--no-${kind}`,
    );
    const { stdout } = await run('apt-cache', [...own, 'depends', '--recurse', ...only, 'redis-server'], {
      cwd: folder,
    });
    const names = new Set(stdout.split('\n').filter((line) => /^(lib|redis)[^:]*$/.test(line)));
    const wanted = [...names].filter((name) => spawnSync('dpkg', ['-s', name], { stdio: 'ignore' }).status !== 0);
    await run('apt-get', [...own, 'download', ...wanted], { cwd: folder });
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.deb')))
      await run('dpkg-deb', ['-x', name, 'root'], { cwd: folder });
    renameSync(path.join(folder, 'root'), CACHE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Finds a Redis server on this machine, or unpacks Debian's. */
export async function findRedis(): Promise<Program | undefined> {
  const onPath = [{ command: 'redis-server' }, { command: 'valkey-server' }].find(works);
  if (onPath) return onPath;
  if (!works(unpacked())) await unpackDebianPackage().catch(() => undefined);
  return works(unpacked()) ? unpacked() : undefined;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => resolve(data.toString().startsWith('+PONG') && Boolean(socket.destroy())));
    socket.once('error', () => resolve(false));
  });
}

/** Starts a Redis that stores nothing on disk and ends with this process. */
export async function startRedis(program: Program, folder: string, wantedPort?: number): Promise<RedisServer> {
  const port = wantedPort ?? (await freePort());
  const options = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
    '--databases',
    '64',
  ];
  const server = spawn(program.command, options, { env: environment(program), detached: true, stdio: 'ignore' });
  const exited = killWithParent(server);
  for (let waited = 0; !(await answers(port)); waited += 1) {
    if (server.exitCode !== null || waited > 1000) throw new Error(`${program.command} did not start on port ${port}`);
    await sleep(10);
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: server.pid!,
    async stop() {
      server.kill('SIGKILL');
      await exited;
    },
  };
}
