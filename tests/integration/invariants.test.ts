import type { Knex } from 'knex';
import { createKnex, database } from '../../src/database';
import { expireHolds } from '../../src/services/bookings/expire-holds';
import { collectRecipients, sendAnnouncements } from '../../src/services/announcements/send-announcements';
import { expireOffers } from '../../src/services/waitlist/join-and-leave';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  booking,
  cancelling,
  joined,
  joining,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestUser,
} from '../helpers/bookings';
import { checkoutCorruptions, fillCheckouts } from '../helpers/corruptions.checkout';
import { addToCart } from '../helpers/cart';
import { as } from '../helpers/client';
import { creditCorruptions, fillCredits } from '../helpers/corruptions.credits';
import { makeDiscount } from '../helpers/discounts';
import { picture, uploading } from '../helpers/files';
import { anUnpaidOrder, aPaidOrder, disputed, intentOf, refunding, settleMoney } from '../helpers/orders';
import { invariants, violations } from '../helpers/invariants';
import { messagesOf } from '../helpers/messages';
import { addImage, makeCategory, makeProduct } from '../helpers/products';
import { aHall } from '../helpers/seats';
import { makeAddress } from '../helpers/store';
import { transferring } from '../helpers/tickets';

let owner: Knex;

/** Creates orders that are disputed, refunded, cancelled, or free through a discount. */
async function fillMoney(): Promise<void> {
  const { booking: lost } = await aPaidOrder({ taxRate: 20 });
  await disputed(lost.id);
  const { orderId } = await aPaidOrder();
  await refunding(await theOrganizer(), orderId, { amount: '20.00' }).expect(200);
  const dropped = await anUnpaidOrder();
  await intentOf(dropped.owner, dropped.orderId);
  await cancelling(dropped.owner, dropped.booking.id).expect(200);
  await settleMoney();
  const event = await anOpenEvent({ basePrice: '10.00' });
  const { code: discountCode } = await makeDiscount({ value: 100 });
  const [guest] = (await registerUsers(1)) as [TestUser];
  await as(guest).post('/api/bookings').send({ eventId: event.id, ticketsCount: 1, discountCode }).expect(201);
}

/** Creates bookings and waitlist entries in every status, stored responses, and messages that are done. */
async function fill(): Promise<void> {
  const paid = await anOpenEvent({ basePrice: '10.00', taxRate: 10, taxInclusive: false, totalTickets: 20 });
  const [a, b, c, d, e, f] = (await registerUsers(6)) as [TestUser, TestUser, TestUser, TestUser, TestUser, TestUser];
  await booked(a, paid.id, 2);
  const lapsed = await booked(b, paid.id);
  await database('bookings')
    .where('id', lapsed.id)
    .update({ expires_at: database.raw("created_at + interval '1 ms'") });
  await expireHolds();

  const { code: discountCode } = await makeDiscount({ value: 33, maxUses: 1, maxUsesPerUser: 1 });
  await as(f).post('/api/bookings').send({ eventId: paid.id, ticketsCount: 3, discountCode }).expect(201);

  const { event, owner: first, held } = await aFullEvent(3);
  await joined(a, event.id);
  await joined(b, event.id);
  await joined(c, event.id, { ticketsCount: 2 });
  await joined(d, event.id);
  await joining(e, event.id).set('Idempotency-Key', 'a place').expect(201);
  await cancelling(first, held.id).expect(200);
  const claimed = await booked(a, event.id);
  await transferring(a, claimed.id, claimed.tickets[0]!.id).expect(200);
  await database('waitlist_entries')
    .where('user_id', b.user.id)
    .update({ offer_expires_at: database.raw("offered_at + interval '1 ms'") });
  await expireOffers();
  await as(d).delete(`/api/waitlist/${event.id}`).expect(204);
  await booking(e, paid.id).set('Idempotency-Key', 'a booking').expect(201);

  const rows = [{ name: 'A', count: 4, accessible: ['1'], companion: ['2'] }];
  const { event: seatingPlan } = await aHall([{ name: 'Stalls', rows }]);
  const seated = await booked(a, seatingPlan.id, 2);
  await booked(b, seatingPlan.id);
  await booked(c, seatingPlan.id);
  await joined(d, seatingPlan.id, { ticketsCount: 2 });
  await cancelling(a, seated.id).expect(200);

  await as(await theOrganizer())
    .post(`/api/events/${event.id}/message`)
    .send({ subject: 'Doors', body: 'They open at seven.' })
    .expect(202);
  const [posted] = await messagesOf('event.message');
  const ofPosted = database('outbox_messages').where({ id: posted!.id });
  await ofPosted.clone().update({ status: 'queued', queued_at: database.fn.now() });
  await collectRecipients({ ...posted, progress: 0 } as never);
  await ofPosted.clone().update({ status: 'done', done_at: database.fn.now() });
  await sendAnnouncements();

  await makeAddress(a);
  const { event: hall, seats } = await aHall();
  await addToCart(a, { ticketTypeId: hall.ticketTypes[0]!.id, seatIds: [seats.A1, seats.A2] });
  await fillMoney();
  await fillCheckouts();
  const { orderId } = await aPaidOrder();
  await refunding(await theOrganizer(), orderId, { amount: '5.00' }).expect(200);
  const image = await picture({ width: 400 });
  await uploading(await theOrganizer(), image, { to: `/api/events/${event.id}/cover` }).expect(200);
  await uploading(await theOrganizer(), image, { to: '/api/users/me/logo' }).expect(200);
  const open = await anUnpaidOrder();
  await intentOf(open.owner, open.orderId);
  await fillCredits(open);
}

/** Creates a product in a category, with a stock and an image. */
async function fillCatalog(): Promise<void> {
  const { id: categoryId } = await makeCategory(await registerUser({ role: 'admin' }));
  const { id } = await makeProduct(await theOrganizer(), { categoryId, stock: 5 });
  await addImage(await theOrganizer(), id);
}

beforeAll(async () => {
  owner = createKnex(process.env.DATABASE_OWNER_URL ?? '', { max: 1, applicationName: 'corruption' });
  await fill();
  await fillCatalog();
});
afterAll(() => owner.destroy());

const TABLES = [
  'events',
  'event_inventory',
  'ticket_types',
  'ticket_type_inventory',
  'bookings',
  'booking_items',
  'tickets',
  'seats',
  'booking_seats',
  'discounts',
  'waitlist_entries',
  'outbox_messages',
  'notifications',
  'users',
  'event_message_recipients',
  'idempotency_keys',
  'orders',
  'order_items',
  'order_discounts',
  'order_item_refunds',
  'product_claims',
  'product_inventory',
  'payments',
  'refunds',
  'ledger_entries',
  'sandbox_intents',
  'sandbox_refunds',
  'categories',
  'products',
  'product_images',
  'product_inventory',
  'stock_movements',
  'addresses',
  'carts',
  'cart_items',
  'credit_balances',
  'credit_entries',
  'credit_lots',
  'credit_holds',
  'credit_hold_lots',
  'licenses',
  'license_activations',
];

/** Drops the constraints and triggers with which the database prevents violations. */
async function disarm(trx: Knex.Transaction): Promise<void> {
  const { rows } = await trx.raw<{ rows: { statement: string }[] }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS statement FROM pg_constraint
     WHERE conrelid = ANY (:tables::regclass[]) AND contype IN ('c', 'f')
     UNION ALL SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index
     WHERE indrelid = ANY (:tables::regclass[]) AND indisunique AND indpred IS NOT NULL
     UNION ALL SELECT format('ALTER TABLE %s DISABLE TRIGGER USER', t) FROM unnest(:tables::regclass[]) t`,
    { tables: TABLES },
  );
  for (const { statement } of rows) await trx.raw(statement);
}

/** Returns the names of the invariants that a statement breaks. */
async function brokenBy(corruption: string): Promise<string[]> {
  const trx = await owner.transaction();
  try {
    await disarm(trx);
    await trx.raw(corruption.replaceAll('?', '\\?'));
    return (await violations(trx)).map(({ name }) => name);
  } finally {
    await trx.rollback();
  }
}

const one = (status: string) => `(SELECT min(id) FROM bookings WHERE status = '${status}')`;
const anEntryThatIs = (status: string) => `(SELECT min(id) FROM waitlist_entries WHERE status = '${status}')`;
const aTicket = `(SELECT min(id) FROM tickets WHERE status = 'valid')`;
const aTakenSeat = '(SELECT min(seat_id) FROM booking_seats)';
const oneUser = '(SELECT min(id) FROM users)';
const anyType = '(SELECT min(id) FROM ticket_types)';
const copyBooking = (changes: string) => `
  INSERT INTO bookings (reference, user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, expires_at, confirmed_at)
  SELECT ${changes} FROM bookings WHERE id = ${one('confirmed')}`;
const doneMessage = (topic: string, payload: string) => `
  INSERT INTO outbox_messages (topic, payload, status, queued_at, done_at) VALUES ('${topic}', ${payload}, 'done', now(), now())`;

const corruptions: Record<keyof typeof invariants, string> = {
  'an event’s sold is what its confirmed bookings are': 'UPDATE event_inventory SET sold = sold + 1',
  'an event’s held is what its pending bookings and offers are': 'UPDATE event_inventory SET held = held + 1',
  'an event’s waiting is the length of its line': 'UPDATE event_inventory SET waiting = waiting + 1',
  'a type’s sold is what items of confirmed bookings are': 'UPDATE ticket_type_inventory SET sold = sold + 1',
  'a type’s held is what items of pending bookings and offers are': 'UPDATE ticket_type_inventory SET held = held + 1',
  'no event is oversold, by its rows': 'UPDATE event_inventory SET capacity = 1',
  'no type is oversold, by its rows': 'UPDATE ticket_type_inventory SET capacity = 0',
  'available, held and sold make up an event’s capacity': 'UPDATE event_inventory SET sold = sold + 1000',
  'available, held and sold make up a type’s capacity': 'UPDATE ticket_type_inventory SET capacity = 1, sold = 2',
  'every event and type has its inventory': `DELETE FROM ticket_type_inventory WHERE ticket_type_id = ${anyType}`,
  'an event’s prices are those of its types': 'UPDATE ticket_types SET price = price + 1',
  'what lists take for on sale is what can be bought':
    'UPDATE event_sales SET min_price = 99, max_price = 99 WHERE changes_at IS NULL OR changes_at > now()',
  'nobody has two active bookings where one is allowed': copyBooking(
    `'COPY', user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, expires_at, confirmed_at`,
  ),
  'a booking’s items add up to its tickets': `UPDATE bookings SET tickets_count = tickets_count + 1 WHERE id = ${one('expired')}`,
  'a booking’s items are of its event': `UPDATE booking_items SET ticket_type_id = (SELECT max(id) FROM ticket_types) WHERE ticket_type_id = ${anyType}`,
  'a booking’s total is what its lines and their tax come to': `UPDATE bookings SET total_amount = total_amount + 0.01 WHERE id = ${one('pending')}`,
  'a discounted booking’s total is what is left of its lines, and the tax of that':
    'UPDATE bookings SET total_amount = total_amount + 0.01 WHERE discount_id IS NOT NULL',
  'a discount’s uses are its active bookings and checkouts': 'UPDATE discounts SET used_count = used_count + 1',
  'no discount is used more often than it may be, by its rows': 'UPDATE discounts SET max_uses = 0',
  'no user has a discount more often than it allowed': 'UPDATE discounts SET max_uses_per_user = 0',
  'a discount is used at its organizer’s events, in its own currency, and at no other':
    'UPDATE discounts SET organizer_id = (SELECT min(user_id) FROM bookings)',
  'an active booking is in its event’s currency': `UPDATE bookings SET currency = 'EUR' WHERE id = ${one('pending')}`,
  'what costs nothing is not waiting to be paid': `UPDATE bookings SET total_amount = 0 WHERE id = ${one('pending')}`,
  'every pending booking says until when': `UPDATE bookings SET expires_at = NULL WHERE id = ${one('pending')}`,
  'a booking’s times are those of its status': `UPDATE bookings SET confirmed_at = NULL WHERE id = ${one('confirmed')}`,
  'an entry’s times are those of its status': `UPDATE waitlist_entries SET left_at = now() WHERE id = ${anEntryThatIs('waiting')}`,
  'every offer says until when, how many and of which type': `UPDATE waitlist_entries SET offer_expires_at = NULL WHERE id = ${anEntryThatIs('offered')}`,
  'an offer is what was wished for': `UPDATE waitlist_entries SET offered_count = tickets_count + 1 WHERE id = ${anEntryThatIs('offered')}`,
  'no offer is without held tickets': 'UPDATE event_inventory SET held = 0',
  'nobody waits twice in one line': `UPDATE waitlist_entries SET user_id = (SELECT user_id FROM waitlist_entries WHERE id = ${anEntryThatIs('offered')}) WHERE id = ${anEntryThatIs('waiting')}`,
  'nobody waits for what he has booked': `UPDATE waitlist_entries SET user_id = (SELECT user_id FROM bookings WHERE waitlist_entry_id IS NOT NULL) WHERE id = ${anEntryThatIs('waiting')}`,
  'a claimed entry has its booking, and a claiming booking its entry': 'UPDATE bookings SET waitlist_entry_id = NULL',
  'no free tickets pass by whom they fit': 'UPDATE event_inventory SET capacity = 1000',
  'every confirmed booking has its tickets, of each type, and no other has any that count': `UPDATE tickets SET status = 'void', voided_at = now() WHERE id = ${aTicket}`,
  'tickets that count are what is sold': `DELETE FROM tickets WHERE id = ${aTicket}`,
  'a ticket is of its booking’s event and items': `UPDATE tickets SET ticket_type_id = (SELECT max(id) + 1 FROM ticket_types) WHERE id = ${aTicket}`,
  'the quantity of a type with numbered seats is how many of them are for sale': `UPDATE seats SET is_blocked = true WHERE id = ${aTakenSeat}`,
  'no seat is booked twice': `UPDATE booking_items SET seat_ids = ARRAY[${aTakenSeat}] WHERE seat_ids IS NOT NULL`,
  'every ticket of a type with numbered seats has one': 'UPDATE booking_items SET seat_ids = NULL',
  'seats are taken by those who have them, and by nobody else': 'DELETE FROM booking_seats',
  'a taken seat is of its booking’s event and type, and for sale': `UPDATE seats SET removed_at = now() WHERE id = ${aTakenSeat}`,
  'the seats that are free suffice for what is held': 'UPDATE seats SET is_blocked = true',
  'tickets that count are on the seats of their booking': 'UPDATE tickets SET seat_id = NULL',
  'a companion’s seat belongs to an accessible one of its seating plan': 'UPDATE seats SET is_accessible = false',
  'no two tickets have one code': `UPDATE tickets SET nonce = (SELECT nonce FROM tickets WHERE id = ${aTicket})`,
  'nobody was let in before there was a ticket, nor with one that was void': `UPDATE tickets SET checked_in_at = now() - interval '1 day', checked_in_by = ${oneUser} WHERE id = ${aTicket}`,
  'a ticket that was passed on has a message for each time': `DELETE FROM outbox_messages WHERE topic = 'ticket.transferred'`,
  'every confirmed booking has one message that says so, and no other has': `DELETE FROM outbox_messages WHERE topic = 'booking.confirmed'`,
  'every cancelled booking has one message that says so, and no other has': `INSERT INTO outbox_messages (topic, payload) SELECT topic, payload FROM outbox_messages WHERE topic = 'booking.cancelled'`,
  'every expired booking has one message that says so, and no other has': `UPDATE outbox_messages SET payload = jsonb_build_object('bookingId', ${one('pending')}) WHERE topic = 'booking.expired'`,
  'every offer has one message that says so, and no other entry has': `DELETE FROM outbox_messages WHERE topic = 'waitlist.offered'`,
  'every expired offer has one message that says so, and no other has': `DELETE FROM outbox_messages WHERE topic = 'waitlist.expired'`,
  'no message is about what is not there': `INSERT INTO outbox_messages (topic, payload) VALUES ('event.updated', '{"eventId": 2000000000}')`,
  'what has been told of a confirmed booking has arrived': `UPDATE outbox_messages SET status = 'done', done_at = now() WHERE topic = 'booking.confirmed'`,
  'what has been told of an offer has arrived': `UPDATE outbox_messages SET status = 'done', done_at = now() WHERE topic = 'waitlist.offered'`,
  'nothing hangs on an event whose cancellation is done': doneMessage(
    'event.cancelled',
    `jsonb_build_object('eventId', (SELECT event_id FROM bookings WHERE id = ${one('pending')}))`,
  ),
  'a recipient of an organizer’s message has one message of its own once handed over, and none before': `DELETE FROM outbox_messages WHERE topic = 'event.message_due'`,
  'nothing of an erased account says whose it was': `UPDATE users SET erased_at = now() WHERE id = ${oneUser}`,
  'a message’s times are those of its status': `UPDATE outbox_messages SET status = 'queued'`,
  'every priced booking has an order of its own sums, and no other has one': `UPDATE orders SET booking_id = NULL WHERE booking_id = ${one('pending')}`,
  'an order’s sums are those of its lines': 'UPDATE order_items SET tax = tax + 0.01',
  'an order’s status is that of its booking': `UPDATE orders SET status = 'paid', paid_at = now() WHERE booking_id = ${one('pending')}`,
  'what is sold is paid for': `UPDATE payments SET captured = captured - 1 WHERE status = 'succeeded'`,
  'what is paid is captured less refunded, by the ledger': `DELETE FROM ledger_entries WHERE account LIKE 'provider:%'`,
  'a payment’s refunded is what its refunds are': `UPDATE payments SET refunded = 0 WHERE status = 'succeeded'`,
  'no more is refunded than was captured': 'UPDATE refunds SET amount = 20.01',
  'every transaction of the ledger comes to nothing': `UPDATE ledger_entries SET amount = amount + 1 WHERE account = 'sales'`,
  'a refund that is settled has its entries': `UPDATE refunds SET status = 'succeeded', succeeded_at = now()`,
  'nobody pays twice for one order': `
    UPDATE outbox_messages SET status = 'done', queued_at = now(), done_at = now() WHERE topic = 'payment.captured';
    UPDATE orders SET payment_id = (SELECT min(id) FROM payments WHERE captured = 0) WHERE payment_id IS NOT NULL`,
  'what is captured is in the ledger, at its provider': `UPDATE ledger_entries SET amount = amount + 1 WHERE kind = 'capture' AND account LIKE 'provider:%'`,
  'what has gone back is in the ledger, at its provider': `UPDATE ledger_entries SET account = 'sales' WHERE kind = 'refund_paid' AND account LIKE 'provider:%'`,
  'what banks have taken back is in the ledger, and nothing else as that': `DELETE FROM ledger_entries WHERE kind = 'dispute'`,
  'entries are about one order, its payment and that one’s refund, in their currency': `UPDATE ledger_entries SET currency = 'EUR'`,
  'the tax on what was paid is what the order says, and none of it is left once all has gone back': `UPDATE ledger_entries SET amount = amount + 1 WHERE account = 'tax'`,
  'an order is disputed while its payment is, and no longer': `UPDATE payments SET is_disputed = false`,
  'nobody gets in with what was charged back': `UPDATE tickets SET status = 'valid' WHERE booking_id = (SELECT booking_id FROM orders WHERE status = 'disputed')`,
  'an order says how much of its payment has gone back': `UPDATE orders SET status = 'partially_refunded' WHERE status = 'refunded'`,
  'an order’s payment is its own':
    'UPDATE orders SET payment_id = (SELECT max(id) FROM payments) WHERE payment_id IS NOT NULL',
  'an order has one intent at most that could still be paid': `INSERT INTO payments (order_id, provider, amount, currency) SELECT order_id, provider, amount, currency FROM payments WHERE status = 'pending'`,
  'a payment asks for what its order costs': 'UPDATE payments SET amount = amount + 1',
  'an intent has one payment': `DROP INDEX payments_intent_key; UPDATE payments SET intent_id = 'the same'`,
  'another amount or currency than was asked for is raised': `UPDATE payments SET currency = 'EUR'`,
  'a payment’s times are those of its status': 'UPDATE payments SET check_at = now()',
  'money that has come has a message that follows it': `DELETE FROM outbox_messages WHERE topic = 'payment.captured'`,
  'a refund is sent by one message, unless it was made at the provider': `DELETE FROM outbox_messages WHERE topic = 'refund.requested'`,
  'a refund is told of once, when it is sent or can be fetched': `INSERT INTO outbox_messages (topic, payload) SELECT topic, payload FROM outbox_messages WHERE topic = 'refund.sent'`,
  'a refund is in its payment’s currency': `UPDATE refunds SET currency = 'EUR'`,
  'what is off whole is paid at once, and never through a provider': 'UPDATE orders SET paid_at = NULL WHERE total = 0',
  'nothing can be paid any more for an order whose end is settled': `UPDATE payments SET status = 'pending' WHERE status = 'cancelled'`,
  'an order is found by its booking’s reference': 'UPDATE orders SET order_number = id::text',
  'a delivery that is kept is about a payment, and kept once': `UPDATE payment_webhooks SET intent_id = 'another'`,
  'an intent of the sandbox has its payment, with as much captured': `UPDATE sandbox_intents SET captured = amount WHERE status = 'pending'`,
  'every product has its inventory': 'DELETE FROM product_inventory',
  'a product’s stock is what its movements add up to': 'DELETE FROM stock_movements',
  'a stock is what its last movement left': 'UPDATE stock_movements SET stock = stock + 1',
  'a product’s stock covers what is sold and held':
    'UPDATE product_inventory SET held = stock + 1 WHERE stock IS NOT NULL',
  'what lists take for in stock is what is left': 'UPDATE product_inventory SET held = stock WHERE stock IS NOT NULL',
  'a product that was sold says when, and is not deleted': 'UPDATE product_inventory SET sold = 1',
  'a category’s counter is the number of its active products': `UPDATE products SET status = 'draft'`,
  'no category is below itself': 'UPDATE categories SET parent_id = id',
  'an image of a product is a finished file made for that': `UPDATE product_images SET file_key = 'gone'`,
  'the download of a product is a finished file made for no other use': `UPDATE products SET file_id = 2000000000`,
  ...checkoutCorruptions,
  'nobody has more than 20 addresses, or two defaults': `
    INSERT INTO addresses (user_id, name, line1, city, postal_code, country, is_default)
    SELECT user_id, name, line1, city, postal_code, country, true FROM addresses`,
  'a cart has at most 100 lines, and none twice': `
    INSERT INTO cart_items (cart_id, product_id, quantity, unit_price)
    SELECT min(cart_id), n, 1, 1 FROM cart_items CROSS JOIN generate_series(1, 100) n GROUP BY n`,
  'chosen seats in a cart are as many as its tickets': 'UPDATE cart_items SET quantity = quantity + 1',
  ...creditCorruptions,
  'what is shown with an event or an organizer is a finished file made for that': `UPDATE events SET cover_key = (SELECT logo_key FROM users WHERE logo_key IS NOT NULL) WHERE cover_key IS NOT NULL`,
  'a picture made to be shown is shown once it is finished': `UPDATE events SET cover_key = NULL`,
  'an image’s variants are narrower than it and bear its name': `UPDATE files SET width = 10 WHERE variants <> '[]'`,
  'a kept answer is about a booking of its user': `UPDATE idempotency_keys SET user_id = (SELECT min(id) FROM users) WHERE key = 'a booking'`,
  'a kept answer is about an entry of its user': `UPDATE idempotency_keys SET user_id = (SELECT min(id) FROM users) WHERE key = 'a place'`,
  'one answer is kept for one effect': `INSERT INTO idempotency_keys (user_id, key, fingerprint, answer) SELECT user_id, 'another', fingerprint, answer FROM idempotency_keys WHERE key = 'a booking'`,
  'every entry of the audit log is chained, or waits for that': 'DELETE FROM audit_unchained',
  'the chain of the audit log has no gap': `INSERT INTO audit_chain (position, entry_id, hash) SELECT 7, min(id), sha256('') FROM audit_entries`,
  'no more bookings are in the analytics than there are': `INSERT INTO analytics_slots (organizer_id, slot, event_id, bookings) VALUES (0, '2020-01-01Z', 0, 1000000)`,
  'what the analytics have of each event adds up to what they have of all': `INSERT INTO analytics_slots (organizer_id, slot, event_id, bookings) VALUES (1, '2020-01-01Z', 1, 1)`,
};

describe('violations', () => {
  it('finds nothing in a consistent database', async () => {
    expect(await violations(database)).toEqual([]);
  });

  it.each(Object.keys(invariants))('detects a violation of: %s', async (name) => {
    expect(await brokenBy(corruptions[name]!)).toContain(name);
  });

  it('has a test for each invariant', async () => {
    expect(Object.keys(corruptions)).toEqual(Object.keys(invariants));
    expect(Object.keys(invariants).length).toBeGreaterThanOrEqual(20);
  });
});
