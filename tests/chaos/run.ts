import { setTimeout as sleep } from 'node:timers/promises';
import { database } from '../../src/database';
import { registerUser, registerUsers } from '../helpers/accounts';
import { makeEvent } from '../helpers/events';
import { execute, withDatabase } from '../helpers/servers/postgres';
import { createAsker, isAnswering, type Asker } from './ask';
import { buy, type Told } from './buyers';
import { examine, type Findings } from './examine';
import { strikeAll, type Fault, type Struck } from './faults';
import { createRandom, type Random } from './random';
import { openStage, type Stage } from './stage';

const BUYERS = 30;
const USERS_PER_FAULT = 250;
const PATIENCE_MS = 60_000;
/** A worker that dies repeats the mails that it had handed over and not yet recorded: at most one chunk per queue. */
const REPEATS_PER_KILL = 40;

export interface Chaos {
  seed: number;
  plan: (random: Random) => Fault[];
  sabotage?: string;
}

export interface Report extends Findings, Omit<Asker['counts'], 'asked'> {
  seed: number;
  requests: number;
  struck: Record<string, number>;
  /** Milliseconds from the end of each fault until the next change succeeded, by fault: the longest. */
  recoveryMs: Record<string, number>;
}

/** What a migrated database contains before anything happens. */
const KEPT = ['analytics_progress', 'installations', 'knex_migrations', 'knex_migrations_lock'];

/** Removes everything that a run has left, so that what a saboteur broke is not found twice. */
export async function wipe(): Promise<void> {
  const name = new URL(process.env.DATABASE_URL!).pathname.slice(1);
  const { rows } = await database.raw<{ rows: { table: string }[] }>(
    `SELECT quote_ident(tablename) AS "table" FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (?)`,
    [KEPT],
  );
  await execute(
    withDatabase(process.env.TEST_SUPERUSER_URL!, name),
    // Without triggers, which keep what must not be deleted.
    'SET session_replication_role = replica',
    `TRUNCATE ${rows.map(({ table }) => table).join(', ')}`,
  );
}

/** Waits until nothing is left to do: all messages are done or parked, and no payment is on its way. */
async function settle(stage: Stage): Promise<string[]> {
  for (const { port } of stage.apis) while (!(await isAnswering(port))) await sleep(100);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    // The retries of what failed while something was broken need not be waited for.
    await database('outbox_messages').where('status', 'delayed').update({ available_at: database.fn.now() });
    const [left] = await database('outbox_messages')
      .whereNotIn('status', ['done', 'parked'])
      .count<{ count: number }[]>();
    const [unpaid] = await database('payments').where('status', 'processing').count<{ count: number }[]>();
    if (Number(left!.count) === 0 && Number(unpaid!.count) === 0) return [];
    if (Date.now() > deadline)
      return [
        `lost: ${left!.count} messages and ${unpaid!.count} payments were not finished within ${PATIENCE_MS / 1000} s`,
      ];
    await sleep(500);
  }
}

function measureRecovery(struck: Struck[], successes: Asker['successes']): Record<string, number> {
  const longest: Record<string, number> = {};
  for (const { name, at } of struck) {
    const next = successes.find((success) => success.at >= at);
    longest[name] = Math.max(longest[name] ?? 0, next ? next.at - at : Infinity);
  }
  return longest;
}

function count(struck: Struck[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name } of struck) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Lets customers buy while things break, and returns what was found when everything works again. */
export async function runChaos({ seed, plan, sabotage }: Chaos): Promise<Report> {
  const random = createRandom(seed);
  const planned = plan(random);
  const users = await registerUsers(1000 + USERS_PER_FAULT * planned.length);
  const organizer = await registerUser({ role: 'organizer' });
  const offers = {
    open: await makeEvent(organizer, { totalTickets: null, allowMultipleBookings: true }),
    scarce: await makeEvent(organizer, { totalTickets: 8 }),
    paid: await makeEvent(organizer, { totalTickets: null, basePrice: '10.00' }),
  };
  const stage = await openStage({ sabotage });
  try {
    const asker = createAsker(
      stage.apis.map(({ port }) => port),
      random,
    );
    let isOver = false;
    const ledger: Told[] = [];
    const buying = { asker, random, offers, takeUser: () => users.pop(), isOver: () => isOver };
    const buyers = Array.from({ length: BUYERS }, () => buy(buying, ledger));
    const struck = await strikeAll(stage, random, planned);
    await sleep(1000);
    isOver = true;
    asker.endAt(Date.now() + PATIENCE_MS);
    await Promise.all(buyers);
    const unfinished = await settle(stage);
    const findings = await examine(stage, ledger);
    const workerKills = struck.filter(({ name }) => name === 'kill -9 of a worker').length;
    const problems = [...stage.problems, ...asker.problems, ...unfinished, ...findings.problems];
    if (findings.repeatedMails > REPEATS_PER_KILL * workerKills)
      problems.push(`doubled: ${findings.repeatedMails} mails were repeated, after ${workerKills} kills of a worker`);
    const unanswered = ledger.filter(({ isUnknown }) => isUnknown).length;
    if (unanswered > 0) problems.push(`lost: ${unanswered} requests had no answer within ${PATIENCE_MS / 1000} s`);
    const { asked, ...counts } = asker.counts;
    return {
      seed,
      requests: asked,
      ...counts,
      ...findings,
      problems,
      struck: count(struck),
      recoveryMs: measureRecovery(struck, asker.successes),
    };
  } finally {
    await stage.close();
  }
}
