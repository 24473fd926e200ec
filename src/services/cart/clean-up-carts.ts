import { database } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { deleteExpiredCarts } from '../../models/cart/carts';

const CLEANUP_CHUNK_SIZE = 1000;

/** Deletes carts without a user that have not changed for 30 days. Returns how many. */
export async function cleanUpCarts(): Promise<number> {
  return repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteExpiredCarts(database, limit));
}
