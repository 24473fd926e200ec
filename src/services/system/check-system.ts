import os from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { config } from '../../config';
import { database } from '../../database';
import { countConnections } from '../../integrations/metrics';
import { redis } from '../../integrations/redis';
import { getResponseStats } from '../../runtime/response-times';
import {
  findDatabaseStats,
  findWorkStats,
  listSchedules,
  listTopics,
  MAX_COUNTED_ROWS,
  ping,
  type TopicRow,
} from '../../models/system/system';
import { describeSetup } from './describe-setup';

type ServerCheck = 'ok' | 'down';

const CHECK_TIMEOUT_MS = 2000;
// Several schedules run every second, so a worker that has run none of them for longer is down.
const MAX_WORKER_SILENT_SECONDS = 3;
const MB = 1024 * 1024;

const round = (value: number): number => Math.round(value * 100) / 100;

/** Returns how long `work` takes (ms); null if it fails or times out. */
async function measure(work: () => Promise<unknown>): Promise<number | null> {
  const start = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Timed out')), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([work(), timeout]);
    return round(performance.now() - start);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function checkRedis(): Promise<{ status: ServerCheck | 'off'; latencyMs: number | null }> {
  const client = redis();
  if (!client) return { status: 'off', latencyMs: null };
  const latencyMs = await measure(() => client.ping());
  return { status: latencyMs === null ? 'down' : 'ok', latencyMs };
}

const add = (rows: TopicRow[], key: Exclude<keyof TopicRow, 'topic'>): number =>
  rows.reduce((sum, row) => sum + row[key], 0);

async function checkQueues() {
  const [byTopic, { oldestSeconds, workerSeenAt, workerSilentSeconds }] = await Promise.all([
    listTopics(database),
    findWorkStats(database),
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
    workerSilentSeconds,
    totalCapped: Object.values(totals).some((count) => count >= MAX_COUNTED_ROWS),
    byTopic,
  };
}

type QueueStates = Awaited<ReturnType<typeof checkQueues>>;

const getWorkerState = ({ workerSilentSeconds }: QueueStates): ServerCheck =>
  workerSilentSeconds !== null && Math.abs(workerSilentSeconds) < MAX_WORKER_SILENT_SECONDS ? 'ok' : 'down';

function getOverallState(states: (ServerCheck | 'off')[], queues: QueueStates): 'ok' | 'degraded' {
  return states.includes('down') || queues.parked > 0 ? 'degraded' : 'ok';
}

/** Returns a short summary of the system's health for the dashboard. */
export async function summarizeSystem() {
  const [queues, { status }] = await Promise.all([checkQueues(), checkRedis()]);
  const worker = getWorkerState(queues);
  return { status: getOverallState([status, worker], queues), database: 'ok' as const, redis: status, worker, queues };
}

const loopDelay = monitorEventLoopDelay({ resolution: 20 });
let cpuBefore = { at: performance.now(), use: process.cpuUsage() };

function getCpuStats() {
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

function getMemoryStats() {
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

/** Checks this process and its servers. @throws AppError UNAVAILABLE while the database is unavailable, because it holds the caller's account */
export async function checkSystem() {
  const latencyMs = await measure(() => ping(database));
  const [metrics, redisState, queues, schedules] = await Promise.all([
    findDatabaseStats(database),
    checkRedis(),
    checkQueues(),
    listSchedules(database),
  ]);
  const worker = getWorkerState(queues);
  return {
    status: getOverallState([latencyMs === null ? 'down' : 'ok', redisState.status, worker], queues),
    checkedAt: new Date().toISOString(),
    uptimeSeconds: Math.round(process.uptime()),
    database: {
      status: latencyMs === null ? ('down' as const) : ('ok' as const),
      latencyMs,
      ...metrics,
      pool: { ...countConnections(database), max: config.databasePoolSize },
    },
    redis: redisState,
    worker: { status: worker, seenAt: queues.workerSeenAt },
    schedules: schedules.map(({ lastRunAt, ...row }) => ({ ...row, lastRunAt: lastRunAt?.toISOString() ?? null })),
    queues,
    setup: describeSetup(),
    memory: getMemoryStats(),
    cpu: getCpuStats(),
    responses: getResponseStats(),
  };
}
