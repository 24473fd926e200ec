import { setImmediate as nextTurn } from 'node:timers/promises';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from '../database';

const registry = new Registry();
const registers = [registry];

export const METRICS_TYPE = registry.contentType;

/** Renders the metrics of this process, one per turn of the event loop so that requests can run in between. */
export async function renderMetrics(): Promise<string> {
  const parts: string[] = [];
  for (const { name } of registry.getMetricsAsArray()) {
    parts.push(await registry.getSingleMetricAsString(name));
    await nextTurn();
  }
  return `${parts.join('\n\n')}\n`;
}

interface MetricOptions<L extends string> {
  name: string;
  help: string;
  labels?: readonly L[];
}

/** Registers a gauge, replacing any with this name. `collect` sets its values on each scrape; undefined values are skipped. */
export function registerGauge<L extends string = never>(
  { name, help, labels = [] }: MetricOptions<L>,
  collect: (set: (value: number, labels?: Record<L, string>) => void) => void | Promise<void>,
): void {
  registry.removeSingleMetric(name);
  new Gauge<L>({
    name,
    help,
    labelNames: [...labels],
    registers,
    async collect() {
      // Drop values of labels that no longer exist.
      this.reset();
      await collect((value, of) => (of ? this.set(of, value) : this.set(value)));
    },
  });
}

/** Creates a counter for hot paths: counting only increments a number. */
export function createCounter<L extends string>({
  name,
  help,
  labels = [],
}: MetricOptions<L>): (...values: string[]) => void {
  const counts = new Map<string, { values: string[]; count: number }>();
  new Counter<L>({
    name,
    help,
    labelNames: [...labels],
    registers,
    collect() {
      this.reset();
      for (const { values, count } of counts.values()) this.labels(...values).inc(count);
    },
  });
  return (...values) => {
    const key = values.join('\n');
    const cell = counts.get(key);
    if (cell) cell.count += 1;
    else counts.set(key, { values, count: 1 });
  };
}

/** Creates a histogram of durations in seconds, by labels. */
export function createHistogram<L extends string>({ name, help, labels = [] }: MetricOptions<L>): Histogram<L> {
  return new Histogram<L>({
    name,
    help,
    labelNames: [...labels],
    registers,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
}

const requests = createHistogram({
  name: 'http_request_duration_seconds',
  help: 'Requests by declared route and status (499: the client left); "other": refused before its route was known, or no part of the API',
  labels: ['method', 'route', 'status'],
});

/** Metrics of each route, created once, because looking up labels costs more than counting. */
export interface RouteMetrics {
  method: string;
  route: string;
  observe(status: number, ms: number): void;
}

export function getRouteMetrics(method: string, route: string): RouteMetrics {
  const byStatus = new Map<number, ReturnType<typeof requests.labels>>();
  return {
    method,
    route,
    observe(status, ms) {
      let metrics = byStatus.get(status);
      if (!metrics) byStatus.set(status, (metrics = requests.labels(method, route, String(status))));
      metrics.observe(ms / 1000);
    },
  };
}

const others = new Map<string, RouteMetrics>();

export function getOtherMetrics(method: string): RouteMetrics {
  let metrics = others.get(method);
  if (!metrics) others.set(method, (metrics = getRouteMetrics(method, 'other')));
  return metrics;
}

interface Pool {
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
}

export interface PoolMetrics {
  used: number;
  free: number;
  /** The number of requests waiting for a connection. */
  waiting: number;
}

const pools = new Map<string, Db>();

/** Registers gauges of the use of a connection pool. */
export function watchPool(name: string, db: Db): void {
  pools.set(name, db);
}

/** Returns the use of a connection pool. */
export function countConnections(db: Db): PoolMetrics {
  const pool = db.client.pool as Pool | undefined;
  return { used: pool?.numUsed() ?? 0, free: pool?.numFree() ?? 0, waiting: pool?.numPendingAcquires() ?? 0 };
}

registerGauge(
  {
    name: 'bilten_database_connections',
    help: 'Connections to PostgreSQL; waiting: who waits for one',
    labels: ['pool', 'state'],
  },
  (set) => {
    for (const [pool, db] of pools)
      for (const [state, count] of Object.entries(countConnections(db))) set(count as number, { pool, state });
  },
);

// These default metrics list every open socket on the thread that serves requests, so they are left out.
const SLOW_SECONDS = ['process_open_fds', 'nodejs_active_handles', 'nodejs_active_requests', 'nodejs_active_resources'];

/** Starts the metrics of the process: event loop, memory, CPU and garbage collection. Called once at startup. */
export function measureProcess(): void {
  if (registry.getSingleMetric('nodejs_eventloop_lag_seconds')) return;
  collectDefaultMetrics({ register: registry });
  for (const name of SLOW_SECONDS) {
    registry.removeSingleMetric(name);
    registry.removeSingleMetric(`${name}_total`);
  }
}
