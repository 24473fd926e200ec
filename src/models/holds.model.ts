import type { Db } from '../database';

/** A hold that was cancelled or expired unpaid. */
export interface AbandonedHold {
  id: number;
  userId: number;
  ip: string | null;
  abandonedAt: Date;
}

const MAX_READ = 20_000;

/** Lists the holds abandoned in the last seconds, latest first. */
export async function listAbandonedHolds(db: Db, withinSeconds: number): Promise<AbandonedHold[]> {
  const { rows } = await db.raw<{ rows: AbandonedHold[] }>(
    `SELECT id, user_id AS "userId", ip, abandoned_at AS "abandonedAt" FROM abandoned_holds
     WHERE abandoned_at > now() - make_interval(secs => :withinSeconds) ORDER BY abandoned_at DESC LIMIT :limit`,
    { withinSeconds, limit: MAX_READ },
  );
  return rows;
}

export async function deleteOldAbandonedHolds(db: Db, olderThanSeconds: number): Promise<void> {
  await db.raw('DELETE FROM abandoned_holds WHERE abandoned_at < now() - make_interval(secs => :olderThanSeconds)', {
    olderThanSeconds,
  });
}
