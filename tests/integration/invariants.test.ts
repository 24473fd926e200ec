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
import { checkoutCorruptions, fillCheckouts } from '../helpers/invariants/corruptions.checkout';
import { fillStore, storeCorruptions } from '../helpers/invariants/corruptions.store';
import { as } from '../helpers/client';
import { creditCorruptions, fillCredits } from '../helpers/invariants/corruptions.credits';
import { makeDiscount } from '../helpers/discounts';
import { picture, uploading } from '../helpers/files';
import { anUnpaidOrder, aPaidOrder, disputed, intentOf, refunding, settleMoney } from '../helpers/orders';
import { invariants, violations } from '../helpers/invariants';
import { messagesOf } from '../helpers/messages';
import { addImage, makeCategory, makeProduct } from '../helpers/products';
import { aHall } from '../helpers/seats';
import { openSupportTicket } from '../helpers/support';
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

/** Creates a support ticket that is answered, and one that is merged into it. */
async function fillSupport(): Promise<void> {
  const { owner: customer, orderId } = await anUnpaidOrder();
  const [into, from] = [await openSupportTicket(customer, { orderId }), await openSupportTicket(customer)];
  const admin = as(await registerUser({ role: 'admin' }));
  await admin.post(`/api/support/tickets/${into.id}/messages`).send({ message: 'We are on it.' }).expect(201);
  await admin.post(`/api/support/tickets/${from.id}/merge`).send({ intoId: into.id }).expect(200);
}

beforeAll(async () => {
  owner = createKnex(process.env.DATABASE_OWNER_URL ?? '', { max: 1, applicationName: 'corruption' });
  await fill();
  await fillCatalog();
  await fillSupport();
  await fillStore(await registerUser());
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
  'fulfillments',
  'fulfillment_items',
  'order_downloads',
  'withdrawals',
  'withdrawal_items',
  'credit_balances',
  'credit_entries',
  'credit_lots',
  'credit_holds',
  'credit_hold_lots',
  'licenses',
  'license_activations',
  'support_tickets',
  'support_messages',
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
  'an event’s sold counter equals the tickets of its confirmed bookings': 'UPDATE event_inventory SET sold = sold + 1',
  'an event’s held counter equals the tickets of its pending bookings and offers':
    'UPDATE event_inventory SET held = held + 1',
  'an event’s waiting counter equals the length of its waitlist': 'UPDATE event_inventory SET waiting = waiting + 1',
  'a ticket type’s sold counter equals the items of confirmed bookings':
    'UPDATE ticket_type_inventory SET sold = sold + 1',
  'a ticket type’s held counter equals the items of pending bookings and offers':
    'UPDATE ticket_type_inventory SET held = held + 1',
  'no event is oversold, counted by rows': 'UPDATE event_inventory SET capacity = 1',
  'no ticket type is oversold, counted by rows': 'UPDATE ticket_type_inventory SET capacity = 0',
  'an event’s available, held and sold tickets add up to its capacity': 'UPDATE event_inventory SET sold = sold + 1000',
  'a ticket type’s available, held and sold tickets add up to its capacity':
    'UPDATE ticket_type_inventory SET capacity = 1, sold = 2',
  'every event and ticket type has an inventory row': `DELETE FROM ticket_type_inventory WHERE ticket_type_id = ${anyType}`,
  'an event’s prices match its ticket types': 'UPDATE ticket_types SET price = price + 1',
  'an event’s sales copy for lists matches what can be bought':
    'UPDATE event_sales SET min_price = 99, max_price = 99 WHERE changes_at IS NULL OR changes_at > now()',
  'no user has two active bookings for an event that allows one': copyBooking(
    `'COPY', user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, expires_at, confirmed_at`,
  ),
  'a booking’s items add up to its ticket count': `UPDATE bookings SET tickets_count = tickets_count + 1 WHERE id = ${one('expired')}`,
  'a booking’s items belong to its event': `UPDATE booking_items SET ticket_type_id = (SELECT max(id) FROM ticket_types) WHERE ticket_type_id = ${anyType}`,
  'a booking’s total equals its items plus tax': `UPDATE bookings SET total_amount = total_amount + 0.01 WHERE id = ${one('pending')}`,
  'a discounted booking’s total equals its items less the discount, plus tax':
    'UPDATE bookings SET total_amount = total_amount + 0.01 WHERE discount_id IS NOT NULL',
  'a discount’s counter equals its active bookings and checkout orders':
    'UPDATE discounts SET used_count = used_count + 1',
  'no discount exceeds its limit, counted by rows': 'UPDATE discounts SET max_uses = 0',
  'no user exceeds a discount’s limit per user': 'UPDATE discounts SET max_uses_per_user = 0',
  'a discount is used only at its organizer’s events and in its currency':
    'UPDATE discounts SET organizer_id = (SELECT min(user_id) FROM bookings)',
  'an active booking is in its event’s currency': `UPDATE bookings SET currency = 'EUR' WHERE id = ${one('pending')}`,
  'no pending booking is free of charge': `UPDATE bookings SET total_amount = 0 WHERE id = ${one('pending')}`,
  'every pending booking has an expiry after its creation': `UPDATE bookings SET expires_at = NULL WHERE id = ${one('pending')}`,
  'a booking’s timestamps match its status': `UPDATE bookings SET confirmed_at = NULL WHERE id = ${one('confirmed')}`,
  'a waitlist entry’s timestamps match its status': `UPDATE waitlist_entries SET left_at = now() WHERE id = ${anEntryThatIs('waiting')}`,
  'every offer has an expiry, a count and a ticket type': `UPDATE waitlist_entries SET offer_expires_at = NULL WHERE id = ${anEntryThatIs('offered')}`,
  'an offer matches its waitlist entry’s event, type and count': `UPDATE waitlist_entries SET offered_count = tickets_count + 1 WHERE id = ${anEntryThatIs('offered')}`,
  'every offer is covered by held tickets': 'UPDATE event_inventory SET held = 0',
  'no user is on the same waitlist twice': `UPDATE waitlist_entries SET user_id = (SELECT user_id FROM waitlist_entries WHERE id = ${anEntryThatIs('offered')}) WHERE id = ${anEntryThatIs('waiting')}`,
  'no user waits for an event that they have booked': `UPDATE waitlist_entries SET user_id = (SELECT user_id FROM bookings WHERE waitlist_entry_id IS NOT NULL) WHERE id = ${anEntryThatIs('waiting')}`,
  'a claimed waitlist entry has one booking, and that booking has the entry':
    'UPDATE bookings SET waitlist_entry_id = NULL',
  'no tickets are available that would suffice for a waiting entry': 'UPDATE event_inventory SET capacity = 1000',
  'every confirmed booking has valid tickets for all its items, and no other booking has any': `UPDATE tickets SET status = 'void', voided_at = now() WHERE id = ${aTicket}`,
  'an event’s valid tickets equal its sold counter': `DELETE FROM tickets WHERE id = ${aTicket}`,
  'a ticket belongs to its booking’s event and items': `UPDATE tickets SET ticket_type_id = (SELECT max(id) + 1 FROM ticket_types) WHERE id = ${aTicket}`,
  'a seated ticket type’s quantity equals its seats for sale': `UPDATE seats SET is_blocked = true WHERE id = ${aTakenSeat}`,
  'no seat is booked twice': `UPDATE booking_items SET seat_ids = ARRAY[${aTakenSeat}] WHERE seat_ids IS NOT NULL`,
  'every ticket of a seated type has a seat': 'UPDATE booking_items SET seat_ids = NULL',
  'booking_seats has the seats of active bookings and no others': 'DELETE FROM booking_seats',
  'a taken seat is for sale and belongs to its booking’s event and type': `UPDATE seats SET removed_at = now() WHERE id = ${aTakenSeat}`,
  'an event’s free seats suffice for its offers': 'UPDATE seats SET is_blocked = true',
  'a booking’s valid tickets have the seats of the booking': 'UPDATE tickets SET seat_id = NULL',
  'a companion seat belongs to an accessible seat of the same event': 'UPDATE seats SET is_accessible = false',
  'no two tickets have the same code': `UPDATE tickets SET nonce = (SELECT nonce FROM tickets WHERE id = ${aTicket})`,
  'every check-in was made with a ticket that was issued and not void or transferred': `UPDATE tickets SET checked_in_at = now() - interval '1 day', checked_in_by = ${oneUser} WHERE id = ${aTicket}`,
  'a ticket has one message for each transfer': `DELETE FROM outbox_messages WHERE topic = 'ticket.transferred'`,
  'every booking that was confirmed has one confirmation message, and no other has one': `DELETE FROM outbox_messages WHERE topic = 'booking.confirmed'`,
  'every cancelled booking has one cancellation message, and no other has one': `INSERT INTO outbox_messages (topic, payload) SELECT topic, payload FROM outbox_messages WHERE topic = 'booking.cancelled'`,
  'every booking that expired has one expiry message, and no other has one': `UPDATE outbox_messages SET payload = jsonb_build_object('bookingId', ${one('pending')}) WHERE topic = 'booking.expired'`,
  'every waitlist entry that got an offer has one offer message, and no other has one': `DELETE FROM outbox_messages WHERE topic = 'waitlist.offered'`,
  'every expired offer has one expiry message, and no other entry has one': `DELETE FROM outbox_messages WHERE topic = 'waitlist.expired'`,
  'no message is about a row that does not exist': `INSERT INTO outbox_messages (topic, payload) VALUES ('event.updated', '{"eventId": 2000000000}')`,
  'a handled confirmation message has sent its mail and notification': `UPDATE outbox_messages SET status = 'done', done_at = now() WHERE topic = 'booking.confirmed'`,
  'a handled offer message has sent its mail and notification': `UPDATE outbox_messages SET status = 'done', done_at = now() WHERE topic = 'waitlist.offered'`,
  'an event whose cancellation was handled has no active bookings or waitlist entries': doneMessage(
    'event.cancelled',
    `jsonb_build_object('eventId', (SELECT event_id FROM bookings WHERE id = ${one('pending')}))`,
  ),
  'a recipient of an announcement has one message once it is queued, and none before': `DELETE FROM outbox_messages WHERE topic = 'event.message_due'`,
  'an erased account has no personal data': `UPDATE users SET erased_at = now() WHERE id = ${oneUser}`,
  'a message’s timestamps match its status': `UPDATE outbox_messages SET status = 'queued'`,
  'every booking with a price has an order with the same amounts, and no other booking has one': `UPDATE orders SET booking_id = NULL WHERE booking_id = ${one('pending')}`,
  'an order’s amounts equal the sums of its items': 'UPDATE order_items SET tax = tax + 0.01',
  'an order’s status matches its booking’s': `UPDATE orders SET status = 'paid', paid_at = now() WHERE booking_id = ${one('pending')}`,
  'a confirmed booking with a price is paid in full': `UPDATE payments SET captured = captured - 1 WHERE status = 'succeeded'`,
  'the ledger of a payment equals the captured amount less refunds': `DELETE FROM ledger_entries WHERE account LIKE 'provider:%'`,
  'a payment’s refunded amount equals the sum of its refunds': `UPDATE payments SET refunded = 0 WHERE status = 'succeeded'`,
  'a refund to credits is in the ledger under credits, and its amount was added to them': `DELETE FROM refunds WHERE payment_id IS NULL`,
  'no more is refunded than was captured': 'UPDATE refunds SET amount = 20.01',
  'every ledger transaction adds up to zero': `UPDATE ledger_entries SET amount = amount + 1 WHERE account = 'sales'`,
  'a refund’s entries in refunds_due match its status': `UPDATE refunds SET status = 'succeeded', succeeded_at = now()`,
  'no order is paid by two payments': `
    UPDATE outbox_messages SET status = 'done', queued_at = now(), done_at = now() WHERE topic = 'payment.captured';
    UPDATE orders SET payment_id = (SELECT min(id) FROM payments WHERE captured = 0) WHERE payment_id IS NOT NULL`,
  'captured amounts are in the ledger under the payment’s provider': `UPDATE ledger_entries SET amount = amount + 1 WHERE kind = 'capture' AND account LIKE 'provider:%'`,
  'succeeded refunds are in the ledger under the payment’s provider': `UPDATE ledger_entries SET account = 'sales' WHERE kind = 'refund_paid' AND account LIKE 'provider:%'`,
  'disputed amounts, and only those, are in the ledger’s disputes account': `DELETE FROM ledger_entries WHERE kind = 'dispute'`,
  'a ledger entry’s order, payment, refund and currency match': `UPDATE ledger_entries SET currency = 'EUR'`,
  'the ledger’s tax equals the order’s tax, and zero after a full refund': `UPDATE ledger_entries SET amount = amount + 1 WHERE account = 'tax'`,
  'an order is disputed if and only if its payment is': `UPDATE payments SET is_disputed = false`,
  'no ticket of a disputed order is valid': `UPDATE tickets SET status = 'valid' WHERE booking_id = (SELECT booking_id FROM orders WHERE status = 'disputed')`,
  'an order’s status matches how much of its payment was refunded': `UPDATE orders SET status = 'partially_refunded' WHERE status = 'refunded'`,
  'an order’s payment belongs to that order':
    'UPDATE orders SET payment_id = (SELECT max(id) FROM payments) WHERE payment_id IS NOT NULL',
  'an order has at most one payment that can still be paid': `INSERT INTO payments (order_id, provider, amount, currency) SELECT order_id, provider, amount, currency FROM payments WHERE status = 'pending'`,
  'a payment’s amount equals its order’s total': 'UPDATE payments SET amount = amount + 1',
  'a provider’s intent belongs to one payment': `DROP INDEX payments_intent_key; UPDATE payments SET intent_id = 'the same'`,
  'a captured amount or currency that differs is recorded as a discrepancy': `UPDATE payments SET currency = 'EUR'`,
  'a payment’s timestamps match its status': 'UPDATE payments SET check_at = now()',
  'a captured payment has a message that follows it': `DELETE FROM outbox_messages WHERE topic = 'payment.captured'`,
  'a refund has one message that sends it, unless it was made at the provider': `DELETE FROM outbox_messages WHERE topic = 'refund.requested'`,
  'a refund has one message to the customer, once it is sent or can be claimed': `INSERT INTO outbox_messages (topic, payload) SELECT topic, payload FROM outbox_messages WHERE topic = 'refund.sent'`,
  'a refund is in its payment’s currency': `UPDATE refunds SET currency = 'EUR'`,
  'an order with a total of zero is paid at once and has no payments':
    'UPDATE orders SET paid_at = NULL WHERE total = 0',
  'an order whose closing was handled has no payment that can still be paid': `UPDATE payments SET status = 'pending' WHERE status = 'cancelled'`,
  'an order’s number is its booking’s reference': 'UPDATE orders SET order_number = id::text',
  'a stored webhook is about one payment and is stored once': `UPDATE payment_webhooks SET intent_id = 'another'`,
  'a sandbox intent has a payment with the same captured amount': `UPDATE sandbox_intents SET captured = amount WHERE status = 'pending'`,
  'every product has an inventory row': 'DELETE FROM product_inventory',
  'a product’s stock equals the sum of its movements': 'DELETE FROM stock_movements',
  'a product’s stock equals the stock after its last movement': 'UPDATE stock_movements SET stock = stock + 1',
  'a product’s stock covers its sold and held units':
    'UPDATE product_inventory SET held = stock + 1 WHERE stock IS NOT NULL',
  'a product is listed as available while units are left':
    'UPDATE product_inventory SET held = stock WHERE stock IS NOT NULL',
  'a product with sold units has the time of its first sale and is not deleted':
    'UPDATE product_inventory SET sold = 1',
  'a category’s counter is the number of its active products': `UPDATE products SET status = 'draft'`,
  'the category tree has no cycles': 'UPDATE categories SET parent_id = id',
  'a product image is a stored file for products': `UPDATE product_images SET file_key = 'gone'`,
  'a product’s download is a stored file without another purpose': `UPDATE products SET file_id = 2000000000`,
  ...checkoutCorruptions,
  ...storeCorruptions,
  ...creditCorruptions,
  'a support ticket has messages unless it was merged': 'DELETE FROM support_messages',
  'a support ticket is merged into one of the same customer': `UPDATE support_tickets SET user_id = ${oneUser} WHERE merged_into_id IS NOT NULL`,
  'a support ticket’s times are those of its status': 'UPDATE support_tickets SET closed_at = NULL',
  'a support message is marked as written by staff unless its customer wrote it':
    'UPDATE support_messages SET is_staff = true',
  'a support ticket that staff answered has the time of the first response':
    'UPDATE support_tickets SET first_response_at = NULL, merged_into_id = NULL',
  'every answer of staff has one outbox message to the customer': `DELETE FROM outbox_messages WHERE topic = 'support.message'`,
  'an outbox message about support refers to an existing row': `UPDATE outbox_messages SET payload = '{}' WHERE topic = 'support.message'`,
  'a support ticket is about an order or booking of its customer': `UPDATE support_tickets SET user_id = ${oneUser}`,
  'a cover or logo is a stored file with that purpose': `UPDATE events SET cover_key = (SELECT logo_key FROM users WHERE logo_key IS NOT NULL) WHERE cover_key IS NOT NULL`,
  'a stored image with a purpose is in use': `UPDATE events SET cover_key = NULL`,
  'an image’s variants are narrower and named after it': `UPDATE files SET width = 10 WHERE variants <> '[]'`,
  'a stored response to a booking is about a booking of its user': `UPDATE idempotency_keys SET user_id = (SELECT min(id) FROM users) WHERE key = 'a booking'`,
  'a stored response to a waitlist request is about an entry of its user': `UPDATE idempotency_keys SET user_id = (SELECT min(id) FROM users) WHERE key = 'a place'`,
  'a booking is in at most one stored response': `INSERT INTO idempotency_keys (user_id, key, fingerprint, answer) SELECT user_id, 'another', fingerprint, answer FROM idempotency_keys WHERE key = 'a booking'`,
  'every entry of the audit log is either chained or waiting to be chained': 'DELETE FROM audit_unchained',
  'the chain of the audit log has no gap': `INSERT INTO audit_chain (position, entry_id, hash) SELECT 7, min(id), sha256('') FROM audit_entries`,
  'the analytics do not count more bookings than exist': `INSERT INTO analytics_slots (organizer_id, slot, event_id, bookings) VALUES (0, '2020-01-01Z', 0, 1000000)`,
  'the analytics of all events equal the sum over each event': `INSERT INTO analytics_slots (organizer_id, slot, event_id, bookings) VALUES (1, '2020-01-01Z', 1, 1)`,
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
