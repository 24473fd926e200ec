import type { Knex } from 'knex';
import { createKnex, getSqlState } from '../database';
import { logger } from '../logger';

/**
 * What a session of the program may not exceed. They belong to the role, and not to what a connection asks for at its start, so
 * that they hold behind a pooler too, and for a process that has frozen or is gone.
 */
const LIMITS: Record<string, string> = {
  // Less than our own patience with a silent connection.
  statement_timeout: '7s',
  // Of reads: transactions ask for more.
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '10s',
  tcp_user_timeout: '10s',
  tcp_keepalives_idle: '10s',
  tcp_keepalives_interval: '2s',
  tcp_keepalives_count: '5',
};

const INSUFFICIENT_PRIVILEGE = '42501';
// Two programs that share a role migrate at once.
const UPDATED_CONCURRENTLY = 'XX000';
const ATTEMPTS = 5;

/** What an operator has set for the role, to whatever, stays. */
async function findMissing(db: Knex, role: string): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { setting: string }[] }>(
    `SELECT split_part(unnest(setconfig), '=', 1) AS setting
     FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole WHERE r.rolname = ? AND s.setdatabase = 0`,
    [role],
  );
  const present = new Set(rows.map(({ setting }) => setting));
  return Object.keys(LIMITS).filter((name) => !present.has(name));
}

async function setMissing(db: Knex, role: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      for (const name of await findMissing(db, role))
        await db.raw(`ALTER ROLE ?? SET ${name} = '${LIMITS[name]}'`, [role]);
      return;
    } catch (error) {
      if (getSqlState(error) !== UPDATED_CONCURRENTLY || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Sets the limits over a connection of the role itself: a role may set its own defaults, an owner of tables not those of others. */
async function setAsItself(programUrl: string, role: string): Promise<void> {
  const connection = createKnex(programUrl, { max: 1, applicationName: 'bilten migrate' });
  try {
    await setMissing(connection, role);
  } finally {
    await connection.destroy();
  }
}

/** Gives the program's role its limits, as the owner where the owner may, else as the program. They hold from its next connection on. */
export async function limitRole(owner: Knex, role: string, programUrl: string | undefined): Promise<void> {
  try {
    if ((await findMissing(owner, role)).length === 0) return;
    await setMissing(owner, role).catch(async (error: unknown) => {
      if (getSqlState(error) !== INSUFFICIENT_PRIVILEGE || !programUrl) throw error;
      await setAsItself(programUrl, role);
    });
  } catch (error) {
    logger.warn(
      { err: error },
      `The role ${role} has no limits: set ${Object.entries(LIMITS)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ')} for it, or a lock that is held for long stops every request.`,
    );
  }
}
