import type { Trx } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import { insertAuditEntries } from '../audit/entries';
import { insertMessages } from '../outbox/messages';
import { asBoolean, asInt, asJson, asText, asTime, asUuid, rowSet } from '../row-set';
import { fromMs } from '../sql';
import { int4, pipeline, statement } from '../statement';
import { emptyCarts } from './carts';
import { writeSeats } from './booking-seats';
import { TICKET } from './columns';
import type { BookingState, EventState, PresentedChanges, TypeState, WaitlistEntryState } from './types';
import { writeCheckouts, writeClaims } from './write-checkouts';
import { readTickets, writeBookings } from './write-bookings';
import { writeConfirmations, writeOrders, writeOrderStatuses } from './write-orders';

const NOW = fromMs(':now::bigint');

const RELEASED_BOOKINGS = rowSet('bookings', 'u').from<BookingState>({
  id: asInt(({ id }) => id),
  status: asText(({ status }) => status),
  cancel_reason: asText(({ cancelReason }) => cancelReason),
  cancel_request_id: asUuid(({ cancelRequestId }) => cancelRequestId),
  expired_at: asTime(({ expiredAt }) => expiredAt),
  confirmed_at: asTime(({ confirmedAt }) => confirmedAt),
});

const RELEASED_ENTRIES = rowSet('waitlist_entries', 'e').from<WaitlistEntryState>({
  id: asInt(({ id }) => id),
  status: asText(({ status }) => status),
  // An entry may have got its offer in this same batch.
  offered_count: asInt(({ offeredCount }) => offeredCount),
  offered_ticket_type_id: asInt(({ offeredTicketTypeId }) => offeredTicketTypeId),
  offer_expires_at: asTime(({ offerExpiresAt }) => offerExpiresAt),
});

const RELEASE = statement({
  name: 'inventory-release',
  isPrepared: true,
  columns: {},
  sql: () => `
  WITH bookings_released AS (
    UPDATE bookings b
    SET
      status = u.status,
      cancel_reason = u.cancel_reason,
      cancel_request_id = u.cancel_request_id,
      cancelled_at = CASE WHEN u.status = 'cancelled' THEN ${NOW} END,
      expired_at = coalesce(b.expired_at, ${fromMs('u.expired_at')}),
      confirmed_at = coalesce(b.confirmed_at, ${fromMs('u.confirmed_at')})
    FROM ${RELEASED_BOOKINGS.rows}
    WHERE b.id = u.id
  )
  UPDATE waitlist_entries w
  SET
    status = e.status,
    offered_count = e.offered_count,
    offered_ticket_type_id = e.offered_ticket_type_id,
    offered_at = CASE WHEN e.offered_count IS NOT NULL THEN coalesce(w.offered_at, ${NOW}) END,
    offer_expires_at = ${fromMs('e.offer_expires_at')},
    claimed_at = CASE WHEN e.status = 'claimed' THEN ${NOW} END,
    expired_at = CASE WHEN e.status = 'expired' THEN ${NOW} END,
    left_at = CASE WHEN e.status = 'left' THEN ${NOW} END
  FROM ${RELEASED_ENTRIES.rows}
  WHERE w.id = e.id`,
});

async function writeReleases(
  trx: Trx,
  now: number,
  bookings: BookingState[],
  waitlistEntries: WaitlistEntryState[],
): Promise<void> {
  if (bookings.length === 0 && waitlistEntries.length === 0) return;
  await pipeline(trx, RELEASE, {
    now,
    ...RELEASED_BOOKINGS.bind(bookings),
    ...RELEASED_ENTRIES.bind(waitlistEntries),
  });
}

const RESIZED_EVENTS = rowSet('event_inventory', 'e').from<EventState>({
  event_id: asInt(({ id }) => id),
  capacity: asInt(({ capacity }) => capacity),
});

const RESIZED_TYPES = rowSet('ticket_type_inventory', 't').from<TypeState>({
  ticket_type_id: asInt(({ id }) => id),
  capacity: asInt(({ capacity }) => capacity),
});

const RESIZE = statement({
  name: 'inventory-resize',
  columns: {},
  sql: () => `
  WITH events AS (
    UPDATE event_inventory i
    SET capacity = e.capacity
    FROM ${RESIZED_EVENTS.rows}
    WHERE i.event_id = e.event_id
  )
  UPDATE ticket_type_inventory i
  SET capacity = t.capacity
  FROM ${RESIZED_TYPES.rows}
  WHERE i.ticket_type_id = t.ticket_type_id`,
});

async function writeCapacities(trx: Trx, { resizedEvents, resizedTypes }: PresentedChanges): Promise<void> {
  if (resizedEvents.size === 0 && resizedTypes.size === 0) return;
  await pipeline(trx, RESIZE, { ...RESIZED_EVENTS.bind([...resizedEvents]), ...RESIZED_TYPES.bind([...resizedTypes]) });
}

const JOINED = rowSet('waitlist_entries', 'w').from<WaitlistEntryState>({
  user_id: asInt(({ userId }) => userId),
  event_id: asInt(({ eventId }) => eventId),
  ticket_type_id: asInt(({ ticketTypeId }) => ticketTypeId),
  tickets_count: asInt(({ ticketsCount }) => ticketsCount),
  is_accepting_fewer: asBoolean(({ acceptFewer }) => acceptFewer),
  status: asText(({ status }) => status),
  offered_count: asInt(({ offeredCount }) => offeredCount),
  offered_ticket_type_id: asInt(({ offeredTicketTypeId }) => offeredTicketTypeId),
  request_id: asUuid(({ requestId }) => requestId),
  offer_expires_at: asTime(({ offerExpiresAt }) => offerExpiresAt),
});

const OFFERED = rowSet('waitlist_entries', 'o').from<WaitlistEntryState>({
  id: asInt(({ id }) => id),
  offered_count: asInt(({ offeredCount }) => offeredCount),
  offered_ticket_type_id: asInt(({ offeredTicketTypeId }) => offeredTicketTypeId),
  offer_expires_at: asTime(({ offerExpiresAt }) => offerExpiresAt),
});

const INSERT_WAITLIST_ENTRIES = statement({
  name: 'inventory-insert-entries',
  isPrepared: true,
  columns: { id: int4('w.id') },
  sql: (list) => `
  WITH asked AS MATERIALIZED (
    SELECT nextval('waitlist_entries_id_seq')::int AS id, w.*
    FROM ${JOINED.numberedRows}
  ), joined AS (
    INSERT INTO waitlist_entries (
      id,
      ${JOINED.columns},
      joined_at,
      offered_at,
      left_at,
      claimed_at
    )
    SELECT
      w.id,
      ${JOINED.values},
      ${NOW},
      CASE WHEN w.offered_count IS NOT NULL THEN ${NOW} END,
      CASE WHEN w.status = 'left' THEN ${NOW} END,
      CASE WHEN w.status = 'claimed' THEN ${NOW} END
    FROM asked w
  ), offered AS (
    UPDATE waitlist_entries w
    SET
      status = 'offered',
      offered_count = o.offered_count,
      offered_ticket_type_id = o.offered_ticket_type_id,
      offered_at = ${NOW},
      offer_expires_at = ${fromMs('o.offer_expires_at')}
    FROM ${OFFERED.rows}
    WHERE w.id = o.id
  )
  SELECT ${list} FROM asked w ORDER BY w.place`,
});

// Ids are drawn here, under the lock, because they define the order of joining.
async function writeWaitlistEntries(
  trx: Trx,
  now: number,
  joined: WaitlistEntryState[],
  offered: WaitlistEntryState[],
): Promise<void> {
  if (joined.length === 0 && offered.length === 0) return;
  const rows = await pipeline(trx, INSERT_WAITLIST_ENTRIES, { now, ...JOINED.bind(joined), ...OFFERED.bind(offered) });
  joined.forEach((entry, index) => (entry.id = rows[index]!.id));
}

const RESULTS = rowSet('idempotency_keys', 'a').from<PresentedChanges['idempotentResults'][number]>(
  {
    user_id: asInt(({ userId }) => userId),
    key: asText(({ key }) => key),
    fingerprint: asText(({ fingerprint }) => fingerprint),
    answer: asJson(({ data }) => data()),
  },
  {
    // The tickets of confirmed bookings are not known here yet; the statement adds them.
    booking_id: asInt(({ booking }) => (booking?.status === 'confirmed' ? booking.id : null)),
  },
);

// Keys are inserted in sorted order, so two batches with the same keys cannot deadlock.
const STORE_RESULTS = statement({
  name: 'inventory-store-results',
  isPrepared: true,
  columns: { userId: int4('idempotency_keys.user_id') },
  sql: (list) => `
  INSERT INTO idempotency_keys (user_id, key, fingerprint, answer)
  SELECT
    a.user_id,
    a.key,
    a.fingerprint,
    CASE WHEN a.booking_id IS NULL THEN a.answer ELSE (a.answer::jsonb || jsonb_build_object('tickets', (
      SELECT json_agg(${TICKET} ORDER BY t.ticket_type_id, t.id)
      FROM tickets t
      WHERE t.booking_id = a.booking_id
    )))::json END
  FROM ${RESULTS.rows}
  ORDER BY 1, 2
  ON CONFLICT (user_id, key) DO UPDATE
  SET
    fingerprint = excluded.fingerprint,
    answer = excluded.answer,
    created_at = now(),
    expires_at = now() + interval '24 hours'
  WHERE idempotency_keys.expires_at <= now()
  RETURNING ${list}`,
});

async function writeIdempotentResults(trx: Trx, results: PresentedChanges['idempotentResults']): Promise<void> {
  if (results.length === 0) return;
  const kept = await pipeline(trx, STORE_RESULTS, RESULTS.bind(results));
  // Another process has used one of the keys for another event in the meantime. On retry, the batch finds it.
  if (kept.length !== results.length)
    throw Object.assign(new Error('An idempotency key was taken meanwhile'), { code: '40001' });
}

const RETURN_TICKETS = statement({
  name: 'inventory-return-tickets',
  isPrepared: true,
  columns: {},
  sql: () => 'INSERT INTO returned_tickets (ticket_id) SELECT unnest(:ids::int[])',
});

async function writeReturns(trx: Trx, { returnedTickets }: PresentedChanges): Promise<void> {
  if (returnedTickets.length === 0) return;
  await pipeline(trx, RETURN_TICKETS, { ids: toNumberArray(returnedTickets.map(({ id }) => id)) });
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
    writeReturns(trx, changes),
    writeClaims(trx, changes, 'released'),
    writeCapacities(trx, changes),
    writeWaitlistEntries(trx, now, changes.insertedEntries, offered),
  ];
  if (changes.insertedEntries.length > 0) await Promise.all(releases);
  await Promise.all([
    ...releases,
    writeSeats(trx, changes),
    writeConfirmations(trx, changes),
    writeClaims(trx, changes, 'sold'),
    writeCheckouts(trx, now, changes),
    writeBookings(trx, now, changes),
    readTickets(
      trx,
      changes.insertedBookings.filter(({ status }) => status === 'confirmed'),
    ),
    writeOrders(trx, now, changes),
    writeOrderStatuses(trx, now, changes),
    emptyCarts(
      trx,
      changes.checkouts.map(({ cartId }) => cartId),
    ),
    writeIdempotentResults(trx, changes.idempotentResults),
    insertAuditEntries(trx, changes.activities),
    insertMessages(
      trx,
      changes.messages.map((message) => message()),
    ),
  ]);
}
