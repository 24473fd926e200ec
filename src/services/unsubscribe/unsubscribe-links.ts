import { timingSafeEqual } from 'node:crypto';
import { config } from '../../config';
import type { Kind } from '../../lib/notification-preferences';
import { deriveToken } from '../secrets.service';

/** Mail that the law requires to be unsubscribable with one click. `all` is for addresses that no account has verified. */
export const unsubscribableKinds = ['reminders', 'messages', 'all'] as const satisfies (Kind | 'all')[];
export type UnsubscribableKind = (typeof unsubscribableKinds)[number];

/** A kind of mail to an account, or to the hash of an address without an account. */
export type Subscription =
  { kind: Exclude<UnsubscribableKind, 'all'>; userId: number } | { kind: UnsubscribableKind; addressHash: Buffer };

const SIGNATURE_BYTES = 18;

/** Returns the hash under which an address without an account is stored. */
export function hashAddress(email: string): Buffer {
  return deriveToken('unsubscribe', `address ${email.toLowerCase()}`);
}

function sign(text: string): string {
  return `${text}.${deriveToken('unsubscribe', `link ${text}`).subarray(0, SIGNATURE_BYTES).toString('base64url')}`;
}

function createToken(subscription: Subscription): string {
  const subject =
    'userId' in subscription ? `u${subscription.userId}` : `a${subscription.addressHash.toString('base64url')}`;
  return sign(`${subscription.kind}.${subject}`);
}

/** Returns a link that works without signing in, as long as JWT_SECRET stays the same. */
export function getUnsubscribeUrl(subscription: Subscription): string {
  return `${config.publicUrl}/api/unsubscribe/${createToken(subscription)}`;
}

/** Returns the subscription in a link; undefined if its signature is invalid. */
export function verifySubscription(token: string): Subscription | undefined {
  const [kind = '', subject = ''] = token.split('.');
  // Compared as text, because the same bytes have several Base64 spellings.
  const given = Buffer.from(token);
  const expected = Buffer.from(sign(`${kind}.${subject}`));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const known = unsubscribableKinds.find((each) => each === kind);
  if (!known) return undefined;
  return subject.startsWith('u') && known !== 'all'
    ? { kind: known, userId: Number(subject.slice(1)) }
    : { kind: known, addressHash: Buffer.from(subject.slice(1), 'base64url') };
}
