// What a ticket's code says: 89 bytes in base32 — key id (1 byte), ticket id (4), event id (4), nonce (16), and the Ed25519
// signature of these 25 bytes (64).
import { base32nopad } from '@scure/base';

const CODE_LENGTH = 143;
const SIGNED_BYTES = 25;
const DIGEST_BYTES = 16;

/**
 * @typedef {object} ReadCode
 * @property {number} keyId
 * @property {number} ticketId
 * @property {number} eventId
 * @property {Uint8Array<ArrayBuffer>} signed
 * @property {Uint8Array<ArrayBuffer>} signature
 */

/** Reads a code without verifying it; undefined if the text is none. @param {string} text @returns {ReadCode | undefined} */
export function readCode(text) {
  const code = text.trim();
  if (code.length !== CODE_LENGTH) return undefined;
  try {
    const bytes = Uint8Array.from(base32nopad.decode(code));
    const view = new DataView(bytes.buffer);
    return {
      keyId: view.getUint8(0),
      ticketId: view.getUint32(1),
      eventId: view.getUint32(5),
      signed: bytes.slice(0, SIGNED_BYTES),
      signature: bytes.slice(SIGNED_BYTES),
    };
  } catch {
    return undefined;
  }
}

/** Returns the digest by which the list of the door knows a code. @param {ReadCode} code */
export async function getDigest({ signed }) {
  const hash = await crypto.subtle.digest('SHA-256', signed.slice(1));
  return [...new Uint8Array(hash, 0, DIGEST_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @typedef {{ id: number, jwk: { kty: string, crv: string, x: string } }} TicketKey */

/** @param {TicketKey['jwk']} jwk @param {ReadCode} code */
async function verifyWithLibrary({ x }, { signed, signature }) {
  const { verifyAsync } = await import('@noble/ed25519');
  const key = Uint8Array.from(atob(x.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return verifyAsync(signature, signed, key);
}

/** True if one of these keys has signed the code. Older browsers lack Ed25519. @param {ReadCode} code @param {TicketKey[]} keys */
export async function isGenuine(code, keys) {
  const jwk = keys.find(({ id }) => id === code.keyId)?.jwk;
  if (!jwk) return false;
  try {
    const key = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, code.signature, code.signed);
  } catch {
    return verifyWithLibrary(jwk, code);
  }
}
