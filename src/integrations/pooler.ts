import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { getConnectionOptions } from '../database';
import { endConnection } from '../database/silence';

const NOTIFY_TIMEOUT_MS = 1000;
const ANSWER_MS = 3000;
const UNSUPPORTED_STARTUP = '08P01';
// SQLSTATEs for a statement name that another client already uses, or that this server connection does not know.
const FOREIGN_STATEMENT = new Set(['42P05', '26000', '08P01']);

/** Returns the backend process id that the client received when connecting; a pooler sends one of its own. */
type Client = pg.Client & { processID?: number };

async function withClients<T>(
  url: string,
  options: pg.ClientConfig,
  work: (client: Client, other: Client) => Promise<T>,
) {
  const clients = [1, 2].map(
    () =>
      new pg.Client({ ...getConnectionOptions(url, 'bilten check'), query_timeout: ANSWER_MS, ...options }) as Client,
  );
  for (const client of clients) client.on('error', () => undefined);
  try {
    await Promise.all(clients.map((client) => client.connect()));
    return await work(clients[0]!, clients[1]!);
  } finally {
    await Promise.all(clients.map(endConnection));
  }
}

async function isPooled(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid !== client.processID;
}

async function receivesNotifications(listener: Client, speaker: Client): Promise<boolean> {
  const channel = `bilten_check_${randomBytes(6).toString('hex')}`;
  const heard = new Promise<boolean>((resolve) => listener.once('notification', () => resolve(true)));
  await listener.query(`LISTEN ${channel}`);
  await speaker.query(`NOTIFY ${channel}`);
  return Promise.race([
    heard,
    new Promise<boolean>((resolve) => setTimeout(resolve, NOTIFY_TIMEOUT_MS, false).unref()),
  ]);
}

/**
 * True if connections to this URL keep session state: settings passed when connecting, and LISTEN. A pooler in transaction mode
 * does not. @throws Error if PostgreSQL cannot be reached
 */
export async function supportsSessions(url: string): Promise<boolean> {
  try {
    return await withClients(url, { options: '-c search_path=pg_temp' }, async (client, other) => {
      if (!(await isPooled(client))) return true;
      const { rows } = await client.query<{ search_path: string }>('SHOW search_path');
      return rows[0]!.search_path === 'pg_temp' && (await receivesNotifications(client, other));
    });
  } catch (error) {
    if ((error as { code?: string }).code === UNSUPPORTED_STARTUP) return false;
    throw error;
  }
}

/**
 * True if named prepared statements work over this URL. A pooler without support for them mixes up those of its clients.
 * @throws Error if PostgreSQL cannot be reached
 */
export async function supportsPreparedStatements(url: string): Promise<boolean> {
  return withClients(url, {}, async (client, other) => {
    if (!(await isPooled(client))) return true;
    const name = `bilten_check_${randomBytes(6).toString('hex')}`;
    try {
      await client.query({ name, text: 'SELECT 1 AS one' });
      // Most likely uses the server connection that the first client has just released.
      await other.query({ name, text: 'SELECT 2 AS two' });
      await other.query('BEGIN');
      await client.query({ name, text: 'SELECT 1 AS one' });
      await other.query('COMMIT');
      return true;
    } catch (error) {
      if (FOREIGN_STATEMENT.has((error as { code?: string }).code ?? '')) return false;
      throw error;
    }
  });
}
