// These are asked over a connection of their own: whoever looks must not wait for the pool.
type Ask = <T>(sql: string) => Promise<T[]>;

export interface TopicFigures {
  topic: string;
  status: 'new' | 'delayed' | 'queued' | 'parked';
  count: number;
  oldestSeconds: number;
}

/** Counting stops there. */
const MOST = 50_000;

const some = (status: TopicFigures['status'], order: string): string =>
  `(SELECT topic, status, created_at FROM outbox_messages WHERE status = '${status}' ORDER BY ${order} LIMIT ${MOST})`;

/** What waits, by topic and status; each part by the index that exists for it. */
export async function readTopicFigures(ask: Ask): Promise<TopicFigures[]> {
  return ask<TopicFigures>(
    `SELECT topic, status, count(*)::int AS count, abs(extract(epoch FROM now() - min(created_at)))::float8 AS "oldestSeconds"
     FROM (${some('new', 'priority, id')} UNION ALL ${some('delayed', 'available_at')}
           UNION ALL ${some('queued', 'queued_at')} UNION ALL ${some('parked', 'id')}) AS waiting
     GROUP BY topic, status`,
  );
}
