// These queries use a dedicated connection, so that they do not wait for the pool.
type Ask = <T>(sql: string) => Promise<T[]>;

export interface TopicMetrics {
  topic: string;
  status: 'new' | 'delayed' | 'queued' | 'parked';
  count: number;
  oldestSeconds: number;
}

/** The highest count. */
const MAX_COUNTED_ROWS = 50_000;

const countUpTo = (status: TopicMetrics['status'], order: string): string =>
  `(SELECT topic, status, created_at FROM outbox_messages WHERE status = '${status}' ORDER BY ${order} LIMIT ${MAX_COUNTED_ROWS})`;

/** Counts unfinished messages by topic and status, each status with its own index. */
export async function readTopicMetrics(ask: Ask): Promise<TopicMetrics[]> {
  return ask<TopicMetrics>(
    `SELECT topic, status, count(*)::int AS count, abs(extract(epoch FROM now() - min(created_at)))::float8 AS "oldestSeconds"
     FROM (${countUpTo('new', 'priority, id')} UNION ALL ${countUpTo('delayed', 'available_at')}
           UNION ALL ${countUpTo('queued', 'queued_at')} UNION ALL ${countUpTo('parked', 'id')}) AS waiting
     GROUP BY topic, status`,
  );
}
