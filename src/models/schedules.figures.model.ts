type Ask = <T>(sql: string) => Promise<T[]>;

export interface ScheduleFigures {
  name: string;
  /** Since a worker last took its turn. */
  ageSeconds: number;
  hasFailed: boolean;
}

export async function readScheduleFigures(ask: Ask): Promise<ScheduleFigures[]> {
  return ask<ScheduleFigures>(
    `SELECT name, extract(epoch FROM now() - last_run_at)::float8 AS "ageSeconds", last_error IS NOT NULL AS "hasFailed"
     FROM schedules WHERE last_run_at IS NOT NULL ORDER BY name`,
  );
}
