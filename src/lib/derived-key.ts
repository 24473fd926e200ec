import { createHmac } from 'node:crypto';

/** The uses of JWT_SECRET. Each has its own derived key, so nothing signed for one use is valid for another. */
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
  | 'download'
  | 'product-view'
  | 'license-key'
  | 'license-key-encryption'
  | 'sandbox';

/** Returns the 32-byte key of a use. It must never change for a given secret, or issued tickets, licenses and links would stop working. */
export function deriveKey(secret: string, use: KeyUse): Buffer {
  return createHmac('sha256', secret).update(`bilten ${use}`).digest();
}
