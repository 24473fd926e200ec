import { createHmac } from 'node:crypto';

/** What JWT_SECRET is used for. Each use has a key of its own, so what one of them signs or shows says nothing about the others. */
export type KeyUse =
  | 'access-token'
  | 'board-pass'
  | 'refresh-token'
  | 'mailed-token'
  | 'account'
  | 'ticket-key'
  | 'file-url'
  | 'unsubscribe'
  | 'booking-link'
  | 'sandbox';

/** The 32-byte key of a use. It must never change for a given secret: tickets and links that are out would stop working. */
export function deriveKey(secret: string, use: KeyUse): Buffer {
  return createHmac('sha256', secret).update(`bilten ${use}`).digest();
}
