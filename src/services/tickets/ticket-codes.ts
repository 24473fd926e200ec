import { sign, verify, type KeyObject } from 'node:crypto';
import { readCode, getSignedBytes, writeCode, type TicketClaims } from '../../lib/ticket-code';
import { getCurrentSigningKey, findVerifyingKey } from './signing-keys';

// With a callback: on another thread. Going there and back takes as long as signing does (25 µs), so it is for many.

function signClaims(bytes: Buffer, key: KeyObject, isOneOfMany: boolean): Buffer | Promise<Buffer> {
  if (!isOneOfMany) return sign(null, bytes, key);
  return new Promise((resolve, reject) => {
    sign(null, bytes, key, (error, signature) => (error ? reject(error) : resolve(signature)));
  });
}

function verifySignature(bytes: Buffer, signature: Buffer, key: KeyObject): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, bytes, key, signature, (error, isRight) => (error ? reject(error) : resolve(isRight)));
  });
}

/** A ticket's code. Made when it is read, not kept: a sale costs no signing under its lock, and the database holds no codes. */
export async function createTicketCode(ticket: TicketClaims, { isOneOfMany = false } = {}): Promise<string> {
  const { id, key } = await getCurrentSigningKey();
  const signed = getSignedBytes(ticket, id);
  return writeCode(signed, await signClaims(signed, key, isOneOfMany));
}

/** The ticket that a code of ours names; undefined for anything that we have not signed. */
export async function findTicketClaims(code: string): Promise<TicketClaims | undefined> {
  const read = readCode(code);
  const key = read && (await findVerifyingKey(read.keyId));
  if (!key || !(await verifySignature(read.signed, read.signature, key))) return undefined;
  return { id: read.id, eventId: read.eventId, nonce: read.nonce };
}
