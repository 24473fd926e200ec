import {
  aFullEvent,
  anOpenEvent,
  booked,
  joined,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import { database } from '../../../src/database';
import { anonymous, as } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { anUnpaidOrderAt, paid, type PricedBooking } from '../../helpers/orders';

let organizer: TestUser;
beforeAll(async () => {
  organizer = await theOrganizer();
});

async function listed<T>(path: string, user = organizer): Promise<{ data: T[]; pagination: object }> {
  const { body } = await as(user).get(path).expect(200);
  return body as { data: T[]; pagination: object };
}

async function expectRefusals(path: string): Promise<void> {
  await as(await registerUser({ role: 'organizer' }))
    .get(path)
    .expect(403);
  await as(await registerUser())
    .get(path)
    .expect(403);
  await anonymous.get(path).expect(401);
  await as(await registerUser({ role: 'admin' }))
    .get(path)
    .expect(200);
  await as(organizer).get(path.replace(/\d+/, '2000000000')).expect(404);
}

describe('listEventOrders', () => {
  it('lists only the orders of the event, newest first, by page and status', async () => {
    const event = await anOpenEvent({ basePrice: '10.00' });
    const sold = [];
    for (let i = 0; i < 3; i += 1) sold.push(await anUnpaidOrderAt(event));
    await anUnpaidOrderAt(await anOpenEvent({ basePrice: '10.00' }));
    await paid(sold[1]!);
    const path = `/api/events/${event.id}/orders`;
    const { data, pagination } = await listed<{ id: number; customer: { email: string } }>(path);
    expect(data.map(({ id }) => id)).toEqual(sold.map(({ orderId }) => orderId).reverse());
    expect(data[0]!.customer.email).toBe(sold[2]!.owner.user.email);
    expect(pagination).toEqual({ page: 1, limit: 20, total: 3, pages: 1, totalCapped: false });
    const second = await listed<{ id: number }>(`${path}?limit=1&page=2`);
    expect(second.data.map(({ id }) => id)).toEqual([sold[1]!.orderId]);
    expect((await listed<{ id: number }>(`${path}?status=paid`)).data.map(({ id }) => id)).toEqual([sold[1]!.orderId]);
    await as(organizer).get(`${path}?status=lost`).expect(400);
    const found = await listed<{ id: number }>(`${path}?search=${encodeURIComponent(sold[2]!.owner.user.email)}`);
    expect(found.data.map(({ id }) => id)).toEqual([sold[2]!.orderId]);
    await expectRefusals(path);
  });
});

describe('listOrganizerOrders', () => {
  it('lists the orders of all events of the caller, by event, status and search', async () => {
    const owner = await registerUser({ role: 'organizer' });
    const other = await anOpenEvent({ basePrice: '10.00' });
    const [one, two] = [await makeEvent(owner, { basePrice: 10 }), await makeEvent(owner, { basePrice: 10 })];
    const zoe = await registerUser();
    await database('users').where('id', zoe.user.id).update({ first_name: 'Zoë', last_name: 'Straße' });
    const { order, reference } = (await booked(zoe, one.id)) as PricedBooking;
    const first = { orderId: order.id, booking: { reference } };
    const second = await anUnpaidOrderAt(two);
    await anUnpaidOrderAt(other);
    await paid(second);
    const idsOf = async (query: string) =>
      (await listed<{ id: number }>(`/api/organizers/me/orders${query}`, owner)).data.map(({ id }) => id);
    expect(await idsOf('')).toEqual([second.orderId, first.orderId]);
    expect(await idsOf(`?eventId=${one.id}`)).toEqual([first.orderId]);
    expect(await idsOf(`?eventId=${other.id}`)).toEqual([]);
    expect(await idsOf('?status=paid')).toEqual([second.orderId]);
    expect(await idsOf(`?search=${encodeURIComponent('strasse ZOE')}`)).toEqual([first.orderId]);
    expect(await idsOf(`?search=${encodeURIComponent(first.booking.reference.toLowerCase())}`)).toEqual([
      first.orderId,
    ]);
    expect(await idsOf('?search=%25')).toEqual([]);
    await as(await registerUser())
      .get('/api/organizers/me/orders')
      .expect(403);
  });
});

describe('listEventWaitlist', () => {
  it('shows the waitlist in order, with positions', async () => {
    const { event } = await aFullEvent(1);
    const users = await registerUsers(4);
    for (const user of users) await joined(user, event.id);
    await as(users[1]!).delete(`/api/waitlist/${event.id}`).expect(204);
    const path = `/api/events/${event.id}/waitlist`;
    const { data, pagination } = await listed<{
      position: number;
      status: string;
      user: { id: number; email: string };
    }>(path);
    const waiting = [users[0]!, users[2]!, users[3]!];
    expect(data.map(({ user }) => user.id)).toEqual(waiting.map(({ user }) => user.id));
    expect(data.map(({ position }) => position)).toEqual([1, 2, 3]);
    expect(data[0]!.user.email).toBe(users[0]!.user.email);
    expect(pagination).toMatchObject({ total: 3, totalCapped: false });
    expect((await listed<{ position: number }>(`${path}?limit=1&page=3`)).data[0]!.position).toBe(3);
    const left = await listed<{ position: null; user: { id: number } }>(`${path}?status=left`);
    expect(left.data).toEqual([expect.objectContaining({ position: null, status: 'left' })]);
    expect(left.data[0]!.user.id).toBe(users[1]!.user.id);
    await expectRefusals(path);
  });

  it('is empty for an event without a waitlist', async () => {
    expect((await listed(`/api/events/${(await anOpenEvent()).id}/waitlist`)).data).toEqual([]);
  });
});
