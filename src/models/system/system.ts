import type { Db } from '../../database';

export interface DatabaseStats {
  version: string;
  sizeBytes: number;
  connections: number;
  maxConnections: number;
}

export async function findDatabaseStats(db: Db): Promise<DatabaseStats> {
  const { rows } = await db.raw<{ rows: DatabaseStats[] }>(
    `SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS "sizeBytes",
            (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS connections,
            current_setting('max_connections')::int AS "maxConnections"`,
  );
  return rows[0]!;
}

/** A round trip, and nothing else. */
export async function ping(db: Db): Promise<void> {
  await db.raw('SELECT 1');
}

export interface TopicRow {
  topic: string;
  waiting: number;
  running: number;
  delayed: number;
  parked: number;
}

export const MAX_COUNTED_ROWS = 10_000;

// One index for each status; each is read up to the bound.
const countUpTo = (status: string): string =>
  `(SELECT topic, status, created_at FROM outbox_messages WHERE status = '${status}' LIMIT ${MAX_COUNTED_ROWS})`;

/** Messages that are not done, by topic. */
export async function listTopics(db: Db): Promise<TopicRow[]> {
  const { rows } = await db.raw<{ rows: TopicRow[] }>(
    `SELECT topic, count(*) FILTER (WHERE status = 'new') AS waiting, count(*) FILTER (WHERE status = 'queued') AS running,
            count(*) FILTER (WHERE status = 'delayed') AS delayed, count(*) FILTER (WHERE status = 'parked') AS parked
     FROM (${['new', 'queued', 'delayed', 'parked'].map(countUpTo).join(' UNION ALL ')}) m
     GROUP BY topic ORDER BY topic`,
  );
  return rows;
}

export interface WorkStats {
  oldestSeconds: number | null;
  workerSeenAt: Date | null;
}

export async function findWorkStats(db: Db): Promise<WorkStats> {
  const { rows } = await db.raw<{ rows: WorkStats[] }>(
    `SELECT extract(epoch FROM now() - least(
              (SELECT min(created_at) FROM (SELECT created_at FROM outbox_messages WHERE status = 'new' ORDER BY priority, id LIMIT 1000) n),
              (SELECT min(queued_at) FROM outbox_messages WHERE status = 'queued')))::float8 AS "oldestSeconds",
            (SELECT max(last_run_at) FROM schedules) AS "workerSeenAt"`,
  );
  return rows[0]!;
}

export interface ScheduleRow {
  name: string;
  lastRunAt: Date | null;
  lastError: string | null;
}

export async function listSchedules(db: Db): Promise<ScheduleRow[]> {
  return db('schedules').orderBy('name').select({ name: 'name', lastRunAt: 'last_run_at', lastError: 'last_error' });
}
