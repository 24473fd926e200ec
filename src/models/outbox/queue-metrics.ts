// These are asked over a connection of their own: whoever looks must not wait for the pool.
type Ask = <T>(sql: string) => Promise<T[]>;

export interface TopicMetrics {
  topic: string;
  status: 'new' | 'delayed' | 'queued' | 'parked';
  count: number;
  oldestSeconds: number;
}

/** Counting stops there. */
const MAX_COUNTED_ROWS = 50_000;

const countUpTo = (status: TopicMetrics['status'], order: string): string =>
  `(SELECT topic, status, created_at FROM outbox_messages WHERE status = '${status}' ORDER BY ${order} LIMIT ${MAX_COUNTED_ROWS})`;

/** What waits, by topic and status; each part by the index that exists for it. */
export async function readTopicMetrics(ask: Ask): Promise<TopicMetrics[]> {
  return ask<TopicMetrics>(
    `SELECT topic, status, count(*)::int AS count, abs(extract(epoch FROM now() - min(created_at)))::float8 AS "oldestSeconds"
     FROM (${countUpTo('new', 'priority, id')} UNION ALL ${countUpTo('delayed', 'available_at')}
           UNION ALL ${countUpTo('queued', 'queued_at')} UNION ALL ${countUpTo('parked', 'id')}) AS waiting
     GROUP BY topic, status`,
  );
}
