import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { config } from '../config';

/** What JWT_SECRET is used for besides access tokens; each use has a key of its own. */
type Use = 'refresh-token' | 'mailed-token' | 'account' | 'ticket-key' | 'file-url' | 'unsubscribe';

const keys = new Map<string, KeyObject>();

function secret(): string {
  // An empty key would sign, and everybody has it.
  if (!config.jwtSecret) throw new Error('JWT_SECRET is not set.');
  return config.jwtSecret;
}

/** Made once: from a string it would be made again at every verification. */
export function accessTokenKey(): KeyObject {
  let key = keys.get('access-token');
  if (!key) keys.set('access-token', (key = createSecretKey(Buffer.from(secret()))));
  return key;
}

function keyFor(use: Use): KeyObject {
  let key = keys.get(use);
  if (!key) keys.set(use, (key = createSecretKey(createHmac('sha256', secret()).update(`bilten ${use}`).digest())));
  return key;
}

/** What only this installation can make of `text`. */
export function derive(use: Use, text: string): Buffer {
  return createHmac('sha256', keyFor(use)).update(text).digest();
}

/** How opaque tokens are stored. They are random, so a plain hash is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
