import type { Knex } from 'knex';
import type { Test } from 'supertest';
import { database } from '../../../src/database';
import { execute } from '../../../src/services/inventory/execute';
import {
  aFullEvent,
  anOpenEvent,
  bookCommand,
  booked,
  booking,
  cancelling,
  codeOf,
  joined,
  outcomeOf,
  registerUser,
  registerUsers,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeDiscount } from '../../helpers/discounts';
import type { TestEvent } from '../../helpers/events';
import { aPaidOrder, anUnpaidOrder, captured } from '../../helpers/orders';
import { aHall, bookingSeats } from '../../helpers/seats';

// Holds a row as an operator, a report or another process might, while bookings of other events are measured.

const CLIENTS = 8;
const HOLD_MS = 800;
// The first booking may stall until the engine knows that a row is held.
const STALL_MS = 1000;

interface Case {
  /** The table of the rows to hold. */
  table: string;
  where: Record<string, unknown>;
  lock?: 'update' | 'no key update';
  /** Needs the row, so it waits until the row is released. */
  waiting: () => Promise<unknown>;
  /** A request for the same event that does not need the row. */
  beside?: () => Test;
}

let others: TestEvent[];
let users: TestUser[];
let usual: number;

beforeAll(async () => {
  others = await Promise.all(Array.from({ length: 10 }, () => anOpenEvent({ totalTickets: null })));
  users = await registerUsers(3000);
  await sell(HOLD_MS);
  usual = (await sell(HOLD_MS)).p90;
});

let next = 0;

/** Books tickets of other events for `ms` milliseconds, a few at a time, and returns how long a booking takes. */
async function sell(ms: number): Promise<{ p90: number; count: number }> {
  const times: number[] = [];
  const end = performance.now() + ms;
  async function client(): Promise<void> {
    while (performance.now() < end) {
      const user = users[Math.floor(next / others.length) % users.length]!;
      const event = others[next++ % others.length]!;
      const begin = performance.now();
      await booked(user, event.id);
      times.push(performance.now() - begin);
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client));
  times.sort((a, b) => a - b);
  return { p90: times[Math.floor(times.length * 0.9)]!, count: times.length };
}

async function hold({ table, where, lock = 'update' }: Case): Promise<Knex.Transaction> {
  const trx = await database.transaction();
  const rows = (await trx(table)
    .where(where)
    .modify((query) => void (lock === 'update' ? query.forUpdate() : query.forNoKeyUpdate()))
    .select(trx.raw('1'))) as unknown[];
  expect(rows.length).toBeGreaterThan(0);
  return trx;
}

const expecting = (test: Test, status: number) => () => test.expect(status).then((response) => response);

/** Creates an event with two types. Bookings of the first need the row, bookings of the second do not. */
async function sellingTwoTypes(toRow: (ticketTypeId: number) => Pick<Case, 'table' | 'where'>): Promise<Case> {
  const event = await anOpenEvent({
    ticketTypes: [
      { name: 'Stalls', price: 0, quantity: 50 },
      { name: 'Circle', price: 0, quantity: 50 },
    ],
  });
  const [stalls, circle] = event.ticketTypes.map(({ id }) => [{ ticketTypeId: id, quantity: 1 }]);
  return {
    ...toRow(event.ticketTypes[0]!.id),
    waiting: expecting(booking(await registerUser(), event.id, stalls), 201),
    beside: () => booking(users[0]!, event.id, circle),
  };
}

const cases: Record<string, () => Promise<Case>> = {
  async 'a user'() {
    const [event, user] = [await anOpenEvent(), await registerUser()];
    return {
      table: 'users',
      where: { id: user.user.id },
      waiting: expecting(booking(user, event.id), 201),
      beside: () => booking(users[0]!, event.id),
    };
  },
  async 'an event'() {
    const event = await anOpenEvent();
    const owner = await registerUser();
    const { id } = await booked(owner, event.id);
    return {
      table: 'events',
      where: { id: event.id },
      waiting: expecting(booking(await registerUser(), event.id), 201),
      beside: () => cancelling(owner, id),
    };
  },
  'a ticket type': () => sellingTwoTypes((id) => ({ table: 'ticket_types', where: { id } })),
  'the counters of a ticket type': () =>
    sellingTwoTypes((id) => ({ table: 'ticket_type_inventory', where: { ticket_type_id: id } })),
  async 'the inventory of an event'() {
    const event = await anOpenEvent();
    return {
      table: 'event_inventory',
      where: { event_id: event.id },
      waiting: expecting(booking(await registerUser(), event.id), 201),
    };
  },
  async 'a discount'() {
    const { id, code } = await makeDiscount();
    const event = await anOpenEvent({ basePrice: 10 });
    const body = { eventId: event.id, ticketsCount: 1, discountCode: code };
    return {
      table: 'discounts',
      where: { id },
      lock: 'no key update',
      waiting: expecting(
        as(await registerUser())
          .post('/api/bookings')
          .send(body),
        201,
      ),
      beside: () => booking(users[0]!, event.id),
    };
  },
  async 'the discount of a booking that ends'() {
    const { id, code } = await makeDiscount();
    const event = await anOpenEvent({ basePrice: 10 });
    const body = { eventId: event.id, ticketsCount: 1, discountCode: code };
    const owner = await registerUser();
    const made = await as(owner).post('/api/bookings').send(body).expect(201);
    return {
      table: 'discounts',
      where: { id },
      waiting: expecting(cancelling(owner, made.body.data.id as number), 200),
      beside: () => booking(users[0]!, event.id),
    };
  },
  async 'an order'() {
    const { owner, event, booking: made, orderId } = await anUnpaidOrder();
    return {
      table: 'orders',
      where: { id: orderId },
      waiting: expecting(cancelling(owner, made.id), 200),
      beside: () => booking(users[0]!, event.id),
    };
  },
  async 'a payment'() {
    const { owner, booking: made } = await anUnpaidOrder();
    const paymentId = (await captured(made.id))!;
    const command = {
      kind: 'confirm' as const,
      requestId: '00000000-0000-4000-8000-000000000001',
      eventId: made.eventId,
      bookingId: made.id,
      userId: owner.user.id,
      paymentId,
    };
    return { table: 'payments', where: { id: paymentId }, waiting: () => execute(command) };
  },
  async 'a booking'() {
    const { owner, held, event } = await aFullEvent(3);
    return {
      table: 'bookings',
      where: { id: held.id },
      lock: 'no key update',
      waiting: expecting(cancelling(owner, held.id), 200),
      beside: () => as(users[0]!).post('/api/waitlist/join').send({ eventId: event.id }),
    };
  },
  async 'a ticket'() {
    const { owner, held } = await aFullEvent(3);
    return {
      table: 'tickets',
      where: { id: held.tickets[0]!.id },
      lock: 'no key update',
      waiting: expecting(cancelling(owner, held.id), 200),
    };
  },
  async 'a place in the waitlist'() {
    const { event } = await aFullEvent();
    const user = await registerUser();
    const { id } = await joined(user, event.id);
    return {
      table: 'waitlist_entries',
      where: { id },
      waiting: expecting(as(user).delete(`/api/waitlist/${event.id}`), 204),
    };
  },
  async 'the place that would be offered tickets'() {
    const { event, owner, held } = await aFullEvent();
    const { id } = await joined(await registerUser(), event.id);
    return { table: 'waitlist_entries', where: { id }, waiting: expecting(cancelling(owner, held.id), 200) };
  },
  async 'a seat that is chosen'() {
    const { event, seats } = await aHall();
    const other = { seatIds: [seats.B2] };
    return {
      table: 'seats',
      where: { id: seats.A1 },
      waiting: expecting(bookingSeats(await registerUser(), event.id, { seatIds: [seats.A1] }), 201),
      beside: () => bookingSeats(users[0]!, event.id, other),
    };
  },
  async 'the best seats, of which nobody knows that they are needed'() {
    const { event } = await aHall();
    return {
      table: 'seats',
      where: { event_id: event.id },
      waiting: expecting(booking(await registerUser(), event.id), 201),
    };
  },
};

describe('a held row', () => {
  it.each(Object.keys(cases))('delays only commands that need it: %s', async (name) => {
    const held = await cases[name]!();
    const trx = await hold(held);
    let isDone = false;
    const waiting = held.waiting().finally(() => (isDone = true));
    waiting.catch(() => undefined);
    try {
      const { p90, count } = await sell(HOLD_MS);
      expect(count).toBeGreaterThanOrEqual(CLIENTS);
      expect(p90).toBeLessThan(2 * usual + STALL_MS);
      if (held.beside) expect((await held.beside()).status).toBeLessThan(300);
      expect(isDone).toBe(false);
    } finally {
      await trx.rollback();
    }
    await waiting;
  });

  it('delays no other commands, even if many wait for it', async () => {
    const event = await anOpenEvent({ totalTickets: null, allowMultipleBookings: true });
    const trx = await hold({ table: 'events', where: { id: event.id }, waiting: () => Promise.resolve() });
    const crowd = users.slice(-400).map((user) => outcomeOf(bookCommand(user, event.id)));
    try {
      expect((await sell(HOLD_MS)).p90).toBeLessThan(2 * usual + STALL_MS);
    } finally {
      await trx.rollback();
    }
    for (const outcome of await Promise.all(crowd)) expect(outcome).toMatchObject({ status: 'confirmed' });
  });

  it.each(['a user', 'an event', 'a ticket type'])(
    'delays no command at all if it is only being updated: %s',
    async (name) => {
      const held = await cases[name]!();
      const trx = await hold({ ...held, lock: 'no key update' });
      try {
        await held.waiting();
      } finally {
        await trx.rollback();
      }
    },
  );

  it('makes commands that need it return 503 if it is held too long', async () => {
    const { owner, booking: made, orderId } = await aPaidOrder();
    const trx = await hold({ table: 'orders', where: { id: orderId }, waiting: () => Promise.resolve() });
    try {
      const response = await cancelling(owner, made.id);
      expect([response.status, codeOf(response), response.headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '1']);
    } finally {
      await trx.rollback();
    }
    await cancelling(owner, made.id).expect(200);
  });
});

describe.each([
  ['outbox_messages', 'ACCESS EXCLUSIVE'],
  ['bookings', 'SHARE'],
  ['events', 'EXCLUSIVE'],
  ['waitlist_entries', 'ACCESS EXCLUSIVE'],
])('the table %s, locked by an operator (%s)', (table, mode) => {
  it('makes bookings return 503 after a second, and works again when it is released', async () => {
    const users = await registerUsers(3);
    const trx = await database.transaction();
    try {
      await trx.raw(`LOCK TABLE ?? IN ${mode} MODE`, [table]);
      const begin = performance.now();
      const first = await booking(users[0]!, others[0]!.id);
      expect([first.status, codeOf(first), first.headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '5']);
      expect(performance.now() - begin).toBeLessThan(3000);
      const known = performance.now();
      await booking(users[1]!, others[1]!.id).expect(503);
      expect(performance.now() - known).toBeLessThan(500);
    } finally {
      await trx.rollback();
    }
    await booked(users[2]!, others[0]!.id);
  });
});

describe('a table that only some commands need, locked by an operator', () => {
  it('delays only those commands', async () => {
    const { owner, event } = await anUnpaidOrder({ allowMultipleBookings: true });
    const trx = await database.transaction();
    let isDone = false;
    try {
      await trx.raw('LOCK TABLE orders IN EXCLUSIVE MODE');
      const waiting = booking(owner, event.id).then((response) => {
        isDone = true;
        return response.status;
      });
      const { p90 } = await sell(HOLD_MS);
      expect(p90).toBeLessThan(2 * usual + STALL_MS);
      expect(isDone).toBe(false);
      await trx.rollback();
      expect(await waiting).toBe(201);
    } finally {
      if (!trx.isCompleted()) await trx.rollback();
    }
  });
});
