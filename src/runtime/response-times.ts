import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

const WINDOW_MS = 300_000;

interface Window {
  since: number;
  /** Response times in microseconds. */
  times: RecordableHistogram;
  errors: number;
}

const open = (): Window => ({ since: performance.now(), times: createHistogram(), errors: 0 });

// The current window and the full one before it; together they cover the last five to ten minutes.
let current = open();
let previous: Window | undefined;

export function recordResponse(ms: number, status: number): void {
  const age = performance.now() - current.since;
  if (age > WINDOW_MS) {
    previous = age > 2 * WINDOW_MS ? undefined : current;
    current = open();
  }
  current.times.record(Math.max(1, Math.round(ms * 1000)));
  if (status >= 500) current.errors += 1;
}

export interface ResponseStats {
  windowSeconds: number;
  requests: number;
  perSecond: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  errors: number;
  errorRate: number | null;
}

const round = (value: number, decimals: number): number => Number(value.toFixed(decimals));

/** Returns the response statistics of this process for the last minutes. */
export function getResponseStats(): ResponseStats {
  const windows = [previous, current].filter((window) => window !== undefined);
  const times = createHistogram();
  for (const window of windows) times.add(window.times);
  const requests = times.count;
  const windowSeconds = (performance.now() - windows[0]!.since) / 1000;
  const errors = windows.reduce((sum, window) => sum + window.errors, 0);
  const percentile = (p: number) => (requests === 0 ? null : round(times.percentile(p) / 1000, 2));
  return {
    windowSeconds: round(windowSeconds, 0),
    requests,
    perSecond: round(requests / Math.max(1, windowSeconds), 2),
    p50Ms: percentile(50),
    p95Ms: percentile(95),
    p99Ms: percentile(99),
    errors,
    errorRate: requests === 0 ? null : round(errors / requests, 4),
  };
}
