import { database, runInTransaction } from '../../database';
import { AppError } from '../../errors';
import { hashPassword, isHashOutdated } from '../../integrations/passwords';
import type { Caller, Role } from '../../lib/actor';
import { assertNoOwnWords } from './password-rules';
import { verifyPassword, rememberNetwork } from './throttle';
import { sendToken } from './mailed-tokens';
import { startSession, type TokenPair } from '../sessions/start-and-end-sessions';
import { changePasswordHash, createUser, findAccountByAddress, recordLogin, type User } from '../users/accounts';

export interface Register {
  email: string;
  password: string;
  firstName?: string | null;
  lastName?: string | null;
  /** Split into first and last name if those are missing. */
  name?: string;
  phone?: string | null;
  locale?: string;
  timezone?: string;
  role: Exclude<Role, 'admin'>;
}

export interface Login {
  email: string;
  password: string;
}

export type SignedIn = TokenPair & { user: User };

/** Splits a name into its first word and the rest. */
function splitName(name: string | undefined): { firstName: string | null; lastName: string | null } {
  const [first, ...rest] = name?.trim().split(/\s+/) ?? [];
  return { firstName: first || null, lastName: rest.join(' ') || null };
}

/** @throws AppError USER_EXISTS, UNAVAILABLE */
export async function register(
  { name, password, firstName, lastName, phone, email, locale, timezone, role }: Register,
  caller: Caller,
): Promise<SignedIn> {
  // The unique constraint decides; this check saves the cost of a hash.
  if (await findAccountByAddress(database, email)) throw new AppError('USER_EXISTS');
  const names = splitName(name);
  assertNoOwnWords(password, { field: 'password', email, firstName, lastName, name });
  const passwordHash = await hashPassword(password);
  const values = {
    email,
    passwordHash,
    role,
    phone: phone || null,
    ...(locale && { locale }),
    ...(timezone && { timezone }),
    firstName: firstName || names.firstName,
    lastName: lastName || names.lastName,
  };
  return runInTransaction(async (trx) => {
    const account = await createUser(trx, values);
    await sendToken(trx, { purpose: 'verify_email', userId: account.id, requestId: caller.requestId });
    const user = await recordLogin(trx, account);
    await rememberNetwork(trx, { email, ip: caller.ip });
    return { user: user!, ...(await startSession(trx, account, caller)) };
  });
}

/** @throws AppError INVALID_CREDENTIALS, ACCOUNT_SUSPENDED, RATE_LIMITED, UNAVAILABLE */
export async function login({ email, password }: Login, caller: Caller): Promise<SignedIn> {
  const account = await findAccountByAddress(database, email);
  const isValid = await verifyPassword({ email, password, hash: account?.passwordHash, ip: caller.ip });
  if (!account || !isValid) throw new AppError('INVALID_CREDENTIALS');
  if (account.status === 'suspended') throw new AppError('ACCOUNT_SUSPENDED');
  const newHash = isHashOutdated(account.passwordHash) ? await hashPassword(password) : undefined;
  const signedIn = await runInTransaction(async (trx) => {
    const user = await recordLogin(trx, account);
    if (!user) return undefined;
    if (newHash) await changePasswordHash(trx, account.id, newHash);
    await rememberNetwork(trx, { email, ip: caller.ip });
    return { user, ...(await startSession(trx, account, caller)) };
  });
  // The hash has changed in the meantime: the password was changed, or the hash was upgraded.
  return signedIn ?? login({ email, password }, caller);
}
