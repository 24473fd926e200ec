import { config } from '../../config';
import { accessDatabase } from '../../database';
import { AppError } from '../../errors';
import type { Actor, Role } from '../../lib/actor';
import { logger } from '../../logger';
import { listAccessChanges, type AccountStatus } from '../../models/access.model';
import { getAccessTokenKey } from '../secrets.service';

const POLL_INTERVAL_MS = 2000;
// Together with the time of a poll this stays within the 5 s after which a logout must take effect everywhere.
const TRUSTED_FOR_MS = 4500;
// A change carries the time when its transaction started, but is visible only after the commit.
const OVERLAP_S = 30;

type Bearer = Pick<Actor, 'userId' | 'role' | 'sessionId'>;

interface Access {
  role: Role;
  status: AccountStatus;
  changedAt: number;
  recordedAt: number;
}

// With the local time when they were recorded. Both are kept as long as an older access token may still be valid.
const endedSessions = new Map<number, number>();
const changedUsers = new Map<number, Access>();
let readAt = -Infinity;
let reading: Promise<void> | undefined;

/** Records ended sessions in this process at once; other processes poll them from the database. */
export function recordEndedSessions(sessionIds: number[]): void {
  for (const id of sessionIds) if (!endedSessions.has(id)) endedSessions.set(id, Date.now());
}

/** Records a changed role or status in this process at once; other processes poll it from the database. */
export function recordRevocation(userId: number, access: { role: Role; status: AccountStatus; changedAt: Date }): void {
  const changedAt = access.changedAt.getTime();
  // A poll that started before a later change may finish after it.
  if (changedAt >= (changedUsers.get(userId)?.changedAt ?? 0))
    changedUsers.set(userId, { ...access, changedAt, recordedAt: Date.now() });
}

function forgetRecordedBefore(before: number): void {
  for (const [id, recordedAt] of endedSessions) if (recordedAt < before) endedSessions.delete(id);
  for (const [id, { recordedAt }] of changedUsers) if (recordedAt < before) changedUsers.delete(id);
}

async function read(): Promise<void> {
  const startedAt = performance.now();
  const lifeSeconds = config.accessTokenSeconds + OVERLAP_S;
  const sinceLast = (startedAt - readAt) / 1000 + OVERLAP_S;
  const changes = await listAccessChanges(accessDatabase, Math.min(sinceLast, lifeSeconds));
  recordEndedSessions(changes.endedSessions);
  for (const { id, ...access } of changes.users) recordRevocation(id, access);
  forgetRecordedBefore(Date.now() - lifeSeconds * 1000);
  readAt = startedAt;
}

/** Reads the latest changes. Concurrent calls share one query. */
export function pollRevocations(): Promise<void> {
  reading ??= read().finally(() => {
    reading = undefined;
  });
  return reading;
}

/** Returns whether the recorded revocations are recent enough to grant access; otherwise call `pollRevocations`. */
export function areRevocationsCurrent(): boolean {
  return performance.now() - readAt < TRUSTED_FOR_MS;
}

/**
 * Returns the bearer with their current role.
 * @throws AppError UNAUTHORIZED if the session has ended, ACCOUNT_SUSPENDED
 */
export function assertNotRevoked(bearer: Bearer): Bearer {
  if (endedSessions.has(bearer.sessionId)) throw new AppError('UNAUTHORIZED', 'This session has ended: sign in again.');
  const changed = changedUsers.get(bearer.userId);
  if (!changed) return bearer;
  if (changed.status === 'suspended') throw new AppError('ACCOUNT_SUSPENDED');
  return { ...bearer, role: changed.role };
}

/**
 * Polls for ended sessions, suspensions and new roles, also while the database is unavailable. Returns a function that stops it.
 * @throws Error if JWT_SECRET is missing
 */
export function startRevocationPolling(): () => void {
  getAccessTokenKey();
  const poll = (): void =>
    void pollRevocations().catch((error: Error) => logger.warn({ err: error }, 'Failed to poll for revocations'));
  poll();
  const timer = setInterval(poll, POLL_INTERVAL_MS).unref();
  return () => clearInterval(timer);
}
