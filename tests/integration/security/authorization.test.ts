import type { Response } from 'supertest';
import { database } from '../../../src/database';
import type { Route } from '../../../src/http/route';
import { routes } from '../../../src/routes';
import { anonymous, as } from '../../helpers/client';
import { PDF, picture } from '../../helpers/files';
import { fill, targetsOf, type Target } from '../../helpers/routes/targets';
import { CALLERS, createWorlds, makeWorld, type Caller, type World } from '../../helpers/routes/world';

const UNLIMITED = new Set<Caller>(['organizer', 'otherOrganizer', 'admin']);
const TABLES = [
  'users',
  'events',
  'ticket_types',
  'event_inventory',
  'bookings',
  'tickets',
  'waitlist_entries',
  'orders',
  'payments',
  'refunds',
  'files',
  'notifications',
  'event_messages',
  'unsubscribed_addresses',
  'outbox_messages',
  'idempotency_keys',
  'credit_entries',
  'licenses',
  'license_activations',
];

interface Answer {
  status: number;
  code?: string;
  message?: string;
}

/** Returns the error code that this caller must get, or undefined if the caller is permitted. */
function refusalOf({ access }: Route, caller: Caller, target: Target | undefined): string | undefined {
  if (caller === 'expired') return 'TOKEN_EXPIRED';
  if (caller === 'suspended') return 'ACCOUNT_SUSPENDED';
  if (access !== 'public' && caller === 'anonymous') return 'UNAUTHORIZED';
  if (access === 'admin' && caller !== 'admin') return 'FORBIDDEN';
  if (access === 'organizer' && !UNLIMITED.has(caller)) return 'FORBIDDEN';
  return target && !target.may.includes(caller) ? target.refusal : undefined;
}

function bodyOf({ example, path }: Route, world: World): object | undefined {
  if (typeof example !== 'object' || example === null) return undefined;
  if ('eventId' in example) return { ...example, eventId: world.full.id };
  if ('intoId' in example) return { intoId: world.supportTicketId };
  return path.endsWith('check-in') ? { code: world.ticketCode } : example;
}

async function ask(world: World, caller: Caller, route: Route, path: string): Promise<Answer> {
  const token = world.tokens[caller];
  const request = (token === undefined ? anonymous : as(token))[route.method](path);
  if (route.upload) request.attach('file', route.path === '/files' ? PDF : await picture(), 'a file');
  const { status, body }: Response = await (route.body ? request.send(bodyOf(route, world)) : request);
  const { error } = body as { error?: { code: string; message: string } };
  return { status, code: error?.code, message: error?.message };
}

/** Returns a hash of each table, except for columns that any request may change. */
async function everything(): Promise<unknown> {
  const { rows } = await database.raw<{ rows: unknown[] }>(
    TABLES.map(
      (table) =>
        `SELECT '${table}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS rows FROM ${table} t`,
    ).join(' UNION ALL ') +
      " UNION ALL SELECT 'sessions', md5(string_agg(id || coalesce(revoked_at::text, ''), '|' ORDER BY id)) FROM sessions",
  );
  return rows;
}

interface Case {
  place: string;
  route: Route;
  target?: Target;
}

const cases = routes.flatMap((route): Case[] => {
  const place = `${route.method.toUpperCase()} ${route.path}`;
  const targets = targetsOf(route);
  if (targets.length === 0) return [{ place, route }];
  return targets.map((target) => ({ place: `${place} of ${target.name}`, route, target }));
});

describe('forbidden callers', () => {
  let world: World;
  let before: unknown;
  beforeAll(async () => {
    world = await makeWorld();
    before = await everything();
  });

  it.each(cases)('$place', async ({ route, target }) => {
    const path = fill(route.path, target?.params(world) ?? {});
    const missing = fill(route.path, target?.missing ?? {});
    for (const caller of CALLERS) {
      const code = refusalOf(route, caller, target);
      if (code === undefined) continue;
      const answer = await ask(world, caller, route, path);
      expect({ caller, code: answer.code }).toEqual({ caller, code });
      // A resource that the caller may not know about must look like one that does not exist.
      if (code === 'NOT_FOUND')
        expect({ caller, ...answer }).toEqual({ caller, ...(await ask(world, caller, route, missing)) });
    }
    expect(await everything()).toEqual(before);
  });
});

describe('permitted callers', () => {
  const worlds = createWorlds();

  it.each(cases)('$place', async ({ route, target }) => {
    for (const caller of CALLERS) {
      if (refusalOf(route, caller, target)) continue;
      // Each request that changes a resource gets a new one.
      const read = (some: World) => [target?.params(some), bodyOf(route, some)];
      const world = await (target && route.method !== 'get' ? makeWorld(read) : worlds.get(route, read));
      const { status, code } = await ask(world, caller, route, fill(route.path, target?.params(world) ?? {}));
      const isRefused =
        code === 'FORBIDDEN' ||
        code === 'ACCOUNT_SUSPENDED' ||
        (target && code === 'NOT_FOUND') ||
        (route.access !== 'public' && status === 401);
      expect({ caller, isRefused, code }).toEqual({ caller, isRefused: false, code });
      expect(status).toBeLessThan(500);
      if (route.access === 'public' && !target) break;
    }
  });
});
