import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { config } from '../config';
import { deriveKey, type KeyUse } from '../lib/derived-key';

const keys = new Map<KeyUse, KeyObject>();

/** Made once: from a string it would be made again at every verification. */
function getKey(use: KeyUse): KeyObject {
  const known = keys.get(use);
  if (known) return known;
  // An empty key would sign, and everybody has it.
  if (!config.jwtSecret) throw new Error('JWT_SECRET is not set.');
  const key = createSecretKey(deriveKey(config.jwtSecret, use));
  keys.set(use, key);
  return key;
}

/** Signs access tokens. @throws Error where JWT_SECRET is missing */
export function getAccessTokenKey(): KeyObject {
  return getKey('access-token');
}

/** Signs what lets an admin's browser into the queue board. */
export function getBoardPassKey(): KeyObject {
  return getKey('board-pass');
}

/** What only this installation can make of `text`. */
export function deriveToken(use: KeyUse, text: string): Buffer {
  return createHmac('sha256', getKey(use)).update(text).digest();
}

/** How opaque tokens are stored. They are random, so a plain hash is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
