import fc from 'fast-check';
import type { Response } from 'supertest';
import { database } from '../../../src/database';
import type { Route } from '../../../src/http/route';
import { routes } from '../../../src/routes';
import { anonymous, as } from '../../helpers/client';
import { brokenBodies, fieldsFor, hostileQueries, hostileSegments, type Body } from '../../helpers/routes/fuzz';
import { fill, targetsOf } from '../../helpers/routes/targets';
import { createWorlds, type World } from '../../helpers/routes/world';

const RUNS = Number(process.env.FUZZ_RUNS ?? 10);
const SEED = Number(process.env.FUZZ_SEED ?? 20_301);
const CALLERS = ['anonymous', 'customer', 'organizer', 'admin'] as const;
type Sender = (typeof CALLERS)[number];

// Parts that a response must not contain: statements, tables, code locations, other programs.
const LEAK =
  /\b(select|insert into|update \w+ set|delete from|returning)\b|syntax error|violates|constraint|relation "|column "|knex|pg_|bullmq|node_modules|[\w-]+\.(ts|js):\d+|\bat \S+ \(\S+:\d+|\/(src|dist|home|tmp|root)\/|ECONN|TypeError|RangeError|Cannot read|undefined/i;

const cases = routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

const worlds = createWorlds();
let world: World;

async function send(route: Route, caller: Sender, path: string, body?: Body): Promise<Response> {
  const token = world.tokens[caller];
  const request = (token === undefined ? anonymous : as(token))[route.method](path);
  return body ? request.set('Content-Type', body.type).send(body.text) : request;
}

/** Asserts that a response is no 500 and leaks nothing. The client has already compared it with its declaration. */
function judge({ status, body, text }: Response): void {
  if (status >= 500) throw new Error(`${status} ${text}`);
  if (status < 400) return;
  const { error } = body as { error: { message: string; details?: unknown } };
  const told = JSON.stringify([error.message, error.details]);
  if (LEAK.test(told)) throw new Error(`The response leaks internals: ${told.slice(0, 500)}`);
}

/** Replaces some event ids by the id of an existing event. */
const realized = (fields: Record<string, unknown>): object =>
  Number.isInteger(fields.eventId) && Number(fields.eventId) % 2 ? { ...fields, eventId: world.event.id } : fields;

const paramsOf = (route: Route) => targetsOf(route)[0]?.params(world) ?? {};

function queryOf(fields: Record<string, unknown>): string {
  // A lone surrogate has no percent-encoding.
  const text = (value: unknown): string =>
    encodeURIComponent(String(typeof value === 'string' ? Buffer.from(value).toString() : JSON.stringify(value)));
  return Object.entries(fields)
    .map(([name, value]) => `${encodeURIComponent(name)}=${text(value)}`)
    .join('&');
}

describe(`every route, with FUZZ_SEED=${SEED}`, () => {
  it.each(cases)('%s: valid, nearly valid and hostile fields', async (_place, route) => {
    const { body, query } = route;
    if (!body && !query) return;
    world = await worlds.get(route);
    const caller = fc.constantFrom(...CALLERS);
    const fields = body ? fieldsFor(body) : fc.constant(undefined);
    const asked = query ? fieldsFor(query) : fc.constant({});
    const isForm = fc.integer({ min: 0, max: 5 }).map((n) => n === 0);
    const property = fc.asyncProperty(caller, fields, asked, isForm, async (sender, values, parameters, asForm) => {
      const path = `${fill(route.path, paramsOf(route))}?${queryOf(parameters).slice(0, 8000)}`;
      if (!values) return judge(await send(route, sender, path));
      const form = { type: 'application/x-www-form-urlencoded', text: queryOf(values) };
      return judge(
        await send(
          route,
          sender,
          path,
          asForm ? form : { type: 'application/json', text: JSON.stringify(realized(values)) },
        ),
      );
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
  });

  it.each(cases)('%s: broken bodies, paths and queries', async (_place, route) => {
    world = await worlds.get(route);
    const path = fill(route.path, paramsOf(route));
    for (const body of route.body || route.upload ? brokenBodies : brokenBodies.slice(0, 4)) {
      const answer = await send(route, 'admin', path, body);
      judge(answer);
      if (route.body && answer.status < 300) expect(route.body.validate({}).error).toBeUndefined();
    }
    for (const query of route.query ? hostileQueries : hostileQueries.slice(0, 12))
      judge(await send(route, 'organizer', `${path}?${query}`));
    if (!route.params) return;
    for (const segment of hostileSegments) {
      const answer = await send(route, 'admin', `/api${route.path.replaceAll(/:\w+/g, segment)}`);
      judge(answer);
      expect({ segment, isRefused: [400, 404, 405].includes(answer.status) }).toEqual({ segment, isRefused: true });
    }
  });
});

describe('afterwards', () => {
  it('no user has gained a role, and the counters are correct', async () => {
    const given = await database('users').where('role', 'admin').whereNot('email', 'like', 'admin-%').pluck('email');
    expect(given).toEqual([]);
    const { rows } = await database.raw<{ rows: unknown[] }>(
      `SELECT i.event_id FROM event_inventory i LEFT JOIN bookings b ON b.event_id = i.event_id
       GROUP BY i.event_id HAVING i.sold <> coalesce(sum(b.tickets_count) FILTER (WHERE b.status = 'confirmed'), 0)`,
    );
    expect(rows).toEqual([]);
    expect(Object.prototype).not.toHaveProperty('role');
  });
});
