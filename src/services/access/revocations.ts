import { config } from '../../config';
import { accessDatabase } from '../../database';
import { AppError } from '../../errors';
import type { Actor, Role } from '../../lib/actor';
import { logger } from '../../logger';
import { listAccessChanges, type AccountStatus } from '../../models/access.model';
import { getAccessTokenKey } from '../secrets.service';

const POLL_INTERVAL_MS = 2000;
// Together with what a reading takes this stays within the 5 s in which a logout must bite everywhere.
const TRUSTED_FOR_MS = 4500;
// A change is dated when its transaction began, and seen once it has committed.
const OVERLAP_S = 30;

type Bearer = Pick<Actor, 'userId' | 'role' | 'sessionId'>;

interface Access {
  role: Role;
  status: AccountStatus;
  changedAt: number;
  notedAt: number;
}

// With the time of noting, by this machine's clock: both are kept as long as an access token from before may still be around.
const endedSessions = new Map<number, number>();
const changedUsers = new Map<number, Access>();
let readAt = -Infinity;
let reading: Promise<void> | undefined;

/** Makes it bite in this process at once; the others read it from the database. */
export function recordEndedSessions(sessionIds: number[]): void {
  for (const id of sessionIds) if (!endedSessions.has(id)) endedSessions.set(id, Date.now());
}

/** Makes it bite in this process at once; the others read it from the database. */
export function recordRevocation(userId: number, access: { role: Role; status: AccountStatus; changedAt: Date }): void {
  const changedAt = access.changedAt.getTime();
  // A reading that began before a later change may end after it.
  if (changedAt >= (changedUsers.get(userId)?.changedAt ?? 0))
    changedUsers.set(userId, { ...access, changedAt, notedAt: Date.now() });
}

function forget(before: number): void {
  for (const [id, notedAt] of endedSessions) if (notedAt < before) endedSessions.delete(id);
  for (const [id, { notedAt }] of changedUsers) if (notedAt < before) changedUsers.delete(id);
}

async function read(): Promise<void> {
  const startedAt = performance.now();
  const lifeSeconds = config.accessTokenSeconds + OVERLAP_S;
  const sinceLast = (startedAt - readAt) / 1000 + OVERLAP_S;
  const changes = await listAccessChanges(accessDatabase, Math.min(sinceLast, lifeSeconds));
  recordEndedSessions(changes.endedSessions);
  for (const { id, ...access } of changes.users) recordRevocation(id, access);
  forget(Date.now() - lifeSeconds * 1000);
  readAt = startedAt;
}

/** Reads what has changed; one reading at a time serves all who ask. */
export function pollRevocations(): Promise<void> {
  reading ??= read().finally(() => {
    reading = undefined;
  });
  return reading;
}

/** Whether what this process knows is recent enough to let anybody in; otherwise `readAccess`. */
export function areRevocationsCurrent(): boolean {
  return performance.now() - readAt < TRUSTED_FOR_MS;
}

/**
 * The bearer with the role of today.
 * @throws AppError UNAUTHORIZED when the session has ended, ACCOUNT_SUSPENDED
 */
export function assertNotRevoked(bearer: Bearer): Bearer {
  if (endedSessions.has(bearer.sessionId)) throw new AppError('UNAUTHORIZED', 'This session has ended: sign in again.');
  const changed = changedUsers.get(bearer.userId);
  if (!changed) return bearer;
  if (changed.status === 'suspended') throw new AppError('ACCOUNT_SUSPENDED');
  return { ...bearer, role: changed.role };
}

/**
 * Keeps this process informed of ended sessions, suspensions and new roles; while the database is away it goes on trying.
 * @throws Error where JWT_SECRET is missing
 */
export function startRevocationPolling(): () => void {
  getAccessTokenKey();
  const look = (): void =>
    void pollRevocations().catch((error: Error) => logger.warn({ err: error }, 'Ended sessions could not be read'));
  look();
  const timer = setInterval(look, POLL_INTERVAL_MS).unref();
  return () => clearInterval(timer);
}
