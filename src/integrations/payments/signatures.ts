import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../errors';

export const TOLERANCE_SECONDS = 300;

/** Returns the secrets in a setting: one, or the old and the new one during rotation. */
export function listSecrets(setting: string): string[] {
  return setting
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
}

export function createSignatureError(why: string): AppError {
  return new AppError('VALIDATION_ERROR', `The webhook is not accepted: ${why}.`);
}

/** Checks the time of a webhook. @throws AppError VALIDATION_ERROR if it is invalid or too far from now */
export function assertFresh(sentAt: Date): void {
  const seconds = Math.abs(Date.now() - sentAt.getTime()) / 1000;
  if (!(seconds <= TOLERANCE_SECONDS))
    throw createSignatureError(`it was not sent within ${TOLERANCE_SECONDS} seconds of now`);
}

/** True if the signature is the HMAC of the body; compares in constant time. */
export function isHmac(signature: string, body: Buffer, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(0);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Parses the JSON object of a webhook. @throws AppError VALIDATION_ERROR */
export function parseWebhook<T extends object>(body: Buffer): T {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed as T;
  } catch {
    // Reported below.
  }
  throw createSignatureError('its body is not a JSON object');
}
