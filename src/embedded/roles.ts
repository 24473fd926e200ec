import pg from 'pg';
import type { Passwords } from './cluster';

export const OWNER = 'bilten_owner';
export const PROGRAM = 'bilten_program';
export const DATABASE = 'bilten';
const ANSWER_MS = 10_000;

export function getUrl(
  user: string,
  password: string,
  { port, database = DATABASE }: { port: number; database?: string },
): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}

async function ignoreErrors(codes: string[], work: Promise<unknown>): Promise<void> {
  await work.catch((error: { code?: string }) => {
    if (!codes.includes(error.code ?? '')) throw error;
  });
}

/** Creates the role that owns and migrates the database, the role of the program that can only use it, and the database. */
export async function ensureRoles(passwords: Passwords, port: number): Promise<void> {
  const client = new pg.Client({
    connectionString: getUrl('postgres', passwords.superuser, { port, database: 'postgres' }),
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
  });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount) return;
    // A concurrent start may do the same; the objects then exist already or (23505) are being created.
    const there = ['42710', '42P04', '23505'];
    await ignoreErrors(
      there,
      client.query(`CREATE ROLE ${OWNER} LOGIN CREATEDB PASSWORD ${client.escapeLiteral(passwords.owner)}`),
    );
    await ignoreErrors(
      there,
      client.query(`CREATE ROLE ${PROGRAM} LOGIN PASSWORD ${client.escapeLiteral(passwords.program)}`),
    );
    await ignoreErrors(there, client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`));
  } finally {
    await client.end();
  }
}
