import { sign } from 'node:crypto';
import { config } from '../../config';
import type { LicenseRow } from '../../models/licenses/licenses';
import { getCurrentSigningKey } from '../tickets/signing-keys';

const DAY_SECONDS = 86_400;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What a certificate says. Times are in seconds since the epoch, as in every JWT. */
export interface CertificateClaims {
  iss: string;
  /** Tells certificates from other tokens that may be signed with these keys. */
  aud: 'license';
  sub: string;
  productId: number;
  fingerprint: string;
  entitlements: string[];
  iat: number;
  exp: number;
}

/**
 * Signs that a license is active on a device, as a JSON Web Token (EdDSA) that another program verifies without a connection. It
 * ends after `offlineDays`, or with the license. Null if the license is not for use without a connection.
 */
export async function createCertificate(license: LicenseRow, fingerprint: string): Promise<string | null> {
  const { id, productId, offlineDays, entitlements, expiresAt } = license;
  if (offlineDays === 0) return null;
  const { id: keyId, key } = await getCurrentSigningKey();
  const iat = Math.floor(Date.now() / 1000);
  const end = expiresAt === null ? Infinity : Math.floor(expiresAt / 1000);
  const claims: CertificateClaims = {
    iss: config.publicUrl,
    aud: 'license',
    sub: String(id),
    productId,
    fingerprint,
    entitlements,
    iat,
    exp: Math.min(iat + offlineDays * DAY_SECONDS, end),
  };
  const signed = `${encode({ alg: 'EdDSA', typ: 'JWT', kid: String(keyId) })}.${encode(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}
