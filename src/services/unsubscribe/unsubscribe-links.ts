import { timingSafeEqual } from 'node:crypto';
import { config } from '../../config';
import type { Kind } from '../../lib/notification-preferences';
import { deriveToken } from '../secrets.service';

/** What law wants to be left with one click: mail that is useful, but that nobody has asked for. `all` is for addresses that no account has verified. */
export const unsubscribableKinds = ['reminders', 'messages', 'all'] as const satisfies (Kind | 'all')[];
export type UnsubscribableKind = (typeof unsubscribableKinds)[number];

/** Whose mail of which kind: an account's, or that to an address without one, by its hash. */
export type Subscription =
  { kind: Exclude<UnsubscribableKind, 'all'>; userId: number } | { kind: UnsubscribableKind; addressHash: Buffer };

const SIGNATURE_BYTES = 18;

/** How addresses without an account are kept. */
export function hashAddress(email: string): Buffer {
  return deriveToken('unsubscribe', `address ${email.toLowerCase()}`);
}

function sign(text: string): string {
  return `${text}.${deriveToken('unsubscribe', `link ${text}`).subarray(0, SIGNATURE_BYTES).toString('base64url')}`;
}

function createToken(subscription: Subscription): string {
  const whose =
    'userId' in subscription ? `u${subscription.userId}` : `a${subscription.addressHash.toString('base64url')}`;
  return sign(`${subscription.kind}.${whose}`);
}

/** A link that works signed out and as long as JWT_SECRET stays the same. */
export function getUnsubscribeUrl(subscription: Subscription): string {
  return `${config.publicUrl}/api/unsubscribe/${createToken(subscription)}`;
}

/** What a link is about; undefined where we have not made it. */
export function verifySubscription(token: string): Subscription | undefined {
  const [kind = '', whose = ''] = token.split('.');
  // As text: Base64 has several spellings of the same bytes.
  const given = Buffer.from(token);
  const expected = Buffer.from(sign(`${kind}.${whose}`));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const known = unsubscribableKinds.find((each) => each === kind);
  if (!known) return undefined;
  return whose.startsWith('u') && known !== 'all'
    ? { kind: known, userId: Number(whose.slice(1)) }
    : { kind: known, addressHash: Buffer.from(whose.slice(1), 'base64url') };
}
