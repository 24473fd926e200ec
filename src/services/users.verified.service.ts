import { database } from '../database';
import { findAccount } from '../models/users.model';

const MAX_KNOWN = 200_000;
// An address stays verified for as long as the account lives, and who is erased has no session any more.
const verified = new Set<number>();

/** Spares a look later. */
export function noteVerifiedUser(userId: number): void {
  if (verified.size >= MAX_KNOWN) verified.clear();
  verified.add(userId);
}

/** Whether the user's address is verified; asks the database only while it is not. */
export async function isVerifiedUser(userId: number): Promise<boolean> {
  if (verified.has(userId)) return true;
  const account = await findAccount(database, userId);
  if (account?.emailVerified) noteVerifiedUser(userId);
  return account?.emailVerified ?? false;
}
