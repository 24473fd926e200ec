type Ask = <T>(sql: string) => Promise<T[]>;

export interface ScheduleMetrics {
  name: string;
  /** Time since the last run; absolute, because the last run may lie ahead after the clock was turned back. */
  ageSeconds: number;
  hasFailed: boolean;
}

export async function readScheduleMetrics(ask: Ask): Promise<ScheduleMetrics[]> {
  return ask<ScheduleMetrics>(
    `SELECT name, abs(extract(epoch FROM now() - last_run_at))::float8 AS "ageSeconds", last_error IS NOT NULL AS "hasFailed"
     FROM schedules WHERE last_run_at IS NOT NULL ORDER BY name`,
  );
}
