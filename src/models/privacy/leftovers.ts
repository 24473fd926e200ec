import type { Db } from '../../database';

/** Lists accounts that were erased within the last `hours`. */
export async function listErased(db: Db, hours: number): Promise<number[]> {
  return db('users').whereRaw('erased_at > now() - make_interval(hours => ?)', [hours]).pluck('id');
}

/** Deletes data that requests and messages in progress may have written after an erasure. */
export async function deleteLeftovers(db: Db, userIds: number[]): Promise<void> {
  for (const table of ['notifications', 'user_tokens', 'idempotency_keys', 'carts'] as const)
    await db(table).whereIn('user_id', userIds).delete();
}
