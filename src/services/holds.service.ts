import { config } from '../config';
import { database } from '../database';
import type { Actor } from '../lib/actor';
import { cachedFor } from '../lib/cached-for';
import { calculateHoldAllowance, type HoldAllowance } from '../lib/bookings/hold-allowance';
import { getNetwork } from '../lib/network';
import { logger } from '../logger';
import { deleteOldAbandonedHolds, listAbandonedHolds } from '../models/holds.model';
import { isVerifiedUser } from './users/verified-users';

const REMEMBERED_SECONDS = 3600;
const MAX_CACHE_AGE_MS = 2000;

interface AbandonedHolds {
  count: number;
  lastAt: number;
}

interface RecentHolds {
  byUser: Map<number, AbandonedHolds>;
  byNetwork: Map<string, AbandonedHolds>;
}

function add<K>(counts: Map<K, AbandonedHolds>, key: K, at: number): void {
  const known = counts.get(key);
  counts.set(key, { count: (known?.count ?? 0) + 1, lastAt: Math.max(known?.lastAt ?? 0, at) });
}

async function read(): Promise<RecentHolds> {
  const recent: RecentHolds = { byUser: new Map(), byNetwork: new Map() };
  for (const { userId, ip, abandonedAt } of await listAbandonedHolds(database, REMEMBERED_SECONDS)) {
    add(recent.byUser, userId, abandonedAt.getTime());
    if (ip) add(recent.byNetwork, getNetwork(ip), abandonedAt.getTime());
  }
  return recent;
}

// Read at most every two seconds, regardless of the load. Holds abandoned in this process reset the cache at once.
let readRecent = cachedFor(MAX_CACHE_AGE_MS, read);

/** Resets the cache after a hold was abandoned in this process. */
export function resetRecentHolds(): void {
  readRecent = cachedFor(MAX_CACHE_AGE_MS, read);
}

const describe = (abandoned: AbandonedHolds | undefined) => ({
  count: abandoned?.count ?? 0,
  secondsAgo: abandoned ? Math.max(0, (Date.now() - abandoned.lastAt) / 1000) : Infinity,
});

/** Returns what the actor may hold unpaid now. If abandoned holds cannot be read, no limit applies; the booking itself reports the problem. */
export async function getHoldAllowance({ userId, ip }: Actor): Promise<HoldAllowance> {
  const isVerified = !config.requireVerifiedEmail || (await isVerifiedUser(userId));
  const limits = { pauseMinutes: config.holdPauseMinutes, maxTickets: config.maxTicketsPerUser };
  if (limits.pauseMinutes === 0) return { isVerified, pauseSeconds: 0, maxTickets: limits.maxTickets };
  const recent = await readRecent().catch((error: Error) => {
    logger.warn({ err: error }, 'Failed to read abandoned holds');
    return undefined;
  });
  const account = describe(recent?.byUser.get(userId));
  const network = describe(ip ? recent?.byNetwork.get(getNetwork(ip)) : undefined);
  return { isVerified, ...calculateHoldAllowance({ account, network }, limits) };
}

export async function cleanUpAbandonedHolds(): Promise<void> {
  await deleteOldAbandonedHolds(database, REMEMBERED_SECONDS);
}
