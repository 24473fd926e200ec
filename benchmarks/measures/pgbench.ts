import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { World } from '../world';

const CLIENTS = 20;
const DEBIAN = '/usr/lib/postgresql';

/** Finds pgbench on the PATH or where Debian installs it; undefined if there is none. */
function findPgbench(): string | undefined {
  if (!spawnSync('pgbench', ['--version'], { stdio: 'ignore' }).error) return 'pgbench';
  if (!existsSync(DEBIAN)) return undefined;
  return readdirSync(DEBIAN)
    .map((version) => path.join(DEBIAN, version, 'bin', 'pgbench'))
    .find((file) => existsSync(file));
}

// The tables of the program with checks and indexes, but without foreign keys and triggers.
const TABLES = `
  CREATE SCHEMA bare;
  CREATE TABLE bare.bookings (LIKE bookings INCLUDING ALL);
  CREATE TABLE bare.event_inventory (LIKE event_inventory INCLUDING ALL) WITH (fillfactor = 20);
  INSERT INTO bare.event_inventory (event_id, capacity) VALUES (1, 10000000);
  CREATE SEQUENCE bare.users CACHE 100`;

const SCRIPT = `
BEGIN;
SELECT capacity, sold, held FROM bare.event_inventory WHERE event_id = 1 FOR UPDATE;
INSERT INTO bare.bookings (reference, user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, confirmed_at)
  SELECT 'R' || n, n, 1, 1, 'confirmed', 0, 'USD', true, gen_random_uuid(), now() FROM nextval('bare.users') AS n;
UPDATE bare.event_inventory SET sold = sold + 1 WHERE event_id = 1;
COMMIT;
`;

/** Measures transactions per second that lock a row, insert a booking, update the row and commit; undefined without pgbench. */
export async function bareTransactions({ stage, sizes }: World): Promise<number | undefined> {
  const pgbench = findPgbench();
  if (!pgbench) return undefined;
  return stage.withDatabase(async ({ superuserUrl, query }) => {
    for (const statement of TABLES.split(';')) await query(statement);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'bilten-pgbench-'));
    try {
      const script = path.join(folder, 'book.sql');
      writeFileSync(script, SCRIPT);
      const { hostname, port, username, password, pathname } = new URL(superuserUrl);
      const connection = ['-h', hostname, '-p', port, '-U', username];
      const args = [
        ...connection,
        '-n',
        '-M',
        'prepared',
        '-c',
        String(CLIENTS),
        '-T',
        String(sizes.seconds),
        '-f',
        script,
        pathname.slice(1),
      ];
      const { stdout } = await promisify(execFile)(pgbench, args, { env: { ...process.env, PGPASSWORD: password } });
      const rate = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
      if (!rate) throw new Error(`pgbench said something else than expected:\n${stdout}`);
      return rate;
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
