// Must be first: reports failures while loading as a sentence.
import { endLoading } from './launch/plain-failures';
// Must be second: tracing patches modules while they load.
import { closeTracing } from './integrations/tracing';
import { createServer, type Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import proxyAddress from 'proxy-addr';
import { createApp } from './app';
import { config, assertStartable } from './config';
import { closeDatabase } from './database';
import { createServerClasses } from './http/server-classes';
import { limitClients, SERVER_TIMEOUTS } from './http/server-limits';
import { isUpload } from './http/upload';
import { registerGauge } from './integrations/metrics';
import { closePasswords } from './integrations/passwords';
import { closePdf } from './integrations/pdf';
import { closeBoardQueues } from './integrations/queue/board';
import { closeRedis } from './integrations/redis';
import { closeStorage } from './integrations/storage';
import { startMetrics } from './jobs/metrics';
import { finishProductionStart, reportSettings } from './launch/production';
import { reportFailure } from './launch/report';
import { checkDatabaseOnce } from './launch/usable-database';
import { flushLog, logger } from './logger';
import { startRevocationPolling } from './services/access/revocations';
import { announceStop, closeHealth } from './services/health.service';
import { closeInventory } from './services/inventory/execute';
import { flushViews } from './services/products/count-views';
import { closeRealtimeUpdates } from './services/realtime/realtime-updates';
import { startRealtime } from './services/realtime/start-realtime';
import { checkPooler } from './services/pooler.service';

// Longer than the idle timeout of common load balancers, so that this side never closes a connection first.
const KEEP_ALIVE_MS = 65_000;
type TrustProxy = (address: string, hop: number) => boolean;
const DRAIN_MS = 20_000;
// Busy clients reuse their connection within this time.
const GRACE_MS = 2000;

export interface RunningServer {
  port: number;
  /** Stops listening, lets running requests finish, then closes all connections of the process. */
  stop(): Promise<void>;
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: config.port, host: config.host }, resolve);
  });
}

/**
 * Waits until Node has accepted all pending connections. It accepts one per turn of the event loop, and closing the listening
 * socket would reset the others together with their requests.
 */
async function acceptWaitingConnections(server: Server): Promise<void> {
  const latest = performance.now() + GRACE_MS;
  let isNew = true;
  server.on('connection', () => (isNew = true));
  while (isNew && performance.now() < latest) {
    isNew = false;
    await nextTurn();
    await nextTurn();
  }
}

/**
 * Answers the last request on each open connection, and closes connections that stay idle.
 * Closing idle ones at once, as Node's `close` does, would cut off requests that are already on their way.
 */
async function drain(server: Server): Promise<void> {
  await acceptWaitingConnections(server);
  server.prependListener('request', (_req, res) => res.setHeader('Connection', 'close'));
  await new Promise<void>((resolve) => {
    let idle: NodeJS.Timeout | undefined;
    const grace = setTimeout(() => (idle = setInterval(() => server.closeIdleConnections(), 50)), GRACE_MS);
    const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    NetServer.prototype.close.call(server, () => {
      for (const timer of [grace, deadline, idle]) clearTimeout(timer);
      resolve();
    });
  });
}

/** Starts the API server. @throws Error with a sentence that says what to do if the port is taken */
export async function startServer(app = createApp()): Promise<RunningServer> {
  // By default V8 lets the heap grow to several times the live data; this makes it collect garbage sooner.
  setFlagsFromString('--heap-growing-percent=100');
  const pooler = await checkPooler({ needsSessions: false });
  startMetrics();
  const stopWatching = startRevocationPolling();
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, ...SERVER_TIMEOUTS, ...createServerClasses(app) },
    app,
  );
  // For uploads, 100 Continue is sent only after the request is accepted, so that rejected files are never sent.
  server.on('checkContinue', (req, res) => {
    if (!isUpload(req)) res.writeContinue();
    server.emit('request', req, res);
  });
  // WebSocket requests bypass Express, so determine their address the way Express determines `req.ip`.
  const live = startRealtime(server, (request) => proxyAddress(request, app.get('trust proxy fn') as TrustProxy));
  // Must come after live updates, which handle their own requests before any others.
  limitClients(server);
  try {
    await listen(server);
  } catch (error) {
    throw new Error(
      (error as { code?: string }).code === 'EADDRINUSE'
        ? `Port ${config.port} is taken by another program: stop that one, or choose another with PORT.`
        : `The program can't listen on ${config.host ?? 'any address'}, port ${config.port} (HOST, PORT): ${(error as Error).message}`,
      { cause: error },
    );
  }
  registerGauge({ name: 'bilten_http_connections', help: 'Open connections of clients' }, async (set) =>
    set(await promisify(server.getConnections.bind(server))()),
  );
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  logger.info({ port }, 'The API is listening');
  return {
    port,
    async stop() {
      announceStop();
      await sleep(config.stopDelayMs);
      await live?.close();
      await drain(server);
      stopWatching();
      pooler.stop();
      await closePasswords();
      await closePdf();
      closeStorage();
      await closeBoardQueues();
      await closeInventory();
      await closeHealth();
      await closeRealtimeUpdates();
      await flushViews();
      await closeDatabase();
      await closeRedis();
      await closeTracing();
      logger.info('The API has stopped');
      flushLog();
    },
  };
}

async function main(): Promise<void> {
  endLoading();
  assertStartable();
  await reportSettings();
  await checkDatabaseOnce();
  const running = await startServer();
  finishProductionStart().catch((error: Error) => logger.error({ err: error }, 'The start could not be finished'));
  const stop = (): void => void running.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

if (require.main === module) {
  main().catch(reportFailure);
}
