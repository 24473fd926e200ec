import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { signAccessToken } from '#src/services/access/access-tokens';
import { startApi, type Api } from '../api';
import { BOOKINGS_PER_USER, fill, type Scale } from '../fill';
import type { Walk } from '../load';
import { ORGANIZER_ID } from '../populate';
import { apiSettings } from '../settings';
import type { TestDatabase } from '../stage';
import { walker, warmLoad, type World } from '../world';
import { listPaths } from './lists';

// One connection, so that requests do not wait for each other: this measures time, not throughput.
const CONNECTIONS = 2;

const MEASURED = ['lists', 'searches', 'bookings', 'dashboard'] as const;
type Measured = (typeof MEASURED)[number];

/** Returns medians in milliseconds. */
export type AtScale = Record<Measured, { small: number; large: number }>;

async function rebuildAnalytics(database: TestDatabase): Promise<void> {
  const program = path.join(__dirname, '..', 'rebuild-analytics.js');
  const env = { ...process.env, ...apiSettings, DATABASE_URL: database.url };
  await promisify(execFile)(process.execPath, [program], { env });
}

async function filled({ stage, log }: World, name: string, scale: Scale): Promise<TestDatabase> {
  return stage.keptDatabase(`scale_${name}`, async (database) => {
    const start = performance.now();
    const client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
    await fill(client, scale).finally(() => client.end());
    await rebuildAnalytics(database);
    log(
      `    ${scale.events} events and ${scale.bookings} bookings took ${Math.round((performance.now() - start) / 1000)} s`,
    );
  });
}

/** The role comes from the user in the database, regardless of the token. */
async function makeAdmin({ superuserUrl }: TestDatabase): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query("UPDATE users SET role = 'admin' WHERE id = $1", [ORGANIZER_ID]).finally(() => client.end());
}

function walks(users: string[]): Record<Measured, Walk> {
  const paths = listPaths();
  const admin = signAccessToken({ userId: ORGANIZER_ID, role: 'admin', sessionId: ORGANIZER_ID });
  return {
    // Signed in, because those responses are not cached.
    lists: { method: 'GET', paths: paths.filter((one) => !one.includes('search=')), tokens: users },
    searches: { method: 'GET', paths: paths.filter((one) => one.includes('search=')), tokens: users },
    bookings: { method: 'GET', paths: ['/api/bookings/my-bookings?limit=20'], tokens: users },
    dashboard: { method: 'GET', paths: ['/api/admin/dashboard'], tokens: [admin] },
  };
}

async function medians(world: World, database: TestDatabase, users: string[]): Promise<Record<Measured, number>> {
  await makeAdmin(database);
  const api: Api = await startApi(database.url);
  const found: Partial<Record<Measured, number>> = {};
  try {
    for (const name of MEASURED) {
      world.log(`    ${name}`);
      const load = await warmLoad(walker(walks(users)[name]), world, api, { connections: CONNECTIONS });
      found[name] = load.p50Ms;
    }
  } finally {
    await api.stop();
  }
  return found as Record<Measured, number>;
}

/** Measures response times with a large database and with a hundredth of it. */
export async function atScale(world: World): Promise<AtScale> {
  const { events, bookings } = world.sizes.large;
  const usersOf = (scale: Scale): string[] => world.tokens.slice(0, scale.bookings / BOOKINGS_PER_USER);
  const at = async (name: string, scale: Scale) => medians(world, await filled(world, name, scale), usersOf(scale));
  const small = await at('small', { events: events / 100, bookings: bookings / 100 });
  const large = await at('large', { events, bookings });
  const pair = (name: Measured) => ({ small: small[name], large: large[name] });
  return { lists: pair('lists'), searches: pair('searches'), bookings: pair('bookings'), dashboard: pair('dashboard') };
}
