import pg from 'pg';
import { config } from '../config';
import { logger } from '../logger';

const MAX_WAIT_MS = 3000;
const OLDEST_VERSION = 14;

// SQLSTATEs of errors that persist until a setting or the server is changed.
const REFUSALS = new Set(['28P01', '28000', '3D000', '42501']);

/** Returns the location of a database without its password. */
export function describePlace(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${host || (searchParams.get('host') ?? 'this machine')}${pathname}`;
}

/** True if the server responds but refuses this program. */
export function isPermanent(error: unknown): boolean {
  return REFUSALS.has(String((error as { code?: unknown } | undefined)?.code));
}

export function describeRefusal(name: string, url: string, error: unknown): string {
  return `The database at ${describePlace(url)} does not let the program in: ${(error as Error).message}. Check ${name}.`;
}

/**
 * Checks the database at startup. A database that does not respond yet is only logged; requests get 503 until it does.
 * @throws Error with a sentence if the database refuses the program or is too old
 */
export async function checkDatabaseOnce(): Promise<void> {
  const url = config.databaseUrl!;
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: MAX_WAIT_MS,
    query_timeout: MAX_WAIT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    const version = Math.floor((rows[0]?.version ?? 0) / 10_000);
    if (version < OLDEST_VERSION)
      throw new Error(
        `The database at ${describePlace(url)} is PostgreSQL ${version}: ${OLDEST_VERSION} or newer is needed.`,
      );
  } catch (error) {
    if (isPermanent(error)) throw new Error(describeRefusal('DATABASE_URL', url, error), { cause: error });
    if (error instanceof Error && error.message.startsWith('The database at')) throw error;
    logger.warn(
      `The database at ${describePlace(url)} does not answer (${(error as Error).message}): requests get 503 until it does.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
