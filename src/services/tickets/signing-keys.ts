import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { database, runInTransaction, type Db } from '../../database';
import {
  insertTicketKey,
  listTicketKeys,
  updateTicketKeyRevoked,
  type TicketKeyRow,
} from '../../models/tickets/signing-keys';
import { recordActivity } from '../audit/record-activity';
import { deriveToken } from '../secrets.service';

// RFC 8410: what stands before the 32 bytes of a private key.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const MAX_KEYS = 255;
/** How long a process may go on with a key that another has revoked. */
const KNOWN_MS = 30_000;
/** A code of an unknown key makes us look again, at most this often. */
const LOOK_AGAIN_MS = 1000;

interface SigningKey {
  id: number;
  key: KeyObject;
}

interface Keys {
  signing: SigningKey;
  /** Those that count, by id. */
  verifying: Map<number, KeyObject>;
}

// Never stored: who has the database alone can't write a ticket.
function derivePrivateKey(id: number): KeyObject {
  const seed = deriveToken('ticket-key', String(id));
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

function getRawPublicKey(key: KeyObject): Buffer {
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x!, 'base64url');
}

const toJwk = (publicKey: Buffer) => ({ kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') });

function toPublicKey(publicKey: Buffer): KeyObject {
  return createPublicKey({ key: toJwk(publicKey) as JsonWebKey, format: 'jwk' });
}

/** The newest that counts and that our secret makes. */
function getSigningKey(rows: TicketKeyRow[]): SigningKey | undefined {
  const newest = rows.findLast(({ id, publicKey, revokedAt }) => {
    return revokedAt === null && getRawPublicKey(derivePrivateKey(id)).equals(publicKey);
  });
  return newest && { id: newest.id, key: derivePrivateKey(newest.id) };
}

async function makeKey(db: Db, rows: TicketKeyRow[]): Promise<number> {
  const id = (rows.at(-1)?.id ?? 0) + 1;
  if (id > MAX_KEYS) throw new Error(`There are ${MAX_KEYS} ticket keys: no code has room for another.`);
  await insertTicketKey(db, { id, publicKey: getRawPublicKey(derivePrivateKey(id)) });
  return id;
}

async function loadKeys(): Promise<Keys> {
  const rows = await listTicketKeys(database);
  const signing = getSigningKey(rows);
  if (!signing) {
    await makeKey(database, rows);
    return loadKeys();
  }
  const counting = rows.filter(({ revokedAt }) => revokedAt === null);
  return { signing, verifying: new Map(counting.map(({ id, publicKey }) => [id, toPublicKey(publicKey)])) };
}

let cachedKeys: { keys: Promise<Keys>; at: number } | undefined;

async function getKeysNotOlderThan(ms: number): Promise<Keys> {
  if (!cachedKeys || performance.now() - cachedKeys.at > ms) {
    const fresh = { keys: loadKeys(), at: performance.now() };
    cachedKeys = fresh;
    fresh.keys.catch(() => {
      if (cachedKeys === fresh) cachedKeys = undefined;
    });
  }
  return cachedKeys.keys;
}

/** What codes are signed with now. The first to ask makes it. */
export async function getCurrentSigningKey(): Promise<SigningKey> {
  return (await getKeysNotOlderThan(KNOWN_MS)).signing;
}

/** The public key of this id; undefined for one that never was, or counts no more. */
export async function findVerifyingKey(id: number): Promise<KeyObject | undefined> {
  const key = (await getKeysNotOlderThan(KNOWN_MS)).verifying.get(id);
  return key ?? (await getKeysNotOlderThan(LOOK_AGAIN_MS)).verifying.get(id);
}

/** The keys whose codes count, for scanners without a connection. */
export async function listPublicKeys() {
  await getCurrentSigningKey();
  const rows = await listTicketKeys(database);
  return rows
    .filter(({ revokedAt }) => revokedAt === null)
    .map(({ id, publicKey, createdAt }) => ({
      id,
      algorithm: 'Ed25519',
      publicKey: toPublicKey(publicKey).export({ format: 'pem', type: 'spki' }),
      jwk: toJwk(publicKey),
      createdAt: createdAt.toISOString(),
    }));
}

/** Makes the key that signs from now on; codes of the others go on counting. Returns its id. */
export async function rotateTicketKey(): Promise<number> {
  await runInTransaction(async (trx) => {
    const id = await makeKey(trx, await listTicketKeys(trx));
    await recordActivity(trx, 'terminal', { action: 'ticket_key.rotate', subjectId: id });
  });
  cachedKeys = undefined;
  return (await getCurrentSigningKey()).id;
}

/** Codes of this key count no more, 30 s from now at the latest: tickets have to be downloaded again. Returns whether it did count. */
export async function revokeTicketKey(id: number): Promise<boolean> {
  const wasCounting = await runInTransaction(async (trx) => {
    const isRevoked = await updateTicketKeyRevoked(trx, id);
    if (isRevoked) await recordActivity(trx, 'terminal', { action: 'ticket_key.revoke', subjectId: id });
    return isRevoked;
  });
  cachedKeys = undefined;
  return wasCounting;
}
