import { config } from '../config';
import { database } from '../database';
import type { Actor } from '../lib/actor';
import { cachedFor } from '../lib/cached-for';
import { calculateHoldAllowance, type HoldAllowance } from '../lib/hold-allowance';
import { getNetwork } from '../lib/network';
import { logger } from '../logger';
import { deleteOldAbandonedHolds, listAbandonedHolds } from '../models/holds.model';
import { isVerifiedUser } from './users/verified-users';

const REMEMBERED_SECONDS = 3600;
const KNOWN_FOR_MS = 2000;

interface Abandoned {
  count: number;
  lastAt: number;
}

interface Recent {
  byUser: Map<number, Abandoned>;
  byNetwork: Map<string, Abandoned>;
}

function add<K>(counts: Map<K, Abandoned>, key: K, at: number): void {
  const known = counts.get(key);
  counts.set(key, { count: (known?.count ?? 0) + 1, lastAt: Math.max(known?.lastAt ?? 0, at) });
}

async function read(): Promise<Recent> {
  const recent: Recent = { byUser: new Map(), byNetwork: new Map() };
  for (const { userId, ip, abandonedAt } of await listAbandonedHolds(database, REMEMBERED_SECONDS)) {
    add(recent.byUser, userId, abandonedAt.getTime());
    if (ip) add(recent.byNetwork, getNetwork(ip), abandonedAt.getTime());
  }
  return recent;
}

// Read at most every two seconds, however many book; what this process has seen itself is known at once.
let readRecent = cachedFor(KNOWN_FOR_MS, read);

/** What was read is out of date: a hold was given up in this process. */
export function forgetRecentHolds(): void {
  readRecent = cachedFor(KNOWN_FOR_MS, read);
}

const describe = (abandoned: Abandoned | undefined) => ({
  count: abandoned?.count ?? 0,
  secondsAgo: abandoned ? Math.max(0, (Date.now() - abandoned.lastAt) / 1000) : Infinity,
});

/** What the actor may hold unpaid now. A failure to find out lets them: the booking itself will say what is wrong. */
export async function getHoldAllowance({ userId, ip }: Actor): Promise<HoldAllowance> {
  const isVerified = !config.requireVerifiedEmail || (await isVerifiedUser(userId));
  const limits = { pauseMinutes: config.holdPauseMinutes, maxTickets: config.maxTicketsPerUser };
  if (limits.pauseMinutes === 0) return { isVerified, pauseSeconds: 0, maxTickets: limits.maxTickets };
  const recent = await readRecent().catch((error: Error) => {
    logger.warn({ err: error }, 'Abandoned holds could not be read');
    return undefined;
  });
  const account = describe(recent?.byUser.get(userId));
  const network = describe(ip ? recent?.byNetwork.get(getNetwork(ip)) : undefined);
  return { isVerified, ...calculateHoldAllowance({ account, network }, limits) };
}

export async function cleanUpAbandonedHolds(): Promise<void> {
  await deleteOldAbandonedHolds(database, REMEMBERED_SECONDS);
}
