import type { Db } from '../../database';
import type { Selected } from '../../database/query';
import { float8, int4, int8, orNull, query, queryOne, statement, text, timestamptz, type ResultOf } from '../statement';

const DATABASE_STATS = statement({
  name: 'system-database-stats',
  columns: {
    version: text("current_setting('server_version')"),
    sizeBytes: int8('pg_database_size(current_database())'),
    connections: int8('(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())'),
    maxConnections: int4("current_setting('max_connections')::int"),
  },
  sql: (list) => `
  SELECT
    ${list}`,
});

export type DatabaseStats = ResultOf<typeof DATABASE_STATS>;

export async function findDatabaseStats(db: Db): Promise<DatabaseStats> {
  return queryOne(db, DATABASE_STATS);
}

/** A round trip, and nothing else. */
export async function ping(db: Db): Promise<void> {
  await db.raw('SELECT 1');
}

export const MAX_COUNTED_ROWS = 10_000;

// One index for each status; each is read up to the bound.
const selectUpTo = (status: string): string =>
  `(SELECT topic, status FROM outbox_messages WHERE status = '${status}' LIMIT ${MAX_COUNTED_ROWS})`;

const TOPICS = statement({
  name: 'system-topics',
  columns: {
    topic: text('m.topic'),
    waiting: int8("count(*) FILTER (WHERE m.status = 'new')"),
    running: int8("count(*) FILTER (WHERE m.status = 'queued')"),
    delayed: int8("count(*) FILTER (WHERE m.status = 'delayed')"),
    parked: int8("count(*) FILTER (WHERE m.status = 'parked')"),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    ${['new', 'queued', 'delayed', 'parked'].map(selectUpTo).join('\n    UNION ALL\n    ')}
  ) m
  GROUP BY m.topic
  ORDER BY m.topic`,
});

export type TopicRow = ResultOf<typeof TOPICS>;

/** Messages that are not done, by topic. */
export async function listTopics(db: Db): Promise<TopicRow[]> {
  return query(db, TOPICS);
}

const WORK_STATS = statement({
  name: 'system-work-stats',
  columns: {
    oldestSeconds: orNull(
      float8(`extract(epoch FROM now() - least(
      (
        SELECT min(n.created_at)
        FROM (SELECT created_at FROM outbox_messages WHERE status = 'new' ORDER BY priority, id LIMIT 1000) n
      ),
      (SELECT min(queued_at) FROM outbox_messages WHERE status = 'queued')
    ))::float8`),
    ),
    workerSeenAt: orNull(timestamptz('(SELECT max(last_run_at) FROM schedules)')),
    // By the clock of the database, which also sets the time.
    workerSilentSeconds: orNull(
      float8('(SELECT extract(epoch FROM clock_timestamp() - max(last_run_at)) FROM schedules)::float8'),
    ),
  },
  sql: (list) => `
  SELECT
    ${list}`,
});

export type WorkStats = ResultOf<typeof WORK_STATS>;

export async function findWorkStats(db: Db): Promise<WorkStats> {
  return queryOne(db, WORK_STATS);
}

const SCHEDULE = { name: 'name', lastRunAt: 'last_run_at', lastError: 'last_error' } as const;

export type ScheduleRow = Selected<'schedules', typeof SCHEDULE>;

export async function listSchedules(db: Db): Promise<ScheduleRow[]> {
  return db('schedules').orderBy('name').select(SCHEDULE);
}
