import { database } from '../../../src/database';
import { cancelBookingsOfEvent } from '../../../src/services/bookings/cancel-booking';
import { closeWaitlist, expireOffers } from '../../../src/services/waitlist/join-and-leave';
import {
  aFullEvent,
  anOpenEvent,
  bookCommand,
  booked,
  booking,
  cancelling,
  codeOf,
  entryOf,
  inOneBatch,
  inventoryOf,
  joinCommand,
  joined,
  joining,
  messagesAbout,
  moveEvent,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestEntry,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { inHours } from '../../helpers/events';

const HOUR = 3_600_000;

async function entriesOf(user: TestUser): Promise<TestEntry[]> {
  const { body } = await as(user).get('/api/waitlist').expect(200);
  return body.data as TestEntry[];
}

/** Makes the offers of these entries expire. */
async function letOffersLapse(eventId: number): Promise<void> {
  const lapsed = database.raw("offered_at + interval '1 ms'");
  await database('waitlist_entries')
    .where({ event_id: eventId, status: 'offered' })
    .update({ offer_expires_at: lapsed });
}

const leaving = (user: TestUser, eventId: number) => as(user).delete(`/api/waitlist/${eventId}`);

describe('an offer', () => {
  it('is made when tickets are freed, holds them, and lasts twelve hours', async () => {
    const { event, owner, held } = await aFullEvent(2);
    const [first, second, third] = await registerUsers(3);
    const entry = await joined(first!, event.id, { ticketsCount: 2 });
    await joined(second!, event.id);
    await cancelling(owner, held.id).expect(200);
    expect(await inventoryOf(event.id)).toEqual({ capacity: 2, sold: 0, held: 2, waiting: 1 });
    const row = (await entryOf(first!, event.id)) as { offered_at: Date; offer_expires_at: Date };
    expect(row.offer_expires_at.getTime() - row.offered_at.getTime()).toBe(12 * HOUR);
    expect(await entriesOf(first!)).toMatchObject([
      { status: 'offered', offeredCount: 2, offerExpiresAt: row.offer_expires_at.toISOString() },
    ]);
    const [message] = (await database('outbox_messages').whereRaw(`payload @> ?`, [
      JSON.stringify({ entryId: entry.id }),
    ])) as unknown[];
    expect(message).toMatchObject({ topic: 'waitlist.offered', priority: 1 });
    const { body } = await as(third!).get(`/api/events/${event.id}`).expect(200);
    expect(body.data.availableTickets).toBe(0);
    for (const user of [second!, third!, owner])
      expect(codeOf(await booking(user, event.id).expect(409))).toBe('SOLD_OUT');
  });

  it('lasts at most a quarter of the time until the start', async () => {
    const { event, held } = await aFullEvent();
    const user = await registerUser();
    await joined(user, event.id);
    await moveEvent(event.id, 4);
    await cancelling(await theOrganizer(), held.id).expect(200);
    const row = (await entryOf(user, event.id)) as { offered_at: Date; offer_expires_at: Date };
    const lasts = row.offer_expires_at.getTime() - row.offered_at.getTime();
    expect(lasts).toBeGreaterThan(0.9 * HOUR);
    expect(lasts).toBeLessThanOrEqual(HOUR);
  });

  it('is claimed by booking, even if tickets have a price', async () => {
    const event = await anOpenEvent({ basePrice: 10, totalTickets: 1 });
    const [owner, user] = await registerUsers(2);
    const made = await booked(owner!, event.id);
    await joined(user!, event.id);
    await cancelling(owner!, made.id).expect(200);
    const claim = await booked(user!, event.id);
    expect(claim.status).toBe('pending');
    expect(await inventoryOf(event.id)).toEqual({ capacity: 1, sold: 0, held: 1, waiting: 0 });
    expect(await database('bookings').where('id', claim.id).first('waitlist_entry_id')).toEqual({
      waitlist_entry_id: (await entryOf(user!, event.id)).id,
    });
  });

  it('can be claimed in part and the rest passes on; more than offered is refused', async () => {
    const { event, owner, held } = await aFullEvent(3);
    const [first, second] = await registerUsers(2);
    await joined(first!, event.id, { ticketsCount: 3 });
    await joined(second!, event.id, { ticketsCount: 2 });
    await cancelling(owner, held.id).expect(200);
    expect(codeOf(await booking(first!, event.id, 4).expect(409))).toBe('SOLD_OUT');
    await booked(first!, event.id, 1);
    expect(await entriesOf(second!)).toMatchObject([{ status: 'offered', offeredCount: 2 }]);
    expect(await inventoryOf(event.id)).toEqual({ capacity: 3, sold: 1, held: 2, waiting: 0 });
  });

  it('passes to the next entry when it is given up', async () => {
    const { event, owner, held } = await aFullEvent();
    const users = await registerUsers(3);
    for (const user of users) await joined(user, event.id);
    await cancelling(owner, held.id).expect(200);
    await leaving(users[0]!, event.id).expect(204);
    expect((await entriesOf(users[0]!))[0]).toMatchObject({ status: 'left' });
    expect((await entriesOf(users[1]!))[0]).toMatchObject({ status: 'offered' });
    expect((await entriesOf(users[2]!))[0]).toMatchObject({ status: 'waiting', position: 1 });
  });

  it('passes to the next entry when it expires; its user may join again at the end', async () => {
    const { event, owner, held } = await aFullEvent();
    const [first, second, third] = await registerUsers(3);
    const entry = await joined(first!, event.id);
    for (const user of [second!, third!]) await joined(user, event.id);
    await cancelling(owner, held.id).expect(200);
    expect(await expireOffers()).toBe(0);
    await letOffersLapse(event.id);
    expect(await expireOffers()).toBe(1);
    expect((await entriesOf(first!))[0]).toMatchObject({ status: 'expired', position: null, offerExpiresAt: null });
    expect((await entriesOf(second!))[0]).toMatchObject({ status: 'offered' });
    expect((await messagesAbout({ entryId: entry.id })).map(({ topic }) => topic)).toEqual([
      'waitlist.offered',
      'waitlist.expired',
    ]);
    expect(codeOf(await booking(first!, event.id).expect(409))).toBe('SOLD_OUT');
    expect(await joined(first!, event.id)).toMatchObject({ position: 2 });
  });

  it('releases its tickets when nobody else is waiting', async () => {
    const { event, owner, held } = await aFullEvent();
    const user = await registerUser();
    await joined(user, event.id);
    await cancelling(owner, held.id).expect(200);
    await letOffersLapse(event.id);
    await expireOffers();
    await booked(await registerUser(), event.id);
  });

  it('skips entries that need more tickets; they keep their position', async () => {
    const event = await anOpenEvent({ totalTickets: 3 });
    const [a, b, c, big, small, last] = await registerUsers(6);
    const made = [await booked(a!, event.id), await booked(b!, event.id), await booked(c!, event.id)];
    await joined(big!, event.id, { ticketsCount: 2 });
    await joined(small!, event.id);
    await joined(last!, event.id);
    await cancelling(a!, made[0]!.id).expect(200);
    expect((await entriesOf(small!))[0]).toMatchObject({ status: 'offered' });
    expect((await entriesOf(big!))[0]).toMatchObject({ status: 'waiting', position: 1 });
    await leaving(small!, event.id).expect(204);
    expect((await entriesOf(last!))[0]).toMatchObject({ status: 'offered' });
    await leaving(last!, event.id).expect(204);
    await cancelling(b!, made[1]!.id).expect(200);
    expect((await entriesOf(big!))[0]).toMatchObject({ status: 'offered', offeredCount: 2 });
  });

  it('is made in the order of joining, even if many tickets are freed at once', async () => {
    const event = await anOpenEvent({ totalTickets: 10 });
    const owners = await registerUsers(10);
    const made = await Promise.all(owners.map((owner) => booked(owner, event.id)));
    const line = await registerUsers(30);
    for (const user of line) await joined(user, event.id);
    await Promise.all(owners.slice(0, 6).map((owner, index) => cancelling(owner, made[index]!.id).expect(200)));
    const statuses = await Promise.all(line.map(async (user) => (await entryOf(user, event.id)).status));
    expect(statuses).toEqual([...Array<string>(6).fill('offered'), ...Array<string>(24).fill('waiting')]);
  });

  it('is made before other users can book when capacity grows', async () => {
    const { event } = await aFullEvent();
    const [first, second] = await registerUsers(2);
    for (const user of [first!, second!]) await joined(user, event.id);
    await as(await theOrganizer())
      .put(`/api/events/${event.id}`)
      .send({ totalTickets: 2 })
      .expect(200);
    expect(codeOf(await booking(await registerUser(), event.id).expect(409))).toBe('SOLD_OUT');
    expect((await entriesOf(first!))[0]).toMatchObject({ status: 'offered' });
    const less = as(await theOrganizer())
      .put(`/api/events/${event.id}`)
      .send({ totalTickets: 1 });
    expect(codeOf(await less.expect(409))).toBe('CAPACITY_BELOW_BOOKED');
    await as(await theOrganizer())
      .put(`/api/events/${event.id}`)
      .send({ totalTickets: null })
      .expect(200);
    expect((await entriesOf(second!))[0]).toMatchObject({ status: 'offered' });
  });
});

describe('a sale that reopens', () => {
  it('serves the waitlist first if the sale window of a type changes', async () => {
    const ticketTypes = [{ name: 'A', salesEnd: inHours(-1) }];
    const event = await anOpenEvent({ totalTickets: 1, ticketTypes });
    const [first, other] = await registerUsers(2);
    await joined(first!, event.id);
    const type = `/api/events/${event.id}/ticket-types/${event.ticketTypes[0]!.id}`;
    await as(await theOrganizer())
      .put(type)
      .send({ salesEnd: inHours(5) })
      .expect(200);
    expect((await entriesOf(first!))[0]).toMatchObject({ status: 'offered' });
    expect(codeOf(await booking(other!, event.id).expect(409))).toBe('SOLD_OUT');
  });

  it('serves the waitlist first if the event moves', async () => {
    const event = await anOpenEvent({ totalTickets: 1 });
    await moveEvent(event.id, -1);
    const [first, other] = await registerUsers(2);
    await joined(first!, event.id);
    await as(await theOrganizer())
      .put(`/api/events/${event.id}`)
      .send({ startDate: inHours(4) })
      .expect(200);
    const [entry] = await entriesOf(first!);
    expect(entry).toMatchObject({ status: 'offered' });
    expect(new Date(entry!.offerExpiresAt!).getTime()).toBeLessThanOrEqual(Date.now() + HOUR);
    expect(codeOf(await booking(other!, event.id).expect(409))).toBe('SOLD_OUT');
  });
});

describe('a cancelled event', () => {
  it('cancels its bookings and closes its waitlist without making offers', async () => {
    const event = await anOpenEvent({ totalTickets: 3 });
    const users = await registerUsers(5);
    const made = await Promise.all(users.slice(0, 3).map((user) => booked(user, event.id)));
    for (const user of users.slice(3)) await joined(user, event.id);
    await cancelling(users[0]!, made[0]!.id).expect(200);
    await as(await theOrganizer())
      .post(`/api/events/${event.id}/cancel`)
      .send({ confirm: true })
      .expect(202);
    // The worker does this when it handles the message.
    await closeWaitlist(event.id);
    expect(await cancelBookingsOfEvent(event.id, null)).toBe(2);
    expect(await cancelBookingsOfEvent(event.id, null)).toBe(0);
    expect(await inventoryOf(event.id)).toEqual({ capacity: 3, sold: 0, held: 0, waiting: 0 });
    expect((await entryOf(users[3]!, event.id)).status).toBe('left');
    expect((await entryOf(users[4]!, event.id)).status).toBe('left');
    expect(await messagesAbout({ bookingId: made[1]!.id, because: 'event' })).toHaveLength(1);
    expect(codeOf(await joining(await registerUser(), event.id).expect(409))).toBe('EVENT_NOT_BOOKABLE');
  });

  it('removes all entries from a long waitlist', async () => {
    const event = await anOpenEvent({ totalTickets: 450 });
    const users = await registerUsers(1000);
    const commands = users.map((user, index) =>
      index < 450 ? bookCommand(user, event.id) : joinCommand(user, event.id),
    );
    await inOneBatch(...commands);
    expect(await inventoryOf(event.id)).toEqual({ capacity: 450, sold: 450, held: 0, waiting: 550 });
    await as(await theOrganizer())
      .post(`/api/events/${event.id}/cancel`)
      .send({ confirm: true })
      .expect(202);
    await closeWaitlist(event.id);
    expect(await cancelBookingsOfEvent(event.id, null)).toBe(450);
    expect(await inventoryOf(event.id)).toEqual({ capacity: 450, sold: 0, held: 0, waiting: 0 });
  });
});
