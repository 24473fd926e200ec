import { getPreparedName, send, type Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { insertAuditEntries } from '../audit/entries';
import { TICKET } from './read-state';
import type { BookingState, PresentedChanges, WaitlistEntryState, TicketState } from './types';
import { insertMessages } from '../outbox/messages';
import { writeConfirmations, writeOrders, writeOrderStatuses } from './write-orders';
import { writeSeats } from './booking-seats';
import { fromMs } from '../sql';

const RELEASE = `
  WITH bookings_released AS (
    UPDATE bookings b
    SET status = u.status, cancel_reason = u.cancel_reason, cancel_request_id = u.cancel_request_id,
        cancelled_at = CASE WHEN u.status = 'cancelled' THEN ${fromMs(':now::bigint')} END,
        expired_at = coalesce(b.expired_at, ${fromMs('u.expired_at')}), confirmed_at = coalesce(b.confirmed_at, ${fromMs('u.confirmed_at')})
    FROM unnest(:bookingIds::int[], :bookingStatuses::text[], :cancelReasons::text[], :cancelRequestIds::uuid[], :expiredTimes::bigint[],
                :confirmedTimes::bigint[])
      AS u(id, status, cancel_reason, cancel_request_id, expired_at, confirmed_at)
    WHERE b.id = u.id
  )
  UPDATE waitlist_entries w
  SET status = u.status, offered_count = u.offered_count, offered_ticket_type_id = u.offered_ticket_type_id,
      offered_at = CASE WHEN u.offered_count IS NOT NULL THEN coalesce(w.offered_at, ${fromMs(':now::bigint')}) END,
      offer_expires_at = ${fromMs('u.offer_expires_at')},
      claimed_at = CASE WHEN u.status = 'claimed' THEN ${fromMs(':now::bigint')} END,
      expired_at = CASE WHEN u.status = 'expired' THEN ${fromMs(':now::bigint')} END,
      left_at = CASE WHEN u.status = 'left' THEN ${fromMs(':now::bigint')} END
  FROM unnest(:entryIds::int[], :entryStatuses::text[], :offeredCounts::int[], :offeredTypes::int[], :offerExpiries::bigint[])
    AS u(id, status, offered_count, offered_ticket_type_id, offer_expires_at)
  WHERE w.id = u.id`;

async function writeReleases(
  trx: Trx,
  now: number,
  bookings: BookingState[],
  waitlistEntries: WaitlistEntryState[],
): Promise<void> {
  if (bookings.length === 0 && waitlistEntries.length === 0) return;
  await send(
    trx,
    trx
      .raw(RELEASE, {
        now,
        bookingIds: toNumberArray(bookings.map(({ id }) => id)),
        bookingStatuses: toTextArray(bookings.map(({ status }) => status)),
        cancelReasons: toTextArray(bookings.map(({ cancelReason }) => cancelReason)),
        cancelRequestIds: toTextArray(bookings.map(({ cancelRequestId }) => cancelRequestId)),
        expiredTimes: toNumberArray(bookings.map(({ expiredAt }) => expiredAt)),
        confirmedTimes: toNumberArray(bookings.map(({ confirmedAt }) => confirmedAt)),
        entryIds: toNumberArray(waitlistEntries.map(({ id }) => id)),
        entryStatuses: toTextArray(waitlistEntries.map(({ status }) => status)),
        // An entry may have got its offer in this same batch.
        offeredCounts: toNumberArray(waitlistEntries.map(({ offeredCount }) => offeredCount)),
        offeredTypes: toNumberArray(waitlistEntries.map(({ offeredTicketTypeId }) => offeredTicketTypeId)),
        offerExpiries: toNumberArray(waitlistEntries.map(({ offerExpiresAt }) => offerExpiresAt)),
      })
      .options(getPreparedName('inventory-release')),
  );
}

const RESIZE = `
  WITH events AS (
    UPDATE event_inventory i SET capacity = e.capacity
    FROM unnest(:eventIds::int[], :eventCapacities::int[]) AS e(id, capacity) WHERE i.event_id = e.id
  )
  UPDATE ticket_type_inventory i SET capacity = t.capacity
  FROM unnest(:typeIds::int[], :typeCapacities::int[]) AS t(id, capacity) WHERE i.ticket_type_id = t.id`;

async function writeCapacities(trx: Trx, changes: PresentedChanges): Promise<void> {
  const resizedEvents = [...changes.resizedEvents];
  const resizedTypes = [...changes.resizedTypes];
  if (resizedEvents.length === 0 && resizedTypes.length === 0) return;
  await send(
    trx,
    trx.raw(RESIZE, {
      eventIds: toNumberArray(resizedEvents.map(({ id }) => id)),
      eventCapacities: toNumberArray(resizedEvents.map(({ capacity }) => capacity)),
      typeIds: toNumberArray(resizedTypes.map(({ id }) => id)),
      typeCapacities: toNumberArray(resizedTypes.map(({ capacity }) => capacity)),
    }),
  );
}

const INSERT_BOOKINGS = `
  WITH taken AS (
    INSERT INTO bookings (id, reference, user_id, event_id, tickets_count, status, total_amount, discount_amount, discount_id, currency, is_exclusive,
                          cancellation_window_hours, refund_policy, request_id, waitlist_entry_id, expires_at, created_at, confirmed_at)
    SELECT id, reference, user_id, event_id, tickets_count, status, total_amount, discount_amount, discount_id, currency, is_exclusive,
           cancellation_window_hours, refund_policy, request_id, waitlist_entry_id, ${fromMs('expires_at')}, ${fromMs(':now::bigint')}, CASE WHEN status = 'confirmed' THEN ${fromMs(':now::bigint')} END
    FROM unnest(:ids::int[], :references::text[], :users::int[], :events::int[], :counts::int[], :statuses::text[], :totals::numeric[],
                :discounts::numeric[], :discountIds::int[], :currencies::text[], :exclusives::boolean[], :windows::numeric[], :refundPolicies::jsonb[],
                :requests::uuid[], :entries::int[], :expiries::bigint[])
      AS b(id, reference, user_id, event_id, tickets_count, status, total_amount, discount_amount, discount_id, currency, is_exclusive,
           cancellation_window_hours, refund_policy, request_id, waitlist_entry_id, expires_at)
  )
  INSERT INTO booking_items (booking_id, ticket_type_id, quantity, unit_price, attendees, seat_ids)
  SELECT booking_id, ticket_type_id, quantity, unit_price, attendees, seat_ids::int[]
  FROM unnest(:itemBookings::int[], :itemTypes::int[], :itemQuantities::int[], :itemPrices::numeric[], :itemAttendees::jsonb[], :itemSeats::text[])
    AS i(booking_id, ticket_type_id, quantity, unit_price, attendees, seat_ids)`;

async function writeBookings(
  trx: Trx,
  now: number,
  { insertedBookings: bookings, claims }: PresentedChanges,
): Promise<void> {
  if (bookings.length === 0) return;
  const items = bookings.flatMap(({ id, items: bookingItems }) =>
    bookingItems.map((item) => ({ ...item, bookingId: id })),
  );
  await send(
    trx,
    trx
      .raw(INSERT_BOOKINGS, {
        now,
        ids: toNumberArray(bookings.map(({ id }) => id)),
        references: toTextArray(bookings.map(({ reference }) => reference)),
        users: toNumberArray(bookings.map(({ userId }) => userId)),
        events: toNumberArray(bookings.map(({ eventId }) => eventId)),
        counts: toNumberArray(bookings.map(({ ticketsCount }) => ticketsCount)),
        statuses: toTextArray(bookings.map(({ status }) => status)),
        totals: toTextArray(bookings.map(({ totalAmount }) => totalAmount)),
        discounts: toTextArray(bookings.map(({ discountAmount }) => discountAmount)),
        discountIds: toNumberArray(bookings.map(({ discountId }) => discountId)),
        currencies: toTextArray(bookings.map(({ currency }) => currency)),
        exclusives: toTextArray(bookings.map(({ isExclusive }) => String(isExclusive))),
        windows: toNumberArray(bookings.map(({ cancellationWindowHours }) => cancellationWindowHours)),
        refundPolicies: toTextArray(bookings.map(({ refundPolicy }) => refundPolicy && JSON.stringify(refundPolicy))),
        requests: toTextArray(bookings.map(({ requestId }) => requestId)),
        entries: toNumberArray(bookings.map((booking) => claims.get(booking)?.id ?? null)),
        expiries: toNumberArray(bookings.map(({ expiresAt }) => expiresAt)),
        itemBookings: toNumberArray(items.map(({ bookingId }) => bookingId)),
        itemTypes: toNumberArray(items.map(({ ticketTypeId }) => ticketTypeId)),
        itemQuantities: toNumberArray(items.map(({ quantity }) => quantity)),
        itemPrices: toTextArray(items.map(({ unitPrice }) => unitPrice)),
        itemAttendees: toTextArray(items.map(({ attendees }) => (attendees ? JSON.stringify(attendees) : null))),
        itemSeats: toTextArray(items.map(({ seats }) => seats && toNumberArray(seats.map(({ id: seatId }) => seatId)))),
      })
      .options(getPreparedName('inventory-insert-bookings')),
  );
}

const INSERT_WAITLIST_ENTRIES = `
  WITH asked AS MATERIALIZED (
    SELECT nextval('waitlist_entries_id_seq')::int AS id, w.*
    FROM unnest(:users::int[], :events::int[], :types::int[], :counts::int[], :fewer::boolean[], :statuses::text[], :offeredCounts::int[],
                :offeredTypes::int[], :requests::uuid[], :expiries::bigint[])
      WITH ORDINALITY AS w(user_id, event_id, ticket_type_id, tickets_count, is_accepting_fewer, status, offered_count,
                           offered_ticket_type_id, request_id, offer_expires_at, place)
  ), joined AS (
    INSERT INTO waitlist_entries (id, user_id, event_id, ticket_type_id, tickets_count, is_accepting_fewer, status, offered_count,
                                  offered_ticket_type_id, request_id, joined_at, offered_at, offer_expires_at, left_at, claimed_at)
    SELECT id, user_id, event_id, ticket_type_id, tickets_count, is_accepting_fewer, status, offered_count,
           offered_ticket_type_id, request_id, ${fromMs(':now::bigint')}, CASE WHEN offered_count IS NOT NULL THEN ${fromMs(':now::bigint')} END,
           ${fromMs('offer_expires_at')}, CASE WHEN status = 'left' THEN ${fromMs(':now::bigint')} END,
           CASE WHEN status = 'claimed' THEN ${fromMs(':now::bigint')} END
    FROM asked
  ), offered AS (
    UPDATE waitlist_entries w
    SET status = 'offered', offered_count = o.offered_count, offered_ticket_type_id = o.offered_ticket_type_id,
        offered_at = ${fromMs(':now::bigint')}, offer_expires_at = ${fromMs('o.offer_expires_at')}
    FROM unnest(:offerIds::int[], :offerCounts::int[], :offerTypes::int[], :offerExpiries::bigint[])
      AS o(id, offered_count, offered_ticket_type_id, offer_expires_at)
    WHERE w.id = o.id
  )
  SELECT id FROM asked ORDER BY place`;

// Ids are drawn here, under the lock, because they define the order of joining.
async function writeWaitlistEntries(
  trx: Trx,
  now: number,
  joined: WaitlistEntryState[],
  offered: WaitlistEntryState[],
): Promise<void> {
  if (joined.length === 0 && offered.length === 0) return;
  const rows = await send<{ id: number }>(
    trx,
    trx
      .raw(INSERT_WAITLIST_ENTRIES, {
        now,
        users: toNumberArray(joined.map(({ userId }) => userId)),
        events: toNumberArray(joined.map(({ eventId }) => eventId)),
        types: toNumberArray(joined.map(({ ticketTypeId }) => ticketTypeId)),
        counts: toNumberArray(joined.map(({ ticketsCount }) => ticketsCount)),
        fewer: toTextArray(joined.map(({ acceptFewer }) => String(acceptFewer))),
        statuses: toTextArray(joined.map(({ status }) => status)),
        offeredCounts: toNumberArray(joined.map(({ offeredCount }) => offeredCount)),
        offeredTypes: toNumberArray(joined.map(({ offeredTicketTypeId }) => offeredTicketTypeId)),
        requests: toTextArray(joined.map(({ requestId }) => requestId)),
        expiries: toNumberArray(joined.map(({ offerExpiresAt }) => offerExpiresAt)),
        offerIds: toNumberArray(offered.map(({ id }) => id)),
        offerCounts: toNumberArray(offered.map(({ offeredCount }) => offeredCount)),
        offerTypes: toNumberArray(offered.map(({ offeredTicketTypeId }) => offeredTicketTypeId)),
        offerExpiries: toNumberArray(offered.map(({ offerExpiresAt }) => offerExpiresAt)),
      })
      .options(getPreparedName('inventory-insert-entries')),
  );
  joined.forEach((entry, index) => (entry.id = rows[index]!.id));
}

const READ_TICKETS = `
  SELECT t.booking_id AS "bookingId", t.id, t.ticket_type_id AS "ticketTypeId", t.nonce, t.status, false AS "isTransferred",
         NULL AS "checkedInAt", t.attendee_name AS "attendeeName", t.seat_id AS "seatId"
  FROM tickets t WHERE t.booking_id = ANY(:bookingIds::int[]) ORDER BY t.ticket_type_id, t.id`;

/** Reads the tickets that a trigger has issued to confirmed bookings. Sent without waiting for the writes before it. */
async function readTickets(trx: Trx, confirmed: BookingState[]): Promise<void> {
  if (confirmed.length === 0) return;
  const bookings = new Map(confirmed.map((booking) => [booking.id, booking]));
  const tickets = await send<TicketState & { bookingId: number }>(
    trx,
    trx
      .raw(READ_TICKETS, { bookingIds: toNumberArray([...bookings.keys()]) })
      .options(getPreparedName('inventory-read-tickets')),
  );
  for (const { bookingId, ...ticket } of tickets) bookings.get(bookingId)!.tickets.push(ticket);
}

// Keys are inserted in sorted order, so two batches with the same keys cannot deadlock.
const STORE_RESULTS = `
  INSERT INTO idempotency_keys (user_id, key, fingerprint, answer)
  SELECT user_id, key, fingerprint, CASE WHEN booking_id IS NULL THEN answer ELSE (answer::jsonb || jsonb_build_object('tickets',
           (SELECT json_agg(${TICKET} ORDER BY t.ticket_type_id, t.id) FROM tickets t WHERE t.booking_id = a.booking_id)))::json END
  FROM unnest(:users::int[], :keys::text[], :fingerprints::text[], :answers::json[], :bookingIds::int[])
    AS a(user_id, key, fingerprint, answer, booking_id)
  ORDER BY 1, 2
  ON CONFLICT (user_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = now(),
    expires_at = now() + interval '24 hours' WHERE idempotency_keys.expires_at <= now()
  RETURNING 1`;

async function writeIdempotentResults(trx: Trx, answers: PresentedChanges['idempotentResults']): Promise<void> {
  if (answers.length === 0) return;
  const kept = await send(
    trx,
    trx
      .raw(STORE_RESULTS, {
        users: toNumberArray(answers.map(({ userId }) => userId)),
        keys: toTextArray(answers.map(({ key }) => key)),
        fingerprints: toTextArray(answers.map(({ fingerprint }) => fingerprint)),
        answers: toTextArray(answers.map(({ data }) => JSON.stringify(data()))),
        // The tickets of confirmed bookings are not known here yet; the statement adds them.
        bookingIds: toNumberArray(answers.map(({ booking }) => (booking?.status === 'confirmed' ? booking.id : null))),
      })
      .options(getPreparedName('inventory-store-results')),
  );
  // Another process has used one of the keys for another event in the meantime. On retry, the batch finds it.
  if (kept.length !== answers.length)
    throw Object.assign(new Error('An idempotency key was taken meanwhile'), { code: '40001' });
}

/**
 * Writes a batch's changes in sets. Writes that release tickets go first, because the database checks the counters at each
 * statement. Everything is sent at once, except what needs the id of a new waitlist entry.
 */
export async function writeChanges(trx: Trx, now: number, changes: PresentedChanges): Promise<void> {
  const inserted = new Set(changes.insertedEntries);
  const updated = [...changes.updatedEntries].filter((entry) => !inserted.has(entry));
  const ended = updated.filter(({ status }) => status !== 'offered');
  const offered = updated.filter(({ status }) => status === 'offered');
  const releases = [
    writeReleases(
      trx,
      now,
      [...changes.updatedBookings].filter(({ status }) => status !== 'confirmed'),
      ended,
    ),
    writeCapacities(trx, changes),
    writeWaitlistEntries(trx, now, changes.insertedEntries, offered),
  ];
  if (changes.insertedEntries.length > 0) await Promise.all(releases);
  await Promise.all([
    ...releases,
    writeSeats(trx, changes),
    writeConfirmations(trx, changes),
    writeBookings(trx, now, changes),
    readTickets(
      trx,
      changes.insertedBookings.filter(({ status }) => status === 'confirmed'),
    ),
    writeOrders(trx, now, changes),
    writeOrderStatuses(trx, now, changes),
    writeIdempotentResults(trx, changes.idempotentResults),
    insertAuditEntries(trx, changes.activities),
    insertMessages(
      trx,
      changes.messages.map((message) => message()),
    ),
  ]);
}
