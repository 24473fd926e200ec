import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { config } from '../config';
import { deriveKey, type KeyUse } from '../lib/derived-key';

const keys = new Map<KeyUse, KeyObject>();

/** Returns a key. Cached as a key object, because a string would be converted at every verification. */
function getKey(use: KeyUse): KeyObject {
  const known = keys.get(use);
  if (known) return known;
  // An empty key would work, and everyone would know it.
  if (!config.jwtSecret) throw new Error('JWT_SECRET is not set.');
  const key = createSecretKey(deriveKey(config.jwtSecret, use));
  keys.set(use, key);
  return key;
}

/** Returns the key that signs access tokens. @throws Error if JWT_SECRET is missing */
export function getAccessTokenKey(): KeyObject {
  return getKey('access-token');
}

/** Returns the key that signs passes to the queue board. */
export function getBoardPassKey(): KeyObject {
  return getKey('board-pass');
}

/** Derives a token from `text` that only this installation can compute. */
export function deriveToken(use: KeyUse, text: string): Buffer {
  return createHmac('sha256', getKey(use)).update(text).digest();
}

/** Returns the hash under which an opaque token is stored. Tokens are random, so a plain hash is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
