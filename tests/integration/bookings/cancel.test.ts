import { database } from '../../../src/database';
import { registerUser } from '../../helpers/accounts';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  cancelling,
  codeOf,
  entryOf,
  inventoryOf,
  joined,
  messagesAbout,
  moveEvent,
  theOrganizer,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { inHours } from '../../helpers/events';

describe('cancelBooking', () => {
  it('200: frees the tickets and adds a message', async () => {
    const { event, owner, held } = await aFullEvent(2);
    const { body } = await cancelling(owner, held.id).send({ reason: '  I fell ill ' }).expect(200);
    expect(body.data).toMatchObject({
      id: held.id,
      status: 'cancelled',
      cancelledAt: expect.any(String) as unknown,
      expiresAt: null,
    });
    expect(await database('bookings').where('id', held.id).first()).toMatchObject({
      status: 'cancelled',
      cancel_reason: 'I fell ill',
    });
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 0 });
    expect(await messagesAbout({ bookingId: held.id })).toEqual([
      { topic: 'booking.confirmed', payload: { bookingId: held.id } },
      { topic: 'booking.cancelled', payload: { bookingId: held.id, because: 'customer' } },
    ]);
    await booked(await registerUser(), event.id, 2);
  });

  it('200: by the organizer and by an admin', async () => {
    const admin = await registerUser({ role: 'admin' });
    for (const actor of [await theOrganizer(), admin]) {
      const { held } = await aFullEvent();
      await cancelling(actor, held.id).expect(200);
      expect(await messagesAbout({ bookingId: held.id, because: 'organizer' })).toHaveLength(1);
    }
  });

  it('400: invalid reasons', async () => {
    const { owner, held } = await aFullEvent();
    for (const reason of [5, 'x'.repeat(501), 'a\0b']) await cancelling(owner, held.id).send({ reason }).expect(400);
    await cancelling(owner, held.id).send({ because: 'of it' }).expect(400);
    for (const id of ['x', '0', '-1', '1.5', '2147483648', '%00'])
      await as(owner).put(`/api/bookings/${id}/cancel`).expect(400);
  });

  it('404: for other users, other organizers, and unknown bookings', async () => {
    const { held } = await aFullEvent();
    for (const role of ['customer', 'organizer'] as const) {
      expect(codeOf(await cancelling(await registerUser({ role }), held.id).expect(404))).toBe('NOT_FOUND');
    }
    await cancelling(await registerUser(), 2_000_000_000).expect(404);
  });

  it('409: twenty concurrent requests free the tickets once', async () => {
    const { event, owner, held } = await aFullEvent(3);
    await database('event_inventory').where('event_id', event.id).update({ capacity: 6 });
    await booked(await registerUser(), event.id, 3);
    const answers = await Promise.all(Array.from({ length: 20 }, () => cancelling(owner, held.id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => codeOf(answer) === 'ALREADY_CANCELLED')).toHaveLength(19);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 3 });
  });

  describe('the cancellation window', () => {
    it('409 for the customer if the event starts within a day, 200 for organizer and admin', async () => {
      const { event, owner, held } = await aFullEvent();
      const other = await aFullEvent();
      for (const { id } of [event, other.event]) await moveEvent(id, 23.9);
      expect(codeOf(await cancelling(owner, held.id).expect(409))).toBe('CANCELLATION_WINDOW_CLOSED');
      await cancelling(await theOrganizer(), held.id).expect(200);
      await cancelling(await registerUser({ role: 'admin' }), other.held.id).expect(200);
    });

    it('is the one of the event if it has one', async () => {
      const { event, owner, held } = await aFullEvent(1, { cancellationWindowHours: 0.5 });
      await moveEvent(event.id, 0.4);
      expect(codeOf(await cancelling(owner, held.id).expect(409))).toBe('CANCELLATION_WINDOW_CLOSED');
      await moveEvent(event.id, 0.6);
      await cancelling(owner, held.id).expect(200);
    });

    it('does not apply to an unpaid hold', async () => {
      const event = await anOpenEvent({ basePrice: 5 });
      const user = await registerUser();
      const made = await booked(user, event.id);
      await moveEvent(event.id, 1);
      await cancelling(user, made.id).expect(200);
    });

    it('reopens when the event is moved, for existing bookings', async () => {
      const { event, owner, held } = await aFullEvent(1, { totalTickets: 10 });
      await moveEvent(event.id, 5);
      await cancelling(owner, held.id).expect(409);
      await as(await theOrganizer())
        .put(`/api/events/${event.id}`)
        .send({ startDate: inHours(6) })
        .expect(200);
      const late = await registerUser();
      const made = await booked(late, event.id);
      expect(codeOf(await cancelling(late, made.id).expect(409))).toBe('CANCELLATION_WINDOW_CLOSED');
      await cancelling(owner, held.id).expect(200);
    });
  });

  it('leaves no trace of a claimed offer', async () => {
    const { event, owner, held } = await aFullEvent();
    const next = await registerUser();
    await joined(next, event.id);
    await cancelling(owner, held.id).expect(200);
    const claimed = await booked(next, event.id);
    await cancelling(next, claimed.id).expect(200);
    expect(await inventoryOf(event.id)).toEqual({ capacity: 1, sold: 0, held: 0, waiting: 0 });
    expect(await entryOf(next, event.id)).toMatchObject({ status: 'claimed' });
  });
});
