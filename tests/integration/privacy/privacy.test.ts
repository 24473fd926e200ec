import { database } from '../../../src/database';
import { sections } from '../../../src/models/privacy.model';
import { finishErasures } from '../../../src/services/privacy/erase-account';
import { changeAccess } from '../../../src/services/users/change-access';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  cancelling,
  entryOf,
  inventoryOf,
  joined,
  theOrganizer,
} from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { PDF, uploaded } from '../../helpers/files';
import { violations } from '../../helpers/invariants';
import { anUnpaidOrder, aPaidOrder, ledgerOf, paid, refunding, settleMoney, type Sold } from '../../helpers/orders';
import { makeAddress } from '../../helpers/store';
import { makeProduct } from '../../helpers/products';
import { transferring } from '../../helpers/tickets';

type Export = Record<string, Record<string, unknown>[]> & { account: Record<string, unknown> };

const erasing = (user: TestUser, password = PASSWORD) => as(user).delete('/api/users/me').send({ password });

async function exportOf(user: TestUser): Promise<Export> {
  const { body } = await as(user).get('/api/users/me/export').expect(200);
  return (body as { data: Export }).data;
}

async function endEvent(eventId: number): Promise<void> {
  await database('events')
    .where({ id: eventId })
    .update({
      starts_at: database.raw("now() - interval '2 hours'"),
      ends_at: database.raw("now() - interval '1 minute'"),
    });
}

/** Creates a customer whose paid order is partly refunded, for an event that is over. */
async function aPastCustomer(): Promise<Sold> {
  const sold = await aPaidOrder();
  await refunding(await theOrganizer(), sold.orderId, { amount: '5.00' }).expect(200);
  await settleMoney();
  await endEvent(sold.event.id);
  return sold;
}

afterAll(async () => expect(await violations(database)).toEqual([]));

describe('exportAccount', () => {
  it('exports all data as a file, money as decimals, and no secrets', async () => {
    const { owner, event, booking, orderId } = await aPastCustomer();
    await as(owner).put('/api/auth/profile').send({ phone: '+43 1 234567' }).expect(200);
    const address = await makeAddress(owner);
    const other = await aFullEvent();
    await joined(owner, other.event.id);
    await transferring(other.owner, other.held.id, other.held.tickets[0]!.id, {
      name: 'Me',
      email: owner.user.email,
    }).expect(200);
    await anonymous.post('/api/auth/forgot-password').send({ email: owner.user.email }).expect(202);

    const answer = await as(owner).get('/api/users/me/export').expect(200);
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="bilten-export-\d+\.json"$/);
    expect(answer.headers['cache-control']).toContain('private');
    const held = (answer.body as { data: Export }).data;
    expect(held.account).toMatchObject({ email: owner.user.email, phone: '+43 1 234567' });
    expect(held.sessions).toEqual([expect.objectContaining({ ip: '127.0.0.1', userAgent: 'test' })]);
    expect(held.bookings).toEqual([
      expect.objectContaining({
        id: booking.id,
        eventId: event.id,
        totalAmount: '20.00',
        items: [expect.objectContaining({ quantity: 2, unitPrice: '10.00' })],
      }),
    ]);
    expect(held.addresses).toEqual([expect.objectContaining({ id: address.id, line1: address.line1 })]);
    expect(held.tickets).toHaveLength(2);
    expect(held.ticketsReceived).toEqual([expect.objectContaining({ attendeeEmail: owner.user.email })]);
    expect(held.orders).toEqual([expect.objectContaining({ id: orderId, total: '20.00' })]);
    expect(held.payments).toHaveLength(1);
    expect(held.refunds).toEqual([expect.objectContaining({ amount: '5.00' })]);
    expect(held.ledgerEntries!.length).toBeGreaterThan(0);
    expect(held.waitlist).toEqual([expect.objectContaining({ eventId: other.event.id, status: 'waiting' })]);
    expect(held.tokens).toEqual([expect.objectContaining({ purpose: 'reset_password' })]);
    expect(answer.text).not.toMatch(/passwordHash|tokenHash|"nonce"|clientSecret/);
  });

  it('exports only the caller’s data', async () => {
    const { owner } = await aPastCustomer();
    const stranger = await registerUser();
    const held = await exportOf(stranger);
    expect(JSON.stringify(held)).not.toContain(owner.user.email);
    expect(held.bookings).toEqual([]);
    await anonymous.get('/api/users/me/export').expect(401);
  });

  it('includes every table that refers to a user', async () => {
    const { rows } = await database.raw<{ rows: { name: string }[] }>(
      `SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint
       WHERE contype = 'f' AND confrelid = 'users'::regclass ORDER BY 1`,
    );
    const sql = Object.values(sections)
      .map((section) => section.sql)
      .join(' ');
    expect(rows.map(({ name }) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(sql))).toEqual([]);
  });
});

describe('eraseAccount', () => {
  it('leaves nothing that identifies the user, and an unchanged ledger', async () => {
    const { owner, booking, orderId } = await aPastCustomer();
    const { id: userId, email } = owner.user;
    const line = await aFullEvent();
    await makeAddress(owner);
    await joined(owner, line.event.id);
    await database('users')
      .where({ id: userId })
      .update({ phone: '+431234567', notification_preferences: { sms: {} } });
    await database('booking_items')
      .where({ booking_id: booking.id })
      .update({ attendees: JSON.stringify([{ name: 'Zoe', email: 'zoe@example.com' }]) });
    await database('tickets').where({ booking_id: booking.id }).update({ attendee_name: 'Zoe' });
    await database('notifications').insert({ user_id: userId, kind: 'x', title: 'x', body: email, message_id: 0 });
    const ledger = await ledgerOf(orderId);
    const order = (await database('orders').where({ id: orderId }).first()) as object;

    await erasing(owner).expect(204);

    expect((await as(owner).get('/api/auth/profile')).status).toBe(401);
    await anonymous.post('/api/auth/login').send({ email, password: PASSWORD }).expect(401);
    await anonymous
      .post('/api/auth/login')
      .send({ email: `erased-${userId}@erased.invalid`, password: PASSWORD })
      .expect(401);
    const [row] = (await database('users').where({ id: userId })) as Record<string, unknown>[];
    expect(row).toMatchObject({
      email: expect.stringMatching(new RegExp(`^erased-${userId}-[0-9a-f-]{36}@erased[.]invalid$`)),
      first_name: null,
      last_name: null,
      phone: null,
      notification_preferences: {},
      erased_at: expect.any(Date),
    });
    for (const table of ['addresses', 'notifications', 'user_tokens', 'idempotency_keys'])
      expect(await database(table).where({ user_id: userId })).toEqual([]);
    expect(await database('sessions').where({ user_id: userId }).select('ip', 'user_agent')).toEqual([
      { ip: '', user_agent: null },
    ]);
    expect((await entryOf(owner, line.event.id)).status).toBe('left');
    expect(await database('booking_items').where({ booking_id: booking.id }).pluck('attendees')).toEqual([null]);
    expect(await database('tickets').where({ booking_id: booking.id }).pluck('attendee_name')).toEqual([null, null]);
    // The law requires to keep the order, with the data on its invoice, and the ledger.
    expect(await database('orders').where({ id: orderId }).first()).toEqual(order);
    expect(await ledgerOf(orderId)).toEqual(ledger);
    expect(await violations(database)).toEqual([]);

    await anonymous.post('/api/auth/register').send({ email, password: 'another pass phrase' }).expect(201);
    expect((await database('users').where({ email })).length).toBe(1);
  });

  it('400 for a wrong or missing password, and changes nothing', async () => {
    const user = await registerUser();
    const { body } = await erasing(user, 'not this one').expect(400);
    expect(body.error.details[0].path).toBe('password');
    await as(user).delete('/api/users/me').expect(400);
    await anonymous.delete('/api/users/me').send({ password: PASSWORD }).expect(401);
    await as(user).get('/api/auth/profile').expect(200);
  });

  const inUse = async (user: TestUser) => {
    const { body } = await erasing(user).expect(409);
    expect(body.error.code).toBe('ACCOUNT_IN_USE');
    return (body.error.details as { path: string; id: number }[]).map(({ path, id }) => [path, id]);
  };

  it('409 with the reasons while bookings are upcoming or payments open; succeeds after that', async () => {
    const coming = await registerUser();
    const booking = await booked(coming, (await anOpenEvent()).id);
    expect(await inUse(coming)).toEqual([['bookings', booking.id]]);
    await cancelling(coming, booking.id).expect(200);
    await erasing(coming).expect(204);

    const open = await anUnpaidOrder();
    expect(await inUse(open.owner)).toEqual([
      ['bookings', open.booking.id],
      ['orders', open.orderId],
    ]);
    await paid(open);
    await cancelling(open.owner, open.booking.id).expect(200);
    await settleMoney();
    await erasing(open.owner).expect(204);
  });

  it('409 for an organizer whose products are in unpaid orders; then archives them without their files', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const file = await uploaded(organizer, PDF);
    const { id } = await makeProduct(organizer, { productType: 'digital', fileId: file.id });
    const inventory = database('product_inventory').where({ product_id: id });
    await inventory.clone().update({ held: 1 });
    expect(await inUse(organizer)).toEqual([['products', id]]);
    await inventory.clone().update({ held: 0 });
    await erasing(organizer).expect(204);
    expect(await database('products').where({ id }).first()).toMatchObject({ status: 'archived', file_id: null });
  });

  it('409 for an organizer with an upcoming event; drafts are deleted', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const draft = await makeEvent(organizer, { status: 'draft' });
    const event = await makeEvent(organizer);
    expect(await inUse(organizer)).toEqual([['events', event.id]]);
    await as(organizer).get(`/api/events/${draft.id}`).expect(200);
    await as(organizer).delete(`/api/events/${event.id}`).expect(204);
    await erasing(organizer).expect(204);
    expect(await database('events').where({ id: draft.id }).whereNull('deleted_at')).toEqual([]);
  });

  it('409 for the last admin', async () => {
    const others = (await database('users').where({ role: 'admin', status: 'active' }).pluck('id')) as number[];
    for (const id of others) await changeAccess(id, { role: 'customer' });
    const admin = await registerUser({ role: 'admin' });
    expect(await inUse(admin)).toEqual([['role', admin.user.id]]);
    await registerUser({ role: 'admin' });
    await erasing(admin).expect(204);
  });

  it('removes what a concurrent request has added', async () => {
    const user = await registerUser();
    const event = await anOpenEvent({ totalTickets: 5 });
    await erasing(user).expect(204);
    // The rows that a process inserts if it authenticated the user before the erasure.
    await database.raw(
      `WITH b AS (INSERT INTO bookings (reference, user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, confirmed_at)
                  VALUES ('LATELATELA', :userId, :eventId, 1, 'confirmed', 0, 'USD', true, gen_random_uuid(), now()) RETURNING id),
         i AS (INSERT INTO booking_items (booking_id, ticket_type_id, quantity, unit_price) SELECT id, :typeId, 1, 0 FROM b)
       INSERT INTO outbox_messages (topic, payload) SELECT 'booking.confirmed', jsonb_build_object('bookingId', id) FROM b`,
      { userId: user.user.id, eventId: event.id, typeId: event.ticketTypes[0]!.id },
    );
    await database('notifications').insert({ user_id: user.user.id, kind: 'x', title: 'x', body: 'x', message_id: 0 });
    expect(await finishErasures()).toBeGreaterThan(0);
    expect(await database('bookings').where({ user_id: user.user.id }).pluck('status')).toEqual(['cancelled']);
    expect(await database('notifications').where({ user_id: user.user.id })).toEqual([]);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 0 });
  });
});
