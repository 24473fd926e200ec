import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster';
import { killWithParent } from './guard';

export const START_SECONDS = 60;
const STOP_SECONDS = 15;
const LOG_BYTES = 1_000_000;

export interface Running {
  pid: number;
  port: number;
  isReady: boolean;
}

export interface Postmaster extends Running {
  exited: Promise<string>;
  stop(): Promise<void>;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

// A killed container leaves the process id of its server behind, and in the next container it may belong to another process,
// even to another PostgreSQL with another data folder.
function isAnotherProgram(pid: number, data: string): boolean {
  const name = `/proc/${pid}/comm`;
  if (!existsSync(name)) return false;
  return read(name).trim() !== 'postgres' || (workingFolder(pid) ?? data) !== data;
}

const WRITTEN_MS = 2000;

/** True if the pid file has been incomplete for longer than it takes to write one, as after a power failure. */
function isTorn(file: string, pid: string | undefined): boolean {
  const written = statSync(file, { throwIfNoEntry: false });
  return written !== undefined && !/^[1-9]\d*$/.test(pid ?? '') && Math.abs(Date.now() - written.mtimeMs) > WRITTEN_MS;
}

/** Returns the server running on this data, regardless of who started it. */
export function findRunning({ data }: Cluster): Running | undefined {
  const file = path.join(data, 'postmaster.pid');
  const [pid, , , port, , , , status] = read(file).split('\n');
  if (isTorn(file, pid)) {
    rmSync(file, { force: true });
    return undefined;
  }
  const number = Number(pid);
  if (!number || !isAlive(number)) return undefined;
  if (isAnotherProgram(number, data)) {
    rmSync(file, { force: true });
    return undefined;
  }
  return { pid: number, port: Number(port), isReady: status?.startsWith('ready') ?? false };
}

function getSettings(port: number, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    // A stale socket lock file of another user on this port would keep our server from starting.
    unix_socket_directories: '',
    max_connections: 200,
    random_page_cost: 1.1,
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // `log` ranks above `error`: callers see errors of their statements, so the file contains only messages about the server.
    log_min_messages: 'log',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function stop(server: ChildProcess, exited: Promise<string>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (server.exitCode !== null || server.signalCode !== null) break;
    server.kill(signal);
    const patience = new AbortController();
    await Promise.race([
      exited,
      sleep(STOP_SECONDS * 1000, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
  }
  await exited;
}

/** Starts the server. @throws Error with the end of the server's log if it does not start */
export async function startPostmaster(cluster: Cluster, port: number, durable: boolean): Promise<Postmaster> {
  const log = openSync(cluster.log, 'a', 0o600);
  if (fstatSync(log).size > LOG_BYTES) ftruncateSync(log);
  if (cluster.account) fchownSync(log, cluster.account.uid, cluster.account.gid);
  // Detached, because Ctrl-C reaches the whole process group of the terminal, but the program needs its database while it drains.
  const server = spawn(cluster.binaries.postgres, ['-D', cluster.data, ...getSettings(port, durable)], {
    ...cluster.account,
    cwd: cluster.home,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    server.once('error', (error) => resolve(error.message));
    server.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const unwatched = server.pid ? killWithParent(server) : undefined;
  const exited = ended.then(async (how) => {
    await unwatched;
    return how;
  });
  let end: string | undefined;
  void exited.then((how) => (end = how));
  for (let waited = 0; waited < START_SECONDS * 100; waited += 1) {
    const running = findRunning(cluster);
    if (running?.isReady && running.pid === server.pid) return { ...running, exited, stop: () => stop(server, exited) };
    if (end !== undefined)
      throw new Error(`PostgreSQL did not start (${end}): ${readFileSync(cluster.log, 'utf8').trim().slice(-600)}`);
    await sleep(10);
  }
  await stop(server, exited);
  throw new Error(`PostgreSQL was not ready within ${START_SECONDS} s: see ${cluster.log}.`);
}
