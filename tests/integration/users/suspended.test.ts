import { database } from '../../../src/database';
import { changeAccess } from '../../../src/services/users/change-access';
import { expireOffers } from '../../../src/services/waitlist/join-and-leave';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  booking,
  cancelling,
  entryOf,
  joined,
  registerUser,
  registerUsers,
  type TestUser,
} from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { definingSeats, seatMapOf } from '../../helpers/seats';
import { eventually } from '../../helpers/servers/processes';

const suspend = (user: TestUser) => changeAccess(user.user.id, { status: 'suspended' });
const activate = async (user: TestUser) =>
  as(await registerUser({ role: 'admin' }))
    .put(`/api/admin/users/${user.user.id}`)
    .send({ status: 'active' })
    .expect(200);
const codeOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [status, body.error?.code];

async function listed(query: string): Promise<number[]> {
  const { body } = await anonymous.get(`/api/events?limit=100&${query}`).expect(200);
  return (body as { data: { id: number }[] }).data.map(({ id }) => id);
}

describe('a suspended organizer', () => {
  it('has no listed events and sells nothing until reactivation', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const title = `Suspense${organizer.user.id}`;
    const event = await makeEvent(organizer, { title, basePrice: 10 });
    const free = await makeEvent(organizer, { title, totalTickets: 1 });
    const [buyer, waiter] = await registerUsers(2);
    await booked(buyer!, free.id);
    const queries = [
      `search=${title}`,
      `organizerId=${organizer.user.id}`,
      `organizerId=${organizer.user.id}&sort=title`,
    ];
    for (const query of queries) expect(await listed(query)).toContain(event.id);
    await suspend(organizer);
    // Cached lists may still be served for a second.
    for (const query of queries) await eventually(async () => (await listed(query)).length === 0);
    const attempts = [
      booking(buyer!, event.id),
      as(waiter!).post('/api/waitlist/join').send({ eventId: free.id }),
      as(waiter!).post('/api/waitlist/join').send({ eventId: event.id }),
    ];
    for (const attempt of attempts) expect(codeOf(await attempt)).toEqual([409, 'EVENT_NOT_BOOKABLE']);
    await activate(organizer);
    await booked(buyer!, event.id);
  });

  it('has no availability anywhere until reactivation', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const event = await makeEvent(organizer, { basePrice: 10, totalTickets: 3 });
    await definingSeats(organizer, event.id, [{ name: 'S', rows: [{ name: 'A', count: 3 }] }]).expect(201);
    const admin = await registerUser({ role: 'admin' });
    const shown = async () => {
      const { data } = (await anonymous.get(`/api/events/${event.id}`).expect(200)).body;
      const types = (await anonymous.get(`/api/events/${event.id}/ticket-types`).expect(200)).body.data;
      const path = `/api/admin/events?organizerId=${organizer.user.id}`;
      const [listed] = (await as(admin).get(path).expect(200)).body.data;
      expect(listed.availableTickets).toBe(data.availableTickets);
      return [
        data.availableTickets,
        data.minPrice,
        data.ticketTypes[0].quantityAvailable,
        types[0].quantityAvailable,
        (await seatMapOf(event.id)).counts.free,
      ];
    };
    expect(await shown()).toEqual([3, '10.00', 3, 3, 3]);
    await suspend(organizer);
    expect(await shown()).toEqual([0, null, 0, 0, 0]);
    await activate(organizer);
    expect(await shown()).toEqual([3, '10.00', 3, 3, 3]);
  });

  it('makes no offers to waiting users', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const event = await makeEvent(organizer, { totalTickets: 1 });
    const [buyer, waiter] = (await registerUsers(2)) as [TestUser, TestUser];
    const held = await booked(buyer, event.id);
    await joined(waiter, event.id);
    await suspend(organizer);
    await cancelling(buyer, held.id).expect(200);
    expect((await entryOf(waiter, event.id))!.status).toBe('waiting');
    await activate(organizer);
    expect((await entryOf(waiter, event.id))!.status).toBe('offered');
  });
});

describe('a suspended customer', () => {
  it('is skipped in the waitlist but keeps their position', async () => {
    const { event, owner, held } = await aFullEvent();
    const [first, second] = (await registerUsers(2)) as [TestUser, TestUser];
    await joined(first, event.id);
    await joined(second, event.id);
    await suspend(first);
    await cancelling(owner, held.id).expect(200);
    expect((await entryOf(second, event.id))!.status).toBe('offered');
    const [entry] = await database('waitlist_entries').where({ user_id: first.user.id }).select('status');
    expect(entry!.status).toBe('waiting');
  });

  it('loses an offer to the next entry', async () => {
    const { event, owner, held } = await aFullEvent();
    const [first, second] = (await registerUsers(2)) as [TestUser, TestUser];
    await joined(first, event.id);
    await joined(second, event.id);
    await cancelling(owner, held.id).expect(200);
    expect((await entryOf(first, event.id))!.status).toBe('offered');
    await suspend(first);
    await expireOffers();
    expect((await entryOf(second, event.id))!.status).toBe('offered');
    const [entry] = await database('waitlist_entries').where({ user_id: first.user.id }).select('status');
    expect(entry!.status).toBe('expired');
  });

  it('cannot hold up a sale', async () => {
    const event = await anOpenEvent();
    const [gone, here] = (await registerUsers(2)) as [TestUser, TestUser];
    await suspend(gone);
    expect(codeOf(await booking(gone, event.id))).toEqual([403, 'ACCOUNT_SUSPENDED']);
    await booked(here, event.id);
  });
});
