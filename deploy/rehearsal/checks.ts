import { spawnSync } from 'node:child_process';
import { eventually } from '../../tests/helpers/servers/processes';
import { call, ORIGIN } from './client';
import type { Acknowledged } from './load';
import { run, sql } from './shell';
import type { Walked } from './walk';

/** What has to hold after a restore. */

const INVARIANTS = `
  const { violations } = require('./tests/helpers/invariants');
  const { createKnex } = require('./src/database');
  const db = createKnex(process.env.DATABASE_URL, { max: 1, applicationName: 'rehearsal', silenceMs: Number.POSITIVE_INFINITY });
  violations(db).then((found) => { console.log(JSON.stringify(found)); process.exit(0); }, (error) => { console.error(error); process.exit(1); });`;

async function findViolations(): Promise<string[]> {
  const owner = /DATABASE_OWNER_URL=(.*)/.exec(await run('cat /etc/bilten/owner.env'))![1]!;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-r', 'sucrase/register', '-e', INVARIANTS], {
    env: { PATH: process.env.PATH, DATABASE_URL: owner, DOTENV_CONFIG_PATH: '/dev/null' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout.trim().split('\n').at(-1)!) as { name: string; broken: string }[]).map(
    ({ name, broken }) => `${name}: ${broken}`,
  );
}

/** Waits until the workers have handled every message, as long as they get on with it. */
async function waitForMessages(): Promise<void> {
  const count = (): number => Number(sql("SELECT count(*) FROM outbox_messages WHERE status <> 'done'")[0]);
  for (let before = count(); before > 0;) {
    const known = before;
    before = await eventually(
      () => [count()].filter((left) => left < known).map(String)[0],
      () =>
        `the last of ${known} messages: ${sql("SELECT topic, status, attempts, last_error FROM outbox_messages WHERE status <> 'done' LIMIT 5").join('; ')}`,
    ).then(Number);
  }
}

interface InventoryCheck {
  next: number | null;
  mismatches: unknown[];
}

export interface Restored {
  bookings: number;
  missing: Acknowledged[];
  /** Bookings of the load that must not be there. */
  tooMany: Acknowledged[];
  auditLog: string;
}

/** @throws Error if something is broken */
export async function checkRestored(
  { cover }: Walked,
  admin: { email: string; password: string },
  ledger: { kept: Acknowledged[]; undone?: Acknowledged[] },
): Promise<Restored> {
  await waitForMessages();
  const broken = await findViolations();
  if (broken.length > 0) throw new Error(`Invariants are violated:\n${broken.join('\n')}`);
  const auditLog = (await run('NODE_EXTRA_CA_CERTS= deploy/command.sh audit-log verify')).trim();
  const { token } = await call<{ token: string }>('POST /auth/login', { body: admin });
  let after: number | null = 0;
  while (after !== null) {
    const check: InventoryCheck = await call(`GET /admin/inventory/check${after ? `?after=${after}` : ''}`, { token });
    if (check.mismatches.length > 0) throw new Error(`The inventory is wrong: ${JSON.stringify(check)}`);
    after = check.next;
  }
  const file = await fetch(cover);
  if (!file.ok) throw new Error(`${cover} is answered with ${file.status} at ${ORIGIN}`);
  const rows = new Set(sql('SELECT reference FROM bookings'));
  return {
    bookings: rows.size,
    missing: ledger.kept.filter(({ reference }) => !rows.has(reference)),
    tooMany: (ledger.undone ?? []).filter(({ reference }) => rows.has(reference)),
    auditLog,
  };
}
