import { config } from '../../config';
import { database, runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import { hashPassword } from '../../integrations/passwords';
import type { Actor, Role } from '../../lib/actor';
import { parseAddress } from '../../lib/email-address';
import { isErasedAddress } from '../../lib/erased';
import { findPasswordProblem } from '../../lib/passwords';
import type { AccountStatus } from '../../models/access.model';
import {
  countActiveAdmins,
  countAdmins,
  findAccount,
  findAccountByEmail,
  insertUser,
  lockAdmins,
  updateEmailVerified,
  updateUser,
} from '../../models/users/accounts';
import { getDifferences, recordActivity } from '../audit/record-activity';
import { recordRevocation } from '../access/revocations';
import { endSessions } from '../sessions/start-and-end-sessions';
import { passOnOffers } from '../waitlist/pass-on-offers';
import { toUser, type Account, type User } from './accounts';

export interface NewAdmin {
  email: string;
  password: string;
}

function recordAccessChange({ id, role, status, accessChangedAt }: Account): void {
  recordRevocation(id, { role, status, changedAt: accessChangedAt });
}

export interface ChangeAccess {
  role?: Role;
  status?: AccountStatus;
}

/**
 * Changes the role or status of a user. Their access tokens follow within seconds, in every process.
 * @throws AppError NOT_FOUND, LAST_ADMIN
 */
export async function changeAccess(
  userId: number,
  change: ChangeAccess,
  actor: Actor | 'terminal' = 'terminal',
): Promise<Account> {
  const account = await runInTransaction(async (trx) => {
    // Serialized, because two admins could otherwise demote each other.
    await lockAdmins(trx);
    const before = await findAccount(trx, userId);
    if (!before) throw new AppError('NOT_FOUND', 'User not found.');
    const after = { ...before, ...change };
    const isAdmin = ({ role, status }: Account): boolean => role === 'admin' && status === 'active';
    if (actor !== 'terminal' && isAdmin(before) && !isAdmin(after) && (await countActiveAdmins(trx)) === 1)
      throw new AppError('LAST_ADMIN');
    const details = getDifferences(before, change);
    if (Object.keys(details).length === 0) return before;
    await recordActivity(trx, actor, { action: 'user.update', subjectId: userId, details });
    if (after.status === 'suspended') await passOnOffers(trx, userId);
    return updateUser(trx, userId, change);
  });
  recordAccessChange(account!);
  return account!;
}

function assertGoodPassword(password: string): void {
  const problem = findPasswordProblem(password);
  if (problem) throw new Error(`The admin's password ${problem}.`);
}

/** @throws Error with a readable message if the address cannot receive mail */
function parseAdminAddress(email: string): string {
  const parsed = parseAddress(email);
  if ('problem' in parsed) throw new Error(`The admin's address ${parsed.problem}.`);
  if (isErasedAddress(parsed.address)) throw new Error("The admin's address must be able to receive mail.");
  return parsed.address;
}

// Someone else may have registered this address before, so their password and sessions must not gain the role.
async function saveAdmin(trx: Trx, email: string, passwordHash: string): Promise<Account> {
  const existing = await findAccountByEmail(trx, email);
  const admin = { role: 'admin', status: 'active', passwordHash } as const;
  const account = existing ? await updateUser(trx, existing.id, admin) : await insertUser(trx, { email, ...admin });
  await updateEmailVerified(trx, account!.id);
  if (existing) await endSessions(trx, { userId: existing.id });
  await recordActivity(trx, 'terminal', { action: 'user.make_admin', subjectId: account!.id, details: { email } });
  return { ...account!, emailVerified: true };
}

/**
 * Makes an existing or new account an admin and sets its password.
 * @throws Error with a readable message if the password is too weak
 */
export async function createAdmin({ email, password }: NewAdmin): Promise<User> {
  assertGoodPassword(password);
  const passwordHash = await hashPassword(password);
  const account = await runInTransaction((trx) => saveAdmin(trx, parseAdminAddress(email), passwordHash));
  recordAccessChange(account);
  return toUser(account);
}

/**
 * Creates the first admin; undefined if there already is one. Safe when several processes start at once.
 * @throws Error with a readable message if the password is too weak
 */
export async function ensureFirstAdmin({ email, password }: NewAdmin): Promise<User | undefined> {
  if ((await countAdmins(database)) > 0) return undefined;
  assertGoodPassword(password);
  const passwordHash = await hashPassword(password);
  return runInTransaction(async (trx) => {
    await lockAdmins(trx);
    return (await countAdmins(trx)) > 0
      ? undefined
      : toUser(await saveAdmin(trx, parseAdminAddress(email), passwordHash));
  });
}

/** Returns the first admin given in the settings, if any. */
export function getConfiguredAdmin(): NewAdmin | undefined {
  const { adminEmail: email, adminPassword: password } = config;
  return email && password ? { email, password } : undefined;
}
