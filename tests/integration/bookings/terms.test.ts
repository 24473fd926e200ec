import { database } from '../../../src/database';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  cancelling,
  codeOf,
  joined,
  moveEvent,
  registerUser,
  theOrganizer,
  type TestBooking,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { HOUR_MS, inHours } from '../../helpers/events';
import { violations } from '../../helpers/invariants';
import { aPaidOrder, orderOf, settleMoney } from '../../helpers/orders';

const changing = async (eventId: number, fields: Record<string, unknown>) =>
  as(await theOrganizer())
    .put(`/api/events/${eventId}`)
    .send(fields)
    .expect(200);

/** Returns how many hours before the start the booking says that cancellation closes. */
async function windowOf(user: TestUser, bookingId: number): Promise<number | null> {
  const { body } = await as(user).get(`/api/bookings/${bookingId}`).expect(200);
  const { cancellableUntil, event } = body.data as { cancellableUntil: string | null; event: { startDate: string } };
  return cancellableUntil === null ? null : (Date.parse(event.startDate) - Date.parse(cancellableUntil)) / HOUR_MS;
}

afterAll(async () => expect(await violations(database)).toEqual([]));

describe('cancelBooking after a change of the event’s terms', () => {
  it.each([
    ['refund removed', { refundPolicy: { fullUntilHours: 0, thenPercent: 50 } }, 0, '20.00'],
    ['refund reduced', { refundPolicy: { fullUntilHours: 1000, thenPercent: 10 } }, 10, '5.00'],
    ['refund raised', { refundPolicy: { fullUntilHours: 1000, thenPercent: 75 } }, 10, '15.00'],
    ['refund raised to everything', { refundPolicy: null }, 10, '20.00'],
  ])('applies the policy that is better for the customer: %s', async (_what, later, hoursFull, amount) => {
    const sold = { refundPolicy: { fullUntilHours: hoursFull ? 48 : 0, thenPercent: 25 }, cancellationWindowHours: 0 };
    const { event, owner, orderId, booking } = await aPaidOrder(sold);
    await changing(event.id, later);
    await moveEvent(event.id, 47);
    await cancelling(owner, booking.id).expect(200);
    await settleMoney();
    expect((await orderOf(owner, orderId)).refunds).toMatchObject([{ amount }]);
  });

  it('is possible at least as long as the terms at booking allow', async () => {
    const { event, owner, held } = await aFullEvent(1, { cancellationWindowHours: 2, totalTickets: 10 });
    await changing(event.id, { cancellationWindowHours: 72 });
    expect(await windowOf(owner, held.id)).toBe(2);
    const late = await registerUser();
    const made = await booked(late, event.id);
    expect(await windowOf(late, made.id)).toBe(72);
    await moveEvent(event.id, 3);
    const refused = await cancelling(late, made.id).expect(409);
    expect(codeOf(refused)).toBe('CANCELLATION_WINDOW_CLOSED');
    expect(refused.body.error.details).toMatchObject([{ cancellableUntil: expect.any(String) }]);
    await cancelling(owner, held.id).expect(200);
    await changing(event.id, { cancellationWindowHours: 1 });
    expect(await windowOf(late, made.id)).toBe(1);
    await cancelling(late, made.id).expect(200);
  });

  it('refunds in full for bookings made before the event was moved', async () => {
    const policy = { refundPolicy: { fullUntilHours: 1000, thenPercent: 0 }, cancellationWindowHours: 48 };
    const { event, owner, orderId, booking } = await aPaidOrder(policy);
    await moveEvent(event.id, 20);
    expect(codeOf(await cancelling(owner, booking.id).expect(409))).toBe('CANCELLATION_WINDOW_CLOSED');
    await changing(event.id, { startDate: inHours(10) });
    expect(await windowOf(owner, booking.id)).toBe(0);
    await changing(event.id, { cancellationWindowHours: 100 });
    await cancelling(owner, booking.id).expect(200);
    await settleMoney();
    expect((await orderOf(owner, orderId)).refunds).toMatchObject([{ amount: '20.00' }]);
  });

  it('keeps the terms of a claimed offer and of an unpaid booking', async () => {
    const { event, owner, held } = await aFullEvent(1, { cancellationWindowHours: 5 });
    const next = await registerUser();
    await joined(next, event.id);
    await changing(event.id, { cancellationWindowHours: 6 });
    await cancelling(owner, held.id).expect(200);
    const claimed = await booked(next, event.id);
    await changing(event.id, { cancellationWindowHours: 7 });
    expect(await windowOf(next, claimed.id)).toBe(6);

    const priced = await anOpenEvent({ basePrice: 5, cancellationWindowHours: 5 });
    const waiting = await booked(owner, priced.id);
    await changing(priced.id, { cancellationWindowHours: 9 });
    expect(await windowOf(owner, waiting.id)).toBe(5);
    await moveEvent(priced.id, 1);
    await cancelling(owner, waiting.id).expect(200);
    expect(await windowOf(owner, waiting.id)).toBeNull();
  });
});

describe('a booking’s terms', () => {
  it.each(['cancellation_window_hours = 1', `refund_policy = '{"fullUntilHours":1,"thenPercent":0}'`])(
    'cannot be changed: %s',
    async (change) => {
      const { held } = await aFullEvent();
      const rewriting = database.raw(`UPDATE bookings SET ${change} WHERE id = ${held.id}`);
      await expect(rewriting).rejects.toMatchObject({ constraint: 'bookings_terms_unchanged' });
    },
  );
});

describe('a booking’s cancellableUntil', () => {
  it('uses the default window if the event has none, in the response, the list and the replay', async () => {
    const event = await anOpenEvent();
    const user = await registerUser();
    const send = () =>
      as(user)
        .post('/api/bookings')
        .set('Idempotency-Key', 'once')
        .send({ eventId: event.id, ticketsCount: 1 })
        .expect(201);
    const made = (await send()).body.data as TestBooking & { cancellableUntil: string };
    expect(Date.parse(made.cancellableUntil)).toBe(Date.parse(event.startDate) - 24 * HOUR_MS);
    expect((await send()).body.data).toEqual(made);
    const { body } = await as(user).get('/api/bookings').expect(200);
    expect(body.data[0].cancellableUntil).toBe(made.cancellableUntil);
  });
});
