import { createHash } from 'node:crypto';
import { base32nopad } from '@scure/base';

// A code is 89 bytes in base32: key id (1 byte), ticket id (4), event id (4), nonce (16), and the Ed25519 signature of these 25 bytes (64).
const SIGNED_BYTES = 25;
const BYTES = SIGNED_BYTES + 64;
export const CODE_LENGTH = Math.ceil((BYTES * 8) / 5);

/** The content of a code. */
export interface TicketClaims {
  id: number;
  eventId: number;
  /** A UUID. */
  nonce: string;
}

export interface ReadCode extends TicketClaims {
  keyId: number;
  signed: Buffer;
  signature: Buffer;
}

/** Returns the bytes that are signed. */
export function getSignedBytes({ id, eventId, nonce }: TicketClaims, keyId: number): Buffer {
  const bytes = Buffer.alloc(SIGNED_BYTES);
  bytes.writeUInt8(keyId, 0);
  bytes.writeUInt32BE(id, 1);
  bytes.writeUInt32BE(eventId, 5);
  bytes.write(nonce.replaceAll('-', ''), 9, 'hex');
  return bytes;
}

export function writeCode(signed: Buffer, signature: Buffer): string {
  return base32nopad.encode(Buffer.concat([signed, signature]));
}

/** Decodes strict base32; undefined if the text has other letters or unused bits set at the end. */
function decode(code: string): Buffer | undefined {
  try {
    return Buffer.from(base32nopad.decode(code));
  } catch {
    return undefined;
  }
}

/** Returns the content of a code without verifying its signature; undefined if the text is no code. */
export function readCode(code: string): ReadCode | undefined {
  const bytes = code.length === CODE_LENGTH ? decode(code) : undefined;
  if (bytes?.length !== BYTES) return undefined;
  const signed = bytes.subarray(0, SIGNED_BYTES);
  const nonce = signed.toString('hex', 9).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return {
    keyId: signed.readUInt8(0),
    id: signed.readUInt32BE(1),
    eventId: signed.readUInt32BE(5),
    nonce,
    signed,
    signature: bytes.subarray(SIGNED_BYTES),
  };
}

/**
 * Returns a digest that lets an offline scanner check whether a code is the current one without revealing the code: the first
 * half of the SHA-256 of the signed bytes without the first, in hex. The key id is left out so that lists survive key rotation.
 */
export function hashClaims(claims: TicketClaims): string {
  return createHash('sha256').update(getSignedBytes(claims, 0).subarray(1)).digest('hex').slice(0, 32);
}
