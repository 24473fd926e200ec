// Must be first: reports failures while loading as a sentence.
import { endLoading } from './launch/plain-failures';
// Must be second: tracing patches modules while they load.
import { closeTracing } from './integrations/tracing';
import os from 'node:os';
import { config, assertStartable } from './config';
import { closeDatabase } from './database';
import { serveOperations } from './http/operations-server';
import { closeEmail } from './integrations/email';
import { closePdf } from './integrations/pdf';
import { closeRedis } from './integrations/redis';
import { closeStorage } from './integrations/storage';
import { messageJobs, queues, schedules } from './jobs';
import { startMetrics } from './jobs/metrics';
import { reportSettings } from './launch/production';
import { reportFailure } from './launch/report';
import { checkDatabaseOnce } from './launch/usable-database';
import { flushLog, logger } from './logger';
import { closeInventory } from './services/inventory/execute';
import { addHealthCheck, announceStop, closeHealth } from './services/health.service';
import { closeRealtimeUpdates, openRealtimeUpdates } from './services/realtime/realtime-updates';
import { handleMessages, type Handler } from './services/outbox/handle-messages';
import type { Topic } from './services/outbox/add-messages';
import { startRelay } from './services/outbox/relay-messages';
import { checkPooler } from './services/pooler.service';
import { startSchedules } from './services/schedules/run-schedules';

export interface RunningWorker {
  /** Lets running jobs finish, then closes all connections of the process. */
  stop(): Promise<void>;
}

/** On Linux, of ten parts of a processor that both want, the API gets nine. */
const NICENESS = 10;

/** Lowers the priority of this process: on a shared machine the sale goes before what follows from it. */
export function yieldToApi(): void {
  if (os.platform() === 'linux') os.setPriority(NICENESS);
}

const jobByTopic = new Map(messageJobs.map((job) => [job.topic, job]));

function getHandler(topic: Topic): Handler {
  const job = jobByTopic.get(topic);
  if (job) return job.handle;
  return () => Promise.reject(new Error(`Nobody handles ${topic}.`));
}

function assertServersReachable(): void {
  if (!config.databaseUrl || !config.jwtSecret)
    throw new Error('The worker needs DATABASE_URL and JWT_SECRET, the same as the API.');
}

/** Relays and handles messages, and runs the schedules. Outages of its servers only delay it. */
export async function startWorker(): Promise<RunningWorker> {
  assertServersReachable();
  const stopServing = await serveOperations(config.workerPort);
  const pooler = await checkPooler({ needsSessions: true });
  openRealtimeUpdates();
  const relay = startRelay({
    queues,
    // A topic of a newer version fails here and is retried until a worker of that version runs.
    getQueue: (topic) => jobByTopic.get(topic)?.queue ?? 'notification',
    process: (messageIds) => handleMessages(messageIds, getHandler),
  });
  const running = startSchedules(schedules);
  startMetrics();
  addHealthCheck(() => (relay.isWorking() ? undefined : { path: 'queues', message: 'The queues cannot be reached.' }));
  logger.info({ queues: config.redisUrl ? 'redis' : 'postgres' }, 'The worker is running');
  return {
    async stop() {
      announceStop();
      pooler.stop();
      await Promise.all([relay.stop(), running.stop()]);
      await closePdf();
      closeStorage();
      await closeInventory();
      await closeEmail();
      await closeHealth();
      await closeRealtimeUpdates();
      await closeDatabase();
      await closeRedis();
      await stopServing();
      await closeTracing();
      logger.info('The worker has stopped');
      flushLog();
    },
  };
}

async function main(): Promise<void> {
  // A broken connection inside a library must not end the process; lost work is retried.
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'Something failed that nobody waited for'));
  endLoading();
  yieldToApi();
  assertStartable();
  assertServersReachable();
  // If the program started this worker, it has already reported its settings.
  if (!process.send) await reportSettings();
  await checkDatabaseOnce();
  const worker = await startWorker();
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void worker.stop().finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Stop if the parent has ended, including while this process was starting.
  process.on('disconnect', stop);
  if (process.send && !process.connected) stop();
}

if (require.main === module) {
  main().catch(reportFailure);
}
