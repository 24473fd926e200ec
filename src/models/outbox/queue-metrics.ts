import { float8, int4, statement, text, type ResultOf } from '../statement';

// This query uses a dedicated connection, so that it does not wait for the pool.
type Ask = <T>(sql: string) => Promise<T[]>;

type UnfinishedStatus = 'new' | 'delayed' | 'queued' | 'parked';

/** The highest count. */
const MAX_COUNTED_ROWS = 50_000;

const countUpTo = (status: UnfinishedStatus, order: string): string => `(
      SELECT topic, status, created_at
      FROM outbox_messages
      WHERE status = '${status}'
      ORDER BY ${order}
      LIMIT ${MAX_COUNTED_ROWS}
    )`;

const COUNT = statement({
  name: 'outbox-topic-metrics',
  columns: {
    topic: text('topic'),
    status: text<UnfinishedStatus>('status'),
    count: int4('count(*)::int'),
    oldestSeconds: float8('abs(extract(epoch FROM now() - min(created_at)))::float8'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    ${countUpTo('new', 'priority, id')}
    UNION ALL
    ${countUpTo('delayed', 'available_at')}
    UNION ALL
    ${countUpTo('queued', 'queued_at')}
    UNION ALL
    ${countUpTo('parked', 'id')}
  ) AS waiting
  GROUP BY topic, status`,
});

export type TopicMetrics = ResultOf<typeof COUNT>;

/** Counts unfinished messages by topic and status, each status with its own index. */
export async function readTopicMetrics(ask: Ask): Promise<TopicMetrics[]> {
  return ask<TopicMetrics>(COUNT.sql);
}
