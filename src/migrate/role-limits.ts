import type { Knex } from 'knex';
import { createKnex, getSqlState } from '../database';
import { logger } from '../logger';

/**
 * Limits for sessions of the program. They are set on the role and not by each connection, so that they also apply behind a
 * pooler, and to processes that have frozen or crashed.
 */
const LIMITS: Record<string, string> = {
  // Shorter than the time after which we give up a silent connection.
  statement_timeout: '7s',
  // For single statements; transactions raise it.
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '10s',
  tcp_user_timeout: '10s',
  tcp_keepalives_idle: '10s',
  tcp_keepalives_interval: '2s',
  tcp_keepalives_count: '5',
};

const INSUFFICIENT_PRIVILEGE = '42501';
// Two programs that share a role may migrate at the same time.
const UPDATED_CONCURRENTLY = 'XX000';
const ATTEMPTS = 5;

/** Leaves every setting alone that an operator has set for the role. */
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

/** Sets the limits over a connection of the role itself: a role can set its own defaults, but a table owner cannot set those of another role. */
async function setAsItself(programUrl: string, role: string): Promise<void> {
  const connection = createKnex(programUrl, { max: 1, applicationName: 'bilten migrate' });
  try {
    await setMissing(connection, role);
  } finally {
    await connection.destroy();
  }
}

/** Sets the limits of the program's role, as the owner if it may, otherwise as the role itself. They apply to new connections. */
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
