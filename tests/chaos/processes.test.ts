import { database } from '../../src/database';
import { connectAll, startApi, wire, type Api, type Connection, type RawAnswer } from '../helpers/servers/api';
import { anOpenEvent, registerUsers, type TestBooking, type TestUser } from '../helpers/bookings';
import { violations } from '../helpers/invariants';

// Two API processes on one database, as in production.
jest.setTimeout(180_000);

const ROUNDS = 100;
const BUYERS = 500;
const KEYS = 1000;
const DUPLICATES = 10;

let apis: Api[];
let connections: Connection[];

beforeAll(async () => {
  // The processes differ on purpose.
  apis = await Promise.all([startApi(), startApi({ INVENTORY_LANES: '2', DATABASE_PREPARED_STATEMENTS: 'false' })]);
  connections = await connectAll(apis, BUYERS);
});
afterAll(async () => {
  for (const connection of connections) connection.close();
  expect(await Promise.all(apis.map((api) => api.stop()))).toEqual([0, 0]);
});

const codeOf = ({ body }: RawAnswer): unknown => (JSON.parse(body) as { error?: { code: string } }).error?.code;

function shuffled<T>(things: T[]): T[] {
  const order = things.map((thing) => ({ thing, place: Math.random() })).sort((a, b) => a.place - b.place);
  return order.map(({ thing }) => thing);
}

/** Sends each request over the next free connection. */
async function sendAll(requests: string[]): Promise<RawAnswer[]> {
  const answers = new Array<RawAnswer>(requests.length);
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      for (let index = next++; index < requests.length; index = next++)
        answers[index] = await connection.send(requests[index]!);
    }),
  );
  return answers;
}

describe(`${BUYERS} buyers for the last ticket`, () => {
  let buyers: TestUser[];
  beforeAll(async () => {
    buyers = await registerUsers(BUYERS);
  });

  async function aRound(): Promise<{ eventId: number; answers: RawAnswer[] }> {
    const { id: eventId } = await anOpenEvent({ totalTickets: 1 });
    const body = { eventId, ticketsCount: 1 };
    const requests = shuffled(buyers).map(({ token }) => wire({ path: '/api/bookings', token, body }));
    return {
      eventId,
      answers: await Promise.all(connections.map((connection, index) => connection.send(requests[index]!))),
    };
  }

  it(`make exactly one booking, in each of ${ROUNDS} rounds over two processes`, async () => {
    const winners: number[] = [];
    const rowsOf: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { eventId, answers } = await aRound();
      winners.push(answers.filter(({ status }) => status === 201).length);
      const refusals = answers.filter(({ status }) => status !== 201);
      expect(new Set(refusals.map(codeOf))).toEqual(new Set(['SOLD_OUT']));
      rowsOf.push((await database('bookings').where('event_id', eventId)).length);
    }
    expect(winners).toEqual(Array<number>(ROUNDS).fill(1));
    expect(rowsOf).toEqual(winners);
    expect(await violations(database)).toEqual([]);
  });
});

describe(`${KEYS} idempotency keys, each sent ${DUPLICATES} times`, () => {
  it(`have ${KEYS} effects and one response each, over two processes`, async () => {
    const events = await Promise.all(
      [anOpenEvent, anOpenEvent].map((make) => make({ allowMultipleBookings: true, totalTickets: null })),
    );
    const users = await registerUsers(100);
    const keys = Array.from({ length: KEYS }, (_, index) => ({
      key: `key-${index}`,
      user: users[index % users.length]!,
      eventId: events[index % 2]!.id,
    }));
    const sent = shuffled(keys.flatMap((key) => Array<(typeof keys)[0]>(DUPLICATES).fill(key)));
    const requests = sent.map(({ key, user, eventId }) =>
      wire({ path: '/api/bookings', token: user.token, body: { eventId, ticketsCount: 1 }, idempotencyKey: key }),
    );
    const answers = await sendAll(requests);

    const byKey = new Map<string, RawAnswer[]>();
    sent.forEach(({ key }, index) => byKey.set(key, [...(byKey.get(key) ?? []), answers[index]!]));
    for (const [, same] of byKey) {
      expect(same).toHaveLength(DUPLICATES);
      expect(new Set(same.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(same.map(({ body }) => body)).size).toBe(1);
      expect(same.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
    }
    const references = new Set(
      [...byKey.values()].map(([answer]) => (JSON.parse(answer!.body) as { data: TestBooking }).data.reference),
    );
    expect(references.size).toBe(KEYS);
    const rows = (await database('bookings')
      .whereIn(
        'event_id',
        events.map(({ id }) => id),
      )
      .pluck('reference')) as string[];
    expect(new Set(rows)).toEqual(references);
    expect(rows).toHaveLength(KEYS);
  });

  it('return 422 for another body, whichever process gets them first, in any order', async () => {
    const targets = await Promise.all(
      [1, 2].map(() => anOpenEvent({ totalTickets: null, allowMultipleBookings: true })),
    );
    const [{ token }] = (await registerUsers(1)) as [TestUser];
    const names = Array.from({ length: 200 }, (_, index) => `both-${index}`);
    // Each process gets the keys in a different order.
    const orders = [names, [...names].reverse()];
    const answers = await Promise.all(
      orders.flatMap((order, process) =>
        order.map((idempotencyKey, index) => {
          const body = { eventId: targets[process]!.id, ticketsCount: 1 };
          return connections[index * 2 + process]!.send(wire({ path: '/api/bookings', token, body, idempotencyKey }));
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(200).fill(201),
      ...Array<number>(200).fill(422),
    ]);
  });
});

describe('random requests over two processes', () => {
  const STEPS = 4000;

  interface Visitor {
    token: string;
    /** The visitor's booking ids by event. */
    bookings: Map<number, number>;
  }

  const pick = <T>(things: T[]): T => things[Math.floor(Math.random() * things.length)]!;

  it('get only documented responses, and leave a consistent database', async () => {
    const sizes = [0, 1, 3, 5, 20, null];
    const events = await Promise.all(
      sizes.map((totalTickets) =>
        anOpenEvent({ totalTickets, ticketTypes: [{ name: 'A', quantity: 4 }, { name: 'B' }] }),
      ),
    );
    const paid = await anOpenEvent({ totalTickets: 6, basePrice: 5 });
    const visitors = (await registerUsers(40)).map(({ token }): Visitor => ({ token, bookings: new Map() }));
    const statuses = new Map<string, number>();
    let left = STEPS;

    async function step(connection: Connection): Promise<void> {
      const visitor = pick(visitors);
      const event = pick([...events, paid]);
      const { token, bookings } = visitor;
      const owned = bookings.get(event.id);
      const key = Math.random() < 0.2 ? `key-${Math.floor(Math.random() * 50)}` : undefined;
      const send = (path: string, body: unknown, method = 'POST') =>
        connection.send(wire({ method, path, token, body, idempotencyKey: method === 'POST' ? key : undefined }));
      const chance = Math.random();
      let answer: RawAnswer;
      if (chance < 0.35) {
        const wanted =
          event === paid
            ? { ticketsCount: 1 + Math.floor(Math.random() * 2) }
            : {
                items: event.ticketTypes
                  .map(({ id }) => ({ ticketTypeId: id, quantity: 1 }))
                  .slice(Math.floor(Math.random() * 2)),
              };
        answer = await send('/api/bookings', { eventId: event.id, ...wanted });
        if (answer.status === 201)
          bookings.set(
            (JSON.parse(answer.body) as { data: TestBooking }).data.eventId,
            (JSON.parse(answer.body) as { data: TestBooking }).data.id,
          );
      } else if (chance < 0.6 && owned !== undefined) {
        answer = await send(`/api/bookings/${owned}/cancel`, {}, 'PUT');
      } else if (chance < 0.85) {
        answer = await send('/api/waitlist/join', {
          eventId: event.id,
          ticketsCount: 1 + Math.floor(Math.random() * 3),
          acceptFewer: Math.random() < 0.5,
        });
      } else {
        answer = await send(`/api/waitlist/${event.id}`, {}, 'DELETE');
      }
      const outcome = `${answer.status} ${answer.status < 300 ? '' : String(codeOf(answer))}`;
      statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1);
    }

    await Promise.all(
      connections.slice(0, 60).map(async (connection) => {
        while (left-- > 0) await step(connection);
      }),
    );
    const expected = [
      '200 ',
      '201 ',
      '204 ',
      '404 NOT_FOUND',
      '409 ALREADY_CANCELLED',
      '409 ALREADY_ON_WAITLIST',
      '409 DUPLICATE_BOOKING',
      '409 SOLD_OUT',
      '409 TICKETS_AVAILABLE',
      '422 IDEMPOTENCY_KEY_REUSED',
    ];
    expect([...statuses.keys()].filter((outcome) => !expected.includes(outcome))).toEqual([]);
    expect(await violations(database)).toEqual([]);
  });
});
