import { setTimeout as sleep } from 'node:timers/promises';
import { openCluster, type Cluster } from './cluster';
import { freePort } from './ports';
import { findRunning, START_SECONDS, startPostmaster, type Postmaster, type Running } from './postmaster';
import { ensureRoles, OWNER, PROGRAM, getUrl } from './roles';

const POLL_MS = 200;
const RETRY_MS = 100;
const ATTEMPTS = 6;
const MAX_RETRY_MS = 5000;

interface Options {
  dataDir: string;
  /** False trades safety in a power failure for speed, for tests. */
  durable: boolean;
  log: { info(message: string): void; warn(message: string): void };
}

export interface EmbeddedPostgres {
  /** The URL for the role that migrates. */
  ownerUrl: string;
  /** The URL for the role of the program, which cannot change the schema. */
  programUrl: string;
  superuserUrl: string;
  port: number;
  /** True if another process runs the server and this one only uses it. */
  isShared(): boolean;
  /** Stops the server, unless it is shared. */
  stop(): Promise<void>;
}

type Server = Running & Partial<Postmaster>;

/** Uses the server already running on this data, or starts one. */
async function findOrStart(
  cluster: Cluster,
  { durable, log }: Omit<Options, 'dataDir'>,
  wantedPort?: number,
): Promise<Server> {
  let isTold = false;
  const deadline = performance.now() + START_SECONDS * 1000;
  for (let attempt = 1; ;) {
    const running = findRunning(cluster);
    if (running?.isReady) return running;
    try {
      if (!running) return await startPostmaster(cluster, wantedPort ?? (await freePort()), durable);
      if (performance.now() > deadline)
        throw new Error(`Another PostgreSQL (process ${running.pid}) holds ${cluster.data} and does not get ready.`);
    } catch (error) {
      // Another process was faster or took the port, or children of a killed server still exist; try again.
      if (attempt === ATTEMPTS) throw error;
      attempt += 1;
    }
    if (running && !isTold) {
      log.info(`PostgreSQL (process ${running.pid}) works on ${cluster.data} and is not ready yet: waiting for it`);
      isTold = true;
    }
    await sleep(RETRY_MS * attempt);
  }
}

/** Resolves with the way in which the server ended. */
async function waitUntilEnded(server: Server, cluster: Cluster, signal: AbortSignal): Promise<string> {
  if (server.exited) return server.exited;
  while (findRunning(cluster)?.pid === server.pid) await sleep(POLL_MS, undefined, { signal, ref: false });
  return 'the program that ran it has stopped';
}

/** Opens the embedded PostgreSQL in `dataDir`. It is shared with a process that already runs it, and restarted on the same port if it crashes. */
export async function startEmbeddedPostgres({ dataDir, durable, log }: Options): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(dataDir, durable);
  let server = await findOrStart(cluster, { durable, log });
  const { port } = server;
  await ensureRoles(cluster.passwords, port).catch((error: Error) => {
    throw new Error(
      `PostgreSQL (process ${server.pid}) works on ${cluster.data} and can't be used on port ${port}: ${error.message}. ` +
        'Stop that process, or choose another DATA_DIR.',
      { cause: error },
    );
  });
  const stopping = new AbortController();

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      const how = await waitUntilEnded(server, cluster, stopping.signal);
      for (let pause = RETRY_MS; !stopping.signal.aborted; pause = Math.min(pause * 2, MAX_RETRY_MS)) {
        log.warn(`PostgreSQL has ended (${how}): starting it again on port ${port}`);
        try {
          server = await findOrStart(cluster, { durable, log }, port);
          break;
        } catch (error) {
          log.warn((error as Error).message);
          await sleep(pause);
        }
      }
    }
    await server.stop?.();
  }
  const kept = keepRunning().catch(async (error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });

  return {
    ownerUrl: getUrl(OWNER, cluster.passwords.owner, { port }),
    programUrl: getUrl(PROGRAM, cluster.passwords.program, { port }),
    superuserUrl: getUrl('postgres', cluster.passwords.superuser, { port, database: 'postgres' }),
    port,
    isShared: () => !server.stop,
    async stop() {
      stopping.abort();
      await server.stop?.();
      await kept;
    },
  };
}
