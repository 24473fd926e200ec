import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
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

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a text that has to be read again, for one place: `context` is not secret, and must be the same when decrypting. */
export function encryptText(use: KeyUse, text: string, context: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, getKey(use), nonce).setAAD(context);
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts a text. @throws Error if it was changed, moved, or encrypted with another secret */
export function decryptText(use: KeyUse, encrypted: Buffer, context: Buffer): string {
  const decipher = createDecipheriv(CIPHER, getKey(use), encrypted.subarray(0, NONCE_BYTES)).setAAD(context);
  decipher.setAuthTag(encrypted.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(encrypted.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString();
}
