import os from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { config } from '../config';
import { database } from '../database';
import { connectionsOf } from '../integrations/metrics';
import { redis } from '../integrations/redis';
import { responseFigures } from '../lib/response-times';
import {
  findDatabaseFigures,
  findWorkFigures,
  listSchedules,
  listTopics,
  MOST_COUNTED,
  ping,
  type TopicRow,
} from '../models/system.model';
import { describeSetup } from './system.setup.service';

type Up = 'ok' | 'down';

const PATIENCE_MS = 2000;
// Several schedules run every few seconds.
const WORKER_SILENT_MS = 60_000;
const MB = 1024 * 1024;

const round = (value: number): number => Math.round(value * 100) / 100;

/** How long something takes; null where it fails or takes too long. */
async function timed(work: () => Promise<unknown>): Promise<number | null> {
  const start = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PATIENCE_MS);
  });
  try {
    await Promise.race([work(), late]);
    return round(performance.now() - start);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function checkRedis(): Promise<{ status: Up | 'off'; latencyMs: number | null }> {
  const client = redis();
  if (!client) return { status: 'off', latencyMs: null };
  const latencyMs = await timed(() => client.ping());
  return { status: latencyMs === null ? 'down' : 'ok', latencyMs };
}

const add = (rows: TopicRow[], key: Exclude<keyof TopicRow, 'topic'>): number =>
  rows.reduce((sum, row) => sum + row[key], 0);

async function checkQueues() {
  const [byTopic, { oldestSeconds, workerSeenAt }] = await Promise.all([
    listTopics(database),
    findWorkFigures(database),
  ]);
  const totals = {
    waiting: add(byTopic, 'waiting'),
    running: add(byTopic, 'running'),
    delayed: add(byTopic, 'delayed'),
    parked: add(byTopic, 'parked'),
  };
  return {
    ...totals,
    oldestSeconds: oldestSeconds === null ? null : round(Math.max(0, oldestSeconds)),
    workerSeenAt: workerSeenAt?.toISOString() ?? null,
    totalCapped: Object.values(totals).some((count) => count >= MOST_COUNTED),
    byTopic,
  };
}

type Queues = Awaited<ReturnType<typeof checkQueues>>;

const workerOf = ({ workerSeenAt }: Queues): Up =>
  workerSeenAt !== null && Math.abs(Date.now() - Date.parse(workerSeenAt)) < WORKER_SILENT_MS ? 'ok' : 'down';

function overall(states: (Up | 'off')[], queues: Queues): 'ok' | 'degraded' {
  return states.includes('down') || queues.parked > 0 ? 'degraded' : 'ok';
}

/** What of the health fits in a corner of the dashboard. */
export async function summarizeSystem() {
  const [queues, { status }] = await Promise.all([checkQueues(), checkRedis()]);
  const worker = workerOf(queues);
  return { status: overall([status, worker], queues), database: 'ok' as const, redis: status, worker, queues };
}

const loopDelay = monitorEventLoopDelay({ resolution: 20 });
let cpuBefore = { at: performance.now(), use: process.cpuUsage() };

function cpuFigures() {
  loopDelay.enable();
  const now = performance.now();
  const use = process.cpuUsage();
  const seconds = Math.max(0.001, (now - cpuBefore.at) / 1000);
  const spent = (use.user + use.system - cpuBefore.use.user - cpuBefore.use.system) / 1e6;
  cpuBefore = { at: now, use };
  const delay = loopDelay.percentile(99) / 1e6;
  const hasDelay = loopDelay.count > 0;
  loopDelay.reset();
  return {
    cores: os.availableParallelism(),
    load: os.loadavg().map(round),
    processUse: round(spent / seconds),
    eventLoopDelayMs: hasDelay ? round(delay) : null,
  };
}

function memoryFigures() {
  const { rss, heapUsed, heapTotal } = process.memoryUsage();
  const mb = (bytes: number): number => round(bytes / MB);
  return {
    residentMb: mb(rss),
    heapUsedMb: mb(heapUsed),
    heapTotalMb: mb(heapTotal),
    systemFreeMb: mb(os.freemem()),
    systemTotalMb: mb(os.totalmem()),
  };
}

/** How this process and what it stands on are. @throws AppError UNAVAILABLE while the database is away: who asks is in it */
export async function checkSystem() {
  const latencyMs = await timed(() => ping(database));
  const [figures, redisState, queues, schedules] = await Promise.all([
    findDatabaseFigures(database),
    checkRedis(),
    checkQueues(),
    listSchedules(database),
  ]);
  const worker = workerOf(queues);
  return {
    status: overall([latencyMs === null ? 'down' : 'ok', redisState.status, worker], queues),
    checkedAt: new Date().toISOString(),
    uptimeSeconds: Math.round(process.uptime()),
    database: {
      status: latencyMs === null ? ('down' as const) : ('ok' as const),
      latencyMs,
      ...figures,
      pool: { ...connectionsOf(database), max: config.databasePoolSize },
    },
    redis: redisState,
    worker: { status: worker, seenAt: queues.workerSeenAt },
    schedules: schedules.map(({ lastRunAt, ...row }) => ({ ...row, lastRunAt: lastRunAt?.toISOString() ?? null })),
    queues,
    setup: describeSetup(),
    memory: memoryFigures(),
    cpu: cpuFigures(),
    responses: responseFigures(),
  };
}
