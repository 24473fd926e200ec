import type { Db, Trx } from '../../database';

export type TokenPurpose = 'verify_email' | 'reset_password';

/** Reserves the id of the next token, which is part of the token itself. */
export async function reserveTokenId(trx: Trx): Promise<number> {
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(`SELECT nextval('user_tokens_id_seq')::integer AS id`);
  return rows[0]!.id;
}

/** Counts the tokens sent to a user for a purpose within the last hour. Locks out concurrent counts until the transaction ends. */
export async function countRecentTokens(
  trx: Trx,
  { userId, purpose }: { userId: number | null; purpose: TokenPurpose },
): Promise<number> {
  const values = { userId, purpose };
  await trx.raw(
    `SELECT pg_advisory_xact_lock(hashtextextended('bilten mailed token ' || coalesce(:userId::text, gen_random_uuid()::text), 0))`,
    values,
  );
  const { rows } = await trx.raw<{ rows: { count: number }[] }>(
    `SELECT count(*) FROM user_tokens WHERE user_id = :userId::int AND purpose = :purpose AND created_at > now() - interval '1 hour'`,
    values,
  );
  return rows[0]!.count;
}

interface NewUserToken {
  id: number;
  /** Null inserts nothing, but takes about as long. */
  userId: number | null;
  purpose: TokenPurpose;
  tokenHash: Buffer;
  expiresAt: Date;
}

export async function insertUserToken(trx: Trx, token: NewUserToken): Promise<void> {
  await trx.raw(
    `INSERT INTO user_tokens (id, user_id, purpose, token_hash, expires_at)
     SELECT :id::integer, :userId::integer, :purpose, :tokenHash::bytea, :expiresAt::timestamptz WHERE :userId::integer IS NOT NULL`,
    { ...token },
  );
}

export interface OpenTokenRow {
  id: number;
  userId: number;
  purpose: TokenPurpose;
  expiresAt: Date;
}

function openTokens(db: Db) {
  return db('user_tokens').whereNull('used_at').where('expires_at', '>', db.fn.now());
}

/** Returns a token that can still be used. */
export async function findOpenToken(db: Db, id: number): Promise<OpenTokenRow | undefined> {
  return openTokens(db)
    .where({ id })
    .first({ id: 'id', userId: 'user_id', purpose: 'purpose', expiresAt: 'expires_at' });
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

/** Deletes at most `limit` tokens that expired long ago. Returns how many. */
export async function deleteOldTokens(db: Db, limit: number): Promise<number> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `DELETE FROM user_tokens WHERE id IN (SELECT id FROM user_tokens WHERE expires_at < now() - interval '1 day' LIMIT ?)`,
    [limit],
  );
  return rowCount;
}
