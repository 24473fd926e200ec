import { timingSafeEqual } from 'node:crypto';
import { config } from '../../config';
import { deriveToken } from '../secrets.service';

const SIGNED_SECONDS = 3600;

/** Returns the URL of a public object. */
export function getPublicUrl(key: string): string {
  return `${config.publicUrl}/uploads/${key}`;
}

export function getPublicUrlOrNull(key: string | null): string | null {
  return key === null ? null : getPublicUrl(key);
}

function signKey(key: string, expires: number): Buffer {
  return deriveToken('file-url', `${key} ${expires}`);
}

/** Returns a link that works for an hour without signing in. */
export function getSignedUrl(key: string): { url: string; expiresAt: Date } {
  const expires = Math.floor(Date.now() / 1000) + SIGNED_SECONDS;
  const query = new URLSearchParams({
    expires: String(expires),
    signature: signKey(key, expires).toString('base64url'),
  });
  return { url: `${getPublicUrl(key)}?${query}`, expiresAt: new Date(expires * 1000) };
}

export interface LinkProof {
  expires: string;
  signature: string;
}

/** Returns whether a link has a valid signature and has not expired. */
export function isSigned(key: string, { expires, signature }: LinkProof): boolean {
  const until = Number(expires);
  if (!/^\d{1,12}$/.test(expires) || until * 1000 <= Date.now()) return false;
  const given = Buffer.from(signature, 'base64url');
  const expected = signKey(key, until);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
