import { database, type Db } from '../../database';
import { AppError } from '../../errors';
import { insertUnsubscribed, isUnsubscribed as isListed, listUnsubscribed } from '../../models/unsubscribe.model';
import { verifySubscription, type Subscription, type UnsubscribableKind } from './unsubscribe-links';
import { findLocale, disableMail } from '../users/accounts';

export interface UnsubscribeState {
  kind: UnsubscribableKind;
  locale: string;
}

function getSubscription(token: string): Subscription {
  const subscription = verifySubscription(token);
  if (!subscription) throw new AppError('NOT_FOUND', 'This link is incomplete or invalid.');
  return subscription;
}

const getLocale = async (subscription: Subscription): Promise<string> =>
  ('userId' in subscription ? await findLocale(subscription.userId) : undefined) ?? 'en';

/** Returns what a link unsubscribes from. Changes nothing, because mail programs may open links before their users do. @throws AppError NOT_FOUND */
export async function getUnsubscribeState(token: string): Promise<UnsubscribeState> {
  const subscription = getSubscription(token);
  return { kind: subscription.kind, locale: await getLocale(subscription) };
}

/** Unsubscribes from this kind of mail. Safe to repeat. @throws AppError NOT_FOUND */
export async function unsubscribe(token: string): Promise<UnsubscribeState> {
  const subscription = getSubscription(token);
  if ('userId' in subscription) await disableMail(subscription.userId, subscription.kind);
  else await insertUnsubscribed(database, subscription);
  return { kind: subscription.kind, locale: await getLocale(subscription) };
}

export async function isUnsubscribed(
  db: Db,
  address: { kind: UnsubscribableKind; addressHash: Buffer },
): Promise<boolean> {
  return isListed(db, address);
}

/** Returns for each address whether it is unsubscribed. */
export async function areUnsubscribed(kind: UnsubscribableKind, addressHashes: Buffer[]): Promise<boolean[]> {
  const listed = await listUnsubscribed(database, kind, addressHashes);
  return addressHashes.map((hash) => listed.some((found) => found.equals(hash)));
}
