import { database } from '../../database';
import { findAccount } from '../../models/users/accounts';

const MAX_KNOWN = 200_000;
// An address stays verified for as long as the account lives, and who is erased has no session any more.
const verified = new Set<number>();

/** Spares a look later. */
export function recordVerifiedUser(userId: number): void {
  if (verified.size >= MAX_KNOWN) verified.clear();
  verified.add(userId);
}

/** Whether the user's address is verified; asks the database only while it is not. */
export async function isVerifiedUser(userId: number): Promise<boolean> {
  if (verified.has(userId)) return true;
  const account = await findAccount(database, userId);
  if (account?.emailVerified) recordVerifiedUser(userId);
  return account?.emailVerified ?? false;
}

const MAX_ALIKE = 20;
const alikeUsers = new Map<number, Set<number>>();

/** These accounts are one person's, as far as limits per person go: their verified addresses reach the same mailbox. */
export function recordAlikeUsers(userId: number, others: number[]): void {
  if (alikeUsers.size >= MAX_KNOWN) alikeUsers.clear();
  const all = [userId, ...others].slice(0, MAX_ALIKE);
  for (const id of all)
    alikeUsers.set(id, new Set([...(alikeUsers.get(id) ?? []), ...all.filter((other) => other !== id)]));
}

/** The other accounts of the same person that this process knows of; almost always none. */
export function listAlikeUsers(userId: number): number[] {
  return [...(alikeUsers.get(userId) ?? [])];
}
