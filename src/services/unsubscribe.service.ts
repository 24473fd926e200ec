import { database, type Db } from '../database';
import { AppError } from '../errors';
import { insertUnsubscribed, isUnsubscribed as isListed, listUnsubscribed } from '../models/unsubscribe.model';
import { readSubscription, type Subscription, type UnsubscribableKind } from './unsubscribe.links.service';
import { findLocale, refuseMail } from './users.service';

export interface Shown {
  kind: UnsubscribableKind;
  locale: string;
}

function subscriptionOf(token: string): Subscription {
  const subscription = readSubscription(token);
  if (!subscription) throw new AppError('NOT_FOUND', 'This link is not complete, or not ours.');
  return subscription;
}

const localeOf = async (subscription: Subscription): Promise<string> =>
  ('userId' in subscription ? await findLocale(subscription.userId) : undefined) ?? 'en';

/** What the link is about; changes nothing, since programs open links ahead of people. @throws AppError NOT_FOUND */
export async function showSubscription(token: string): Promise<Shown> {
  const subscription = subscriptionOf(token);
  return { kind: subscription.kind, locale: await localeOf(subscription) };
}

/** Ends mail of this kind; as often as one likes. @throws AppError NOT_FOUND */
export async function unsubscribe(token: string): Promise<Shown> {
  const subscription = subscriptionOf(token);
  if ('userId' in subscription) await refuseMail(subscription.userId, subscription.kind);
  else await insertUnsubscribed(database, subscription);
  return { kind: subscription.kind, locale: await localeOf(subscription) };
}

export async function isUnsubscribed(
  db: Db,
  address: { kind: UnsubscribableKind; addressHash: Buffer },
): Promise<boolean> {
  return isListed(db, address);
}

/** The same for many addresses. */
export async function areUnsubscribed(kind: UnsubscribableKind, addressHashes: Buffer[]): Promise<boolean[]> {
  const listed = await listUnsubscribed(database, kind, addressHashes);
  return addressHashes.map((hash) => listed.some((found) => found.equals(hash)));
}
