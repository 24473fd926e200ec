import { database } from '../../database';
import { findAccount } from '../../models/users/accounts';

const MAX_CACHED_USERS = 200_000;
// Cached without expiry: an address stays verified as long as its account exists, and erased users have no sessions.
const verified = new Set<number>();

/** Records that a user's address is verified, which saves a query later. */
export function recordVerifiedUser(userId: number): void {
  if (verified.size >= MAX_CACHED_USERS) verified.clear();
  verified.add(userId);
}

/** Returns whether the user's address is verified. Queries the database only until it is. */
export async function isVerifiedUser(userId: number): Promise<boolean> {
  if (verified.has(userId)) return true;
  const account = await findAccount(database, userId);
  if (account?.emailVerified) recordVerifiedUser(userId);
  return account?.emailVerified ?? false;
}

const MAX_ALIKE = 20;
const alikeUsers = new Map<number, Set<number>>();

/** Records accounts that count as one person for limits, because their verified addresses reach the same mailbox. */
export function recordAlikeUsers(userId: number, others: number[]): void {
  if (alikeUsers.size >= MAX_CACHED_USERS) alikeUsers.clear();
  const all = [userId, ...others].slice(0, MAX_ALIKE);
  for (const id of all)
    alikeUsers.set(id, new Set([...(alikeUsers.get(id) ?? []), ...all.filter((other) => other !== id)]));
}

/** Lists the other accounts of the same person that this process knows of; almost always none. */
export function listAlikeUsers(userId: number): number[] {
  return [...(alikeUsers.get(userId) ?? [])];
}
