import { bool, float8, statement, text, type ResultOf } from '../statement';

type Ask = <T>(sql: string) => Promise<T[]>;

const METRICS = statement({
  name: 'schedules-metrics',
  columns: {
    name: text('name'),
    /** Time since the last run; absolute, because the last run may lie ahead after the clock was turned back. */
    ageSeconds: float8('abs(extract(epoch FROM now() - last_run_at))::float8'),
    hasFailed: bool('last_error IS NOT NULL'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM schedules
  WHERE last_run_at IS NOT NULL
  ORDER BY name`,
});

export type ScheduleMetrics = ResultOf<typeof METRICS>;

export async function readScheduleMetrics(ask: Ask): Promise<ScheduleMetrics[]> {
  return ask<ScheduleMetrics>(METRICS.sql);
}
