import { routes } from '../../../src/routes';
import type { TestUser } from '../../helpers/accounts';
import { startWatchedApi, type WatchedApi } from '../../helpers/blocking';
import { largestBodies } from '../../helpers/routes/largest-bodies';
import { makeEvent, type TestEvent } from '../../helpers/events';
import type { TestSeatMap } from '../../helpers/seats';
import { fill, targetsOf } from '../../helpers/routes/targets';
import { makeWorld, type World } from '../../helpers/routes/world';

/** The longest time that a request may block others, in milliseconds of processor time. */
const BOUND_MS = 100;

let api: WatchedApi;
let world: World;
beforeAll(async () => {
  api = await startWatchedApi();
  world = await makeWorld();
});
afterAll(() => api.stop());

interface Answer {
  status: number;
  text: string;
}

async function send(user: TestUser, method: string, path: string, body?: string): Promise<Answer> {
  const answer = await fetch(`http://127.0.0.1:${api.port}${path}`, {
    method: method.toUpperCase(),
    headers: { Authorization: `Bearer ${user.token}`, 'Content-Type': 'application/json' },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

const withBody = routes.filter(({ body, local }) => body && !local);

describe('the largest bodies', () => {
  it.each(withBody.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    'of %s do not block others, and get a short response',
    async (_name, route) => {
      const path = fill(route.path, targetsOf(route)[0]?.params(world) ?? {});
      for (const body of largestBodies(route.body!, route.maxBodyBytes)) {
        let answer: Answer | undefined;
        const block = await api.longestBlock(async () => {
          answer = await send(world.users.admin, route.method, path, body);
        }, BOUND_MS);
        expect({ body: body.slice(0, 60), length: body.length, block: block > BOUND_MS ? block : 0 }).toMatchObject({
          block: 0,
        });
        expect(answer!.status).toBeLessThan(500);
        if (answer!.status >= 400) expect(answer!.text.length).toBeLessThan(8000);
      }
    },
  );
});

const NAMES = Array.from({ length: 100 }, (_, index) => `R${index + 1}`);
const NUMBERS = Array.from({ length: 500 }, (_, index) => `${index + 1}`);
const EVERY_OTHER = NUMBERS.filter((_, index) => index % 2 === 0);

async function blockOf(work: () => Promise<unknown>): Promise<number> {
  const block = await api.longestBlock(work, BOUND_MS);
  return block > BOUND_MS ? block : 0;
}

describe('the largest seating plan', () => {
  let event: TestEvent;
  let seats: string;
  const seatsOf = async (query = ''): Promise<TestSeatMap> =>
    (JSON.parse((await send(world.users.customer, 'get', `${seats}${query}`)).text) as { data: TestSeatMap }).data;

  beforeAll(async () => {
    event = await makeEvent(world.users.organizer, { totalTickets: null, allowMultipleBookings: true });
    seats = `/api/events/${event.id}/seats`;
  });

  it.each([
    [
      'with every second seat marked three times',
      [
        {
          name: 'Stadium',
          rows: [
            {
              names: NAMES,
              count: 500,
              accessible: EVERY_OTHER,
              companion: NUMBERS.filter((n) => !EVERY_OTHER.includes(n)),
              blocked: NUMBERS,
            },
          ],
        },
      ],
    ],
    ['seat by seat', [{ name: 'Stadium', rows: NAMES.map((name) => ({ name, seats: NUMBERS })) }]],
  ])('is created %s and replaced without blocking others', async (_how, sections) => {
    const body = JSON.stringify({ sections, replace: true });
    let answer: Answer | undefined;
    const block = await blockOf(async () => {
      answer = await send(world.users.organizer, 'post', seats, body);
    });
    expect([answer!.status, block]).toEqual([201, 0]);
    const { counts, sections: named } = (JSON.parse(answer!.text) as { data: TestSeatMap }).data;
    expect(counts.free + counts.blocked).toBe(50_000);
    expect(named).toEqual([{ name: 'Stadium', rows: [] }]);
  });

  it.each([
    [
      'one seat too many',
      [
        {
          name: 'A',
          rows: [
            { names: NAMES, count: 500 },
            { name: 'Z', count: 1 },
          ],
        },
      ],
    ],
    ['500 names of 500', [{ name: 'A', rows: [{ names: NUMBERS, count: 500 }] }]],
    [
      '100 sections of 500 rows of 500',
      Array.from({ length: 40 }, (_, index) => ({
        name: `S${index}`,
        rows: Array.from({ length: 500 }, (_row, n) => ({ name: n, count: 500 })),
      })),
    ],
    [
      '600,000 seats by number',
      [{ name: 'A', rows: Array.from({ length: 300 }, () => ({ names: NUMBERS.slice(0, 4), seats: NUMBERS })) }],
    ],
  ])('cannot be larger: %s', async (_what, sections) => {
    const body = JSON.stringify({ sections });
    let answer: Answer | undefined;
    const block = await blockOf(async () => {
      answer = await send(world.users.organizer, 'post', seats, body);
    });
    expect([answer!.status, block]).toEqual([400, 0]);
    expect(answer!.text.length).toBeLessThan(1000);
  });

  it('is viewed, changed and sold without blocking others', async () => {
    const { users } = world;
    const all = await seatsOf();
    const ids = all.sections.flatMap(({ rows }) => rows.flatMap((row) => row.seats.map(({ id }) => id)));
    expect(ids).toHaveLength(50_000);
    const change = (blocked: boolean) =>
      send(users.organizer, 'put', seats, JSON.stringify({ seatIds: ids.slice(0, 10_000), blocked }));
    const book = (wanted: object) =>
      send(users.customer, 'post', '/api/bookings', JSON.stringify({ eventId: event.id, ...wanted }));
    const blocks = {
      map: await blockOf(() => seatsOf()),
      drawing: await blockOf(() => send(users.customer, 'get', `${seats}.svg`)),
      change: await blockOf(async () => expect((await change(true)).status).toBe(200)),
      undo: await blockOf(async () => expect((await change(false)).status).toBe(200)),
      booking: await blockOf(async () => {
        // This creates a version of the seating plan that the process has not read yet.
        await send(users.organizer, 'put', seats, JSON.stringify({ seatIds: [ids[0]], accessible: true }));
        expect((await book({ ticketsCount: 10, bestAvailable: true })).status).toBe(201);
      }),
      removal: await blockOf(async () =>
        send(users.organizer, 'delete', seats, JSON.stringify({ seatIds: ids.slice(40_000) })),
      ),
    };
    expect(blocks).toEqual({ map: 0, drawing: 0, change: 0, undo: 0, booking: 0, removal: 0 });
  });

  it('is drawn in less than a megabyte, or by section', async () => {
    const drawing = await send(world.users.customer, 'get', `${seats}.svg`);
    expect(drawing.text.length).toBeLessThan(1_000_000);
    expect(drawing.text).toContain('<title>Stadium, row R1: ');
    await send(
      world.users.organizer,
      'post',
      seats,
      JSON.stringify({ sections: [{ name: 'Box', rows: [{ name: 'A', count: 2 }] }] }),
    );
    const box = await seatsOf('?section=Box');
    expect(box.sections.map(({ name, rows }) => [name, rows[0]!.seats.length])).toEqual([['Box', 2]]);
    expect(box.counts.free).toBeGreaterThan(39_000);
    expect((await send(world.users.customer, 'get', `${seats}.svg?section=Box`)).text).toContain(
      'Box, row A, seat 2: free',
    );
  });
});
