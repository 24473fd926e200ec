import { randomBytes } from 'node:crypto';
import { KEY_BYTES, normalizeLicenseKey, toLicenseKey } from '../../lib/license-key';
import { decryptText, deriveToken, encryptText } from '../secrets.service';

const ENCRYPTION = 'license-key-encryption';

/** Returns what a key is looked up by. Without the secret, nobody can compute it or compare it with a guess. */
export function hashLicenseKey(key: string): Buffer {
  return deriveToken('license-key', normalizeLicenseKey(key));
}

export interface StoredKey {
  keyHash: Buffer;
  encryptedKey: Buffer;
}

/** Creates a key of 125 random bits. */
const createKey = (): string => toLicenseKey(randomBytes(KEY_BYTES));

/** Returns what is stored of a key, by default of a new one. */
export function createStoredKey(key = createKey()): StoredKey {
  const keyHash = hashLicenseKey(key);
  return { keyHash, encryptedKey: encryptText(ENCRYPTION, key, keyHash) };
}

/** Returns the key for its owner; null if JWT_SECRET has changed since it was issued. */
export function readStoredKey({ keyHash, encryptedKey }: StoredKey): string | null {
  try {
    return decryptText(ENCRYPTION, encryptedKey, keyHash);
  } catch {
    return null;
  }
}
