import type { Db, Trx } from '../../database';
import type { Selected } from '../../database/query';
import { execute, int4, int8, queryOne, statement } from '../statement';

export type TokenPurpose = 'verify_email' | 'reset_password';

const RESERVE_ID = statement({
  name: 'user-tokens-id',
  columns: { id: int4("nextval('user_tokens_id_seq')::int") },
  sql: (list) => `SELECT ${list}`,
});

/** Reserves the id of the next token, which is part of the token itself. */
export async function reserveTokenId(trx: Trx): Promise<number> {
  const { id } = await queryOne(trx, RESERVE_ID);
  return id;
}

// Those of the future were sent while the clock was ahead.
const COUNT_RECENT = statement({
  name: 'user-tokens-count-recent',
  columns: { count: int8('count(*)') },
  sql: (list) => `
  SELECT ${list}
  FROM user_tokens
  WHERE user_id = :userId::int AND purpose = :purpose
    AND created_at BETWEEN now() - interval '1 hour' AND now() + interval '1 minute'`,
});

/** Counts the tokens sent to a user for a purpose within the last hour. Locks out concurrent counts until the transaction ends. */
export async function countRecentTokens(
  trx: Trx,
  { userId, purpose }: { userId: number | null; purpose: TokenPurpose },
): Promise<number> {
  await trx.raw(
    `SELECT pg_advisory_xact_lock(hashtextextended('bilten mailed token ' || coalesce(:userId::text, gen_random_uuid()::text), 0))`,
    { userId },
  );
  const { count } = await queryOne(trx, COUNT_RECENT, { userId, purpose });
  return count;
}

interface NewUserToken {
  id: number;
  /** Null inserts nothing, but takes about as long. */
  userId: number | null;
  purpose: TokenPurpose;
  tokenHash: Buffer;
  expiresAt: Date;
}

const INSERT = statement({
  name: 'user-tokens-insert',
  columns: {},
  sql: () => `
  INSERT INTO user_tokens (
    id,
    user_id,
    purpose,
    token_hash,
    expires_at
  )
  SELECT
    :id::integer,
    :userId::integer,
    :purpose,
    :tokenHash::bytea,
    :expiresAt::timestamptz
  WHERE :userId::integer IS NOT NULL`,
});

export async function insertUserToken(trx: Trx, token: NewUserToken): Promise<void> {
  await execute(trx, INSERT, { ...token });
}

const OPEN_TOKEN = { id: 'id', userId: 'user_id', purpose: 'purpose', expiresAt: 'expires_at' } as const;

export type OpenTokenRow = Selected<'user_tokens', typeof OPEN_TOKEN>;

function openTokens(db: Db) {
  return db('user_tokens').whereNull('used_at').where('expires_at', '>', db.fn.now());
}

/** Returns a token that can still be used. */
export async function findOpenToken(db: Db, id: number): Promise<OpenTokenRow | undefined> {
  return openTokens(db).where({ id }).first(OPEN_TOKEN);
}

export async function findOpenTokenUser(
  db: Db,
  { purpose, tokenHash }: { purpose: TokenPurpose; tokenHash: Buffer },
): Promise<number | undefined> {
  const row = await openTokens(db).where({ purpose, token_hash: tokenHash }).first('user_id');
  return row?.user_id;
}

/** Returns the user of a used token. */
export async function findUserOfUsedToken(
  db: Db,
  { purpose, tokenHash }: { purpose: TokenPurpose; tokenHash: Buffer },
): Promise<number | undefined> {
  const row = await db('user_tokens')
    .where({ purpose, token_hash: tokenHash })
    .whereNotNull('used_at')
    .first('user_id');
  return row?.user_id;
}

/** Redeems a token and returns its user; undefined if it cannot be used. */
export async function updateTokenUsed(
  trx: Trx,
  { purpose, tokenHash }: { purpose: TokenPurpose; tokenHash: Buffer },
): Promise<number | undefined> {
  const used = openTokens(trx).where({ purpose, token_hash: tokenHash }).update({ used_at: trx.fn.now() });
  const [row] = await used.returning('user_id');
  return row?.user_id;
}

/** Invalidates all other tokens of this user for this purpose. */
export async function updateOtherTokensUsed(trx: Trx, userId: number, purpose: TokenPurpose): Promise<void> {
  await trx('user_tokens').where({ user_id: userId, purpose }).whereNull('used_at').update({ used_at: trx.fn.now() });
}

const DELETE_OLD = statement({
  name: 'user-tokens-delete-old',
  columns: {},
  sql: () => `
  DELETE FROM user_tokens
  WHERE id IN (
    SELECT id FROM user_tokens WHERE expires_at < now() - interval '1 day' LIMIT :limit
  )`,
});

/** Deletes at most `limit` tokens that expired long ago. Returns how many. */
export async function deleteOldTokens(db: Db, limit: number): Promise<number> {
  return execute(db, DELETE_OLD, { limit });
}
