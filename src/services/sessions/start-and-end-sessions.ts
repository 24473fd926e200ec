import { randomBytes } from 'node:crypto';
import { config } from '../../config';
import { database, runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor, Caller, Role } from '../../lib/actor';
import { repeatInChunks } from '../../lib/chunks';
import { getOffset, toPage } from '../../lib/paging';
import {
  deleteOldSessions,
  deleteSpentTokens,
  insertSession,
  listOpenSessions,
  updateRevoked,
  type SessionRow,
} from '../../models/sessions.model';
import { signAccessToken } from '../access/access-tokens';
import { recordEndedSessions } from '../access/revocations';
import { hashToken } from '../secrets.service';

export interface TokenPair {
  /** The access token. */
  token: string;
  refreshToken: string;
}

export interface Session extends SessionRow {
  isCurrent: boolean;
}

const TOKEN_BYTES = 32;

/** Step: starts a session on a device. */
export async function startSession(
  trx: Trx,
  { id, role }: { id: number; role: Role },
  { ip, userAgent }: Caller,
): Promise<TokenPair> {
  const refreshToken = randomBytes(TOKEN_BYTES).toString('base64url');
  const tokenHash = hashToken(refreshToken);
  const sessionId = await insertSession(trx, {
    userId: id,
    ip,
    userAgent,
    tokenHash,
    lifeSeconds: config.refreshTokenSeconds,
  });
  return { token: signAccessToken({ userId: id, role, sessionId }), refreshToken };
}

/** Step: ends sessions of a user: all, `only` one, or all `except` one. Their tokens stop working in this process after the commit. */
export async function endSessions(
  trx: Trx,
  which: { userId: number; only?: number; except?: number },
): Promise<number[]> {
  const ended = await updateRevoked(trx, which);
  trx.executionPromise?.then(
    () => recordEndedSessions(ended),
    () => undefined,
  );
  return ended;
}

export async function listSessions(actor: Actor, paging: { page: number; limit: number }) {
  const { rows, total } = await listOpenSessions(database, {
    userId: actor.userId,
    limit: paging.limit,
    offset: getOffset(paging),
  });
  const sessions: Session[] = rows.map((row) => ({ ...row, isCurrent: row.id === actor.sessionId }));
  return toPage(sessions, paging, { total });
}

/** Ends a session of the actor. @throws AppError NOT_FOUND, also if it has ended or belongs to someone else */
export async function endSession(actor: Actor, sessionId: number): Promise<void> {
  const ended = await runInTransaction((trx) => endSessions(trx, { userId: actor.userId, only: sessionId }));
  if (ended.length === 0) throw new AppError('NOT_FOUND', 'Session not found.');
}

export async function logOut(actor: Actor): Promise<void> {
  await runInTransaction((trx) => endSessions(trx, { userId: actor.userId, only: actor.sessionId }));
}

export async function logOutEverywhere(actor: Actor): Promise<void> {
  await runInTransaction((trx) => endSessions(trx, { userId: actor.userId }));
}

const CLEANUP_CHUNK_SIZE = 5000;

/** Deletes sessions that ended so long ago that their access tokens have expired, and refresh tokens spent long ago. */
export async function cleanUpSessions(): Promise<void> {
  await repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteOldSessions(database, config.accessTokenSeconds, limit));
  await repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteSpentTokens(database, config.refreshTokenSeconds, limit));
}
