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

// The DER prefix of a 32-byte Ed25519 private key (RFC 8410).
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const MAX_KEYS = 255;
/** How long a process may use its cached keys after another process has revoked one. */
const MAX_CACHE_AGE_MS = 30_000;
/** A code with an unknown key id reloads the keys, at most this often. */
const MIN_RELOAD_INTERVAL_MS = 1000;

interface SigningKey {
  id: number;
  key: KeyObject;
}

interface Keys {
  signing: SigningKey;
  /** Keys that are not revoked, by id. */
  verifying: Map<number, KeyObject>;
}

// Private keys are derived and never stored, so a stolen database is not enough to forge tickets.
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

/** Returns the newest key that is not revoked and was derived from the current secret. */
function getSigningKey(rows: TicketKeyRow[]): SigningKey | undefined {
  const newest = rows.findLast(({ id, publicKey, revokedAt }) => {
    return revokedAt === null && getRawPublicKey(derivePrivateKey(id)).equals(publicKey);
  });
  return newest && { id: newest.id, key: derivePrivateKey(newest.id) };
}

async function createKey(db: Db, rows: TicketKeyRow[]): Promise<number> {
  const id = (rows.at(-1)?.id ?? 0) + 1;
  if (id > MAX_KEYS) throw new Error(`There are already ${MAX_KEYS} ticket keys, the most that codes can refer to.`);
  await insertTicketKey(db, { id, publicKey: getRawPublicKey(derivePrivateKey(id)) });
  return id;
}

async function loadKeys(): Promise<Keys> {
  const rows = await listTicketKeys(database);
  const signing = getSigningKey(rows);
  if (!signing) {
    await createKey(database, rows);
    return loadKeys();
  }
  const active = rows.filter(({ revokedAt }) => revokedAt === null);
  return { signing, verifying: new Map(active.map(({ id, publicKey }) => [id, toPublicKey(publicKey)])) };
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

/** Returns the key that signs codes, creating it if there is none. */
export async function getCurrentSigningKey(): Promise<SigningKey> {
  return (await getKeysNotOlderThan(MAX_CACHE_AGE_MS)).signing;
}

/** Returns the public key with this id; undefined if it is unknown or revoked. */
export async function findVerifyingKey(id: number): Promise<KeyObject | undefined> {
  const key = (await getKeysNotOlderThan(MAX_CACHE_AGE_MS)).verifying.get(id);
  return key ?? (await getKeysNotOlderThan(MIN_RELOAD_INTERVAL_MS)).verifying.get(id);
}

/** Lists the keys whose codes are valid, for scanners without a connection. */
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

/** Creates a new signing key and returns its id. Codes of the previous keys stay valid. */
export async function rotateTicketKey(): Promise<number> {
  await runInTransaction(async (trx) => {
    const id = await createKey(trx, await listTicketKeys(trx));
    await recordActivity(trx, 'terminal', { action: 'ticket_key.rotate', subjectId: id });
  });
  cachedKeys = undefined;
  return (await getCurrentSigningKey()).id;
}

/** Revokes a key. Its codes become invalid within 30 s, and tickets must be downloaded again. Returns whether the key was active. */
export async function revokeTicketKey(id: number): Promise<boolean> {
  const wasActive = await runInTransaction(async (trx) => {
    const isRevoked = await updateTicketKeyRevoked(trx, id);
    if (isRevoked) await recordActivity(trx, 'terminal', { action: 'ticket_key.revoke', subjectId: id });
    return isRevoked;
  });
  cachedKeys = undefined;
  return wasActive;
}
