import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStripe } from '../../tests/fakes/stripe';
import { startMailServer } from '../../tests/helpers/servers/mail-server';
import { eventually } from '../../tests/helpers/servers/processes';
import { checkRestored } from './checks';
import { call, send } from './client';
import { startLoad, type Acknowledged, type Load } from './load';
import { killAll, readBlocks, run, sql } from './shell';
import { walk, type Servers, type Walked } from './walk';

// Run by deploy/rehearse.sh in namespaces of its own.

const LOAD_MS = Number(process.env.LOAD_SECONDS ?? 20) * 1000;
const EMAIL = 'you@example.com';
const table: [what: string, result: string][] = [];

async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  console.log(`== ${what}`);
  return work();
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Settings that an operator adds to the secrets, for the servers of the rehearsal. */
async function startServers(): Promise<{ servers: Servers; settings: string }> {
  const [key, secret] = ['sk_live_', 'whsec_'].map((prefix) => prefix + randomBytes(24).toString('hex'));
  const servers = { mail: await startMailServer(25), stripe: await startStripe(key!, secret!) };
  const settings = [
    'PAYMENT_PROVIDERS=stripe',
    `STRIPE_SECRET_KEY=${key}`,
    `STRIPE_WEBHOOK_SECRET=${secret}`,
    `STRIPE_API_BASE=${servers.stripe.url}`,
    // One user makes all requests of the load.
    'RATE_LIMIT_MAX_REQUESTS=0',
    'LOG_LEVEL=warn',
  ];
  return { servers, settings: `${settings.join('\n')}\n` };
}

/** Runs what an operator runs to set up the machine. @returns the password of the admin */
async function install(settings: string): Promise<string> {
  let output = '';
  for (const block of readBlocks('Install')) {
    output += await run(block);
    if (block.includes('secrets.sh machine')) appendFileSync('/etc/bilten/bilten.env', settings);
  }
  await run('cp "$WORK"/tls/{fullchain,privkey}.pem /etc/nginx/tls/ && systemctl reload nginx');
  // It starts new processes in the background.
  await eventually(() =>
    send('GET /events').then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
  return /with the password (\S+)\.$/m.exec(output)![1]!;
}

/** Does something while the load goes on, and reports what it did to the load. */
async function underLoad(load: Load, what: string, work: () => Promise<unknown>): Promise<void> {
  await step(`Under load: ${what}`, async () => {
    load.take();
    const from = performance.now();
    await work();
    await sleep(1000);
    const { requests, failures, repeated, slowestMs } = load.take();
    table.push([
      what,
      `${failures.length} of ${requests} requests failed, ${repeated} were sent again, the slowest took ${seconds(slowestMs)}`,
    ]);
    console.log(table.at(-1)![1], `(${seconds(performance.now() - from)})`);
    for (const failure of failures.slice(0, 20)) console.log(`  ${failure}`);
    failed += failures.length;
  });
}
let failed = 0;

async function restartAll(load: Load): Promise<void> {
  const [upgrade = '', postgresql = ''] = readBlocks('Upgrade');
  await underLoad(load, 'nothing', () => sleep(LOAD_MS));
  await underLoad(load, 'upgrade: migrate, then APIs and workers in turn', () => run(upgrade));
  await underLoad(load, 'nginx reloads', () => run('systemctl reload nginx'));
  await underLoad(load, 'Redis restarts', () => run('systemctl restart redis-server'));
  await underLoad(load, 'PostgreSQL restarts behind the paused pooler', () => run(postgresql));
}

/** Loses the database and the files at once, as with the machine. @returns when */
async function destroy(): Promise<number> {
  killAll('postgres');
  await run(`rm -rf /var/lib/bilten/uploads /var/lib/redis/* /run/postgresql/.s.PGSQL.5432* /var/lib/postgresql/*/main/postmaster.pid
    systemctl stop bilten.target redis-server; systemctl start redis-server`);
  return Date.now();
}

/** Follows the documentation, with other options for pgBackRest, until bookings are taken again. @returns how long it took */
async function restore({ customer, eventId }: Walked, since: number, options = ''): Promise<number> {
  const [block = ''] = readBlocks('Restore');
  // PostgreSQL is gone already: stopping it again fails.
  await run(
    block.replace('systemctl stop postgresql', 'true').replace(/bilten restore$/m, `bilten restore ${options}`),
  );
  await run('cp -a /var/backups/uploads /var/lib/bilten/');
  await eventually(async () => {
    const body = { eventId, ticketsCount: 1 };
    const answer = await send('POST /bookings', { token: customer, body }).catch(() => undefined);
    return answer?.status === 201;
  });
  return Date.now() - since;
}

const describeLoss = (lost: Acknowledged[], at: number): string =>
  lost.length ? `${lost.length} bookings of the last ${seconds(at - lost[0]!.at)}` : 'nothing';

async function main(): Promise<void> {
  const { servers, settings } = await step('The mail server and the payment provider of the rehearsal', startServers);
  const from = Date.now();
  const admin = { email: EMAIL, password: await step('Install, as documented', () => install(settings)) };
  table.push(['from an installed Debian to the first request', seconds(Date.now() - from)]);
  const walked = await step("The README's walk, through nginx over TLS", () => walk(servers, admin));

  const load = startLoad(walked);
  await restartAll(load);
  await underLoad(load, 'incremental backup', () => run('systemctl start bilten-backup'));
  await run('cp -a /var/lib/bilten/uploads /var/backups/');
  await sleep(2000);
  const target = Date.now();
  const targetText = new Date(target).toISOString().replace('T', ' ').replace('Z', '+00');
  // Longer than PostgreSQL waits before it archives what it has.
  await underLoad(load, 'bookings until the loss', () => sleep(75_000));
  const lostAt = await step('The database and the files are lost', destroy);
  await load.stop();
  const acknowledged = load.bookings;

  const rto = await step('Restore, as documented', () => restore(walked, lostAt));
  table.push(['lost database: back after (RTO)', seconds(rto)]);
  const restored = await checkRestored(walked, admin, { kept: acknowledged });
  table.push(['lost database: what is lost (RPO)', describeLoss(restored.missing, lostAt)]);
  table.push(['lost database: bookings that are back', String(restored.bookings)]);
  const firstLost = restored.missing[0]?.at ?? lostAt;
  if (
    acknowledged.some(
      ({ reference, at }) => at > firstLost && !restored.missing.some((lost) => lost.reference === reference),
    )
  )
    console.log('Some later bookings were kept although earlier ones were lost.');

  const again = await destroy();
  const options = `--type=time --target='${targetText}' --target-action=promote`;
  const rtoAgain = await step('Restore to a point in time', () => restore(walked, again, options));
  const kept = acknowledged.filter(({ at }) => at < target);
  const undone = acknowledged.filter(({ at }) => at > target + 2000);
  const atTarget = await checkRestored(walked, admin, { kept, undone });
  if (atTarget.missing.length + atTarget.tooMany.length > 0)
    throw new Error(`Not that point in time: ${JSON.stringify([atTarget.missing.length, atTarget.tooMany.length])}`);
  table.push([
    'point in time',
    `${kept.length} earlier bookings kept, ${undone.length} later ones undone, back after ${seconds(rtoAgain)}`,
  ]);
  table.push(['after each restore', `invariants, inventory and files in order. ${atTarget.auditLog}`]);
  await call('GET /events?limit=1');
  table.push(['messages given up', String(sql("SELECT count(*) FROM outbox_messages WHERE status = 'parked'")[0])]);
}

main()
  .catch((error: Error) => {
    console.error(error);
    for (const log of ['bilten-api@4000', 'bilten-worker@4100', 'pgbouncer', 'nginx/error']) {
      try {
        console.error(
          `--- ${log}\n${readFileSync(`/var/log/${log}.log`, 'utf8').trim().split('\n').slice(-15).join('\n')}`,
        );
      } catch {
        // It was not started.
      }
    }
    process.exitCode = 1;
  })
  .finally(() => {
    const width = Math.max(...table.map(([what]) => what.length));
    console.log('');
    for (const [what, result] of table) console.log(`| ${what.padEnd(width)} | ${result}`);
    if (failed > 0) process.exitCode = 1;
    process.exit();
  });
