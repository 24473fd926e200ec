import type { Trx } from '../../database';
import { AppError, createValidationError, MAX_DETAILS } from '../../errors';
import type { Actor } from '../../lib/actor';
import { MAX_SEATS } from '../../lib/seats/count-seats';
import { bumpListVersion } from '../../runtime/list-version';
import { formatSeatLabel } from '../../lib/seats/seat-label';
import { collectYielding, forEachYielding } from '../../lib/yielding-loops';
import {
  insertSeats,
  listSeats,
  listTypesBookedWithoutSeats,
  removeSeats as removeRows,
  updateSeats,
  type NewSeat,
  type SeatRecord,
} from '../../models/seats/seats';
import { recordActivity } from '../audit/record-activity';
import { lockEventSale, assertOpen } from '../events/event-access';
import { runOnce } from '../idempotency.service';
import { resizeInventory } from '../inventory/execute';
import { placeBehind, planSeats, getSeatKey, type PlannedSeat, type SectionInput } from './plan-seats';
import type { SeatMap } from './present-seat-map';
import { getChangedSeatingPlan } from './get-seat-map';
import { getSeatedTotal } from './seated-ticket-types';
import { listTypesOfEvent } from '../ticket-types/offer-ticket-types';

/** The seats after a change: existing seats that stay, with their new values, and new seats. */
interface SeatChanges {
  kept: SeatRecord[];
  added: PlannedSeat[];
  /** Companion seats among both, whose accessible seat may not have an id yet. */
  companions: PlannedSeat[];
}

/** Asserts that booked seats keep their place and ticket type. @throws AppError SEAT_TAKEN */
async function assertBookedSeatsKept(before: SeatRecord[], kept: SeatRecord[]): Promise<void> {
  const after = new Map<number, SeatRecord>();
  await forEachYielding(kept, (seat) => after.set(seat.id, seat));
  const affected: SeatRecord[] = [];
  await forEachYielding(before, (seat) => {
    const now = after.get(seat.id);
    if (seat.isTaken && (!now || now.isBlocked || now.ticketTypeId !== seat.ticketTypeId)) affected.push(seat);
  });
  if (affected.length === 0) return;
  const details = affected.slice(0, MAX_DETAILS).map((seat) => {
    const { id, section, row, number } = seat;
    return { path: 'seats', message: `${formatSeatLabel(seat)} is booked`, seatId: id, section, row, number };
  });
  throw new AppError('SEAT_TAKEN', 'Booked seats cannot be removed, blocked or given another ticket type.', {
    details,
  });
}

/** Asserts that no tickets of these types are booked without a seat. @throws AppError EVENT_HAS_BOOKINGS */
async function assertNoUnseatedBookings(trx: Trx, eventId: number, seats: NewSeat[]): Promise<void> {
  const types = new Set<number>();
  await forEachYielding(seats, ({ ticketTypeId }) => types.add(ticketTypeId));
  if ((await listTypesBookedWithoutSeats(trx, eventId, [...types])).length > 0)
    throw new AppError('EVENT_HAS_BOOKINGS', 'Tickets of this type are booked without seats: use another ticket type.');
}

const COMPARED_FIELDS: (keyof SeatRecord)[] = [
  'ticketTypeId',
  'sectionRank',
  'rowRank',
  'position',
  'isAccessible',
  'companionOf',
  'isBlocked',
];

/** Clears `companionOf` where the accessible seat was removed or is no longer accessible. */
async function dropStrayCompanions(kept: SeatRecord[]): Promise<SeatRecord[]> {
  const accessible = new Set<number>();
  await forEachYielding(kept, ({ id, isAccessible }) => isAccessible && accessible.add(id));
  return collectYielding(kept, (seat) =>
    seat.companionOf === null || accessible.has(seat.companionOf) ? seat : { ...seat, companionOf: null },
  );
}

/** Links companion seats to their accessible seats, which have ids by now. */
async function linkCompanions(trx: Trx, eventId: number, companions: PlannedSeat[]): Promise<void> {
  if (companions.length === 0) return;
  const seats = new Map<string, SeatRecord>();
  await forEachYielding(await listSeats(trx, eventId), (seat) => seats.set(getSeatKey(seat), seat));
  const linked = await collectYielding(companions, (planned) => {
    const accessible = seats.get(getSeatKey({ ...planned, number: planned.companionOf! }))!;
    return { ...seats.get(getSeatKey(planned))!, companionOf: accessible.id };
  });
  await updateSeats(trx, linked);
}

/** Counts the seats for sale by ticket type. */
async function countOpenSeats(seats: Pick<SeatRecord, 'ticketTypeId' | 'isBlocked'>[]): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  await forEachYielding(seats, ({ ticketTypeId, isBlocked }) =>
    counts.set(ticketTypeId, (counts.get(ticketTypeId) ?? 0) + Number(!isBlocked)),
  );
  return counts;
}

async function writeSeatChanges(
  trx: Trx,
  eventId: number,
  { before, kept, added, companions, total }: SeatChanges & { before: SeatRecord[]; total: number | null },
): Promise<void> {
  const old = new Map<number, SeatRecord>();
  await forEachYielding(before, (seat) => old.set(seat.id, seat));
  const stays = new Set<number>();
  const changed: SeatRecord[] = [];
  await forEachYielding(kept, (seat) => {
    stays.add(seat.id);
    if (COMPARED_FIELDS.some((name) => seat[name] !== old.get(seat.id)![name])) changed.push(seat);
  });
  await updateSeats(trx, changed);
  const removed: number[] = [];
  await forEachYielding(before, ({ id }) => stays.has(id) || removed.push(id));
  await removeRows(trx, removed);
  await insertSeats(trx, eventId, added);
  await linkCompanions(trx, eventId, companions);
  const counts = await countOpenSeats([...kept, ...added]);
  const typeIds = new Set(counts.keys());
  await forEachYielding(before, ({ ticketTypeId }) => typeIds.add(ticketTypeId));
  const types = [...typeIds].map((id) => ({ ticketTypeId: id, capacity: counts.get(id) ?? 0 }));
  await resizeInventory(trx, { eventId, types, capacity: await getSeatedTotal(trx, eventId, total) });
}

interface CopySeats {
  fromId: number;
  toId: number;
  /** The ids of the ticket types of the new event, by those of the old one. */
  types: Map<number, number>;
  total: number | null;
}

/** Step: gives an event without seats the seats of another one. */
export async function copySeats(trx: Trx, { fromId, toId, types, total }: CopySeats): Promise<void> {
  const seats = await listSeats(trx, fromId);
  if (seats.length === 0) return;
  const names = new Map<number, SeatRecord>();
  await forEachYielding(seats, (seat) => names.set(seat.id, seat));
  const added = await collectYielding(seats, ({ id: _id, isTaken: _isTaken, ...seat }): PlannedSeat => {
    const accessible = seat.companionOf === null ? undefined : names.get(seat.companionOf);
    const isInRow = accessible?.section === seat.section && accessible.row === seat.row;
    const companionOf = isInRow ? accessible.number : null;
    return { ...seat, ticketTypeId: types.get(seat.ticketTypeId)!, companionOf };
  });
  const companions = added.filter(({ companionOf }) => companionOf !== null);
  await writeSeatChanges(trx, toId, { before: [], kept: [], added, companions, total });
}

type Planner = (seats: SeatRecord[], ticketTypeIds: number[]) => Promise<SeatChanges>;

/** Changes the seating plan while the sale is locked. Tickets that become available are offered to the waitlist first. */
async function changeSeatingPlan(actor: Actor, eventId: number, plan: Planner): Promise<SeatMap> {
  await runOnce(actor, async (trx) => {
    const event = await lockEventSale(trx, actor, eventId);
    assertOpen(event);
    const before = await listSeats(trx, eventId);
    const types = await listTypesOfEvent(trx, eventId);
    const wanted = await plan(
      before,
      types.map(({ id }) => id),
    );
    const { added } = wanted;
    const kept = await dropStrayCompanions(wanted.kept);
    if (kept.length + added.length > MAX_SEATS)
      throw createValidationError('sections', `a seating plan has at most ${MAX_SEATS} seats`);
    await assertBookedSeatsKept(before, kept);
    await assertNoUnseatedBookings(trx, eventId, [...kept, ...added]);
    await writeSeatChanges(trx, eventId, { ...wanted, before, kept, total: event.capacity });
    const details = { added: added.length, kept: kept.length, removed: before.length - kept.length };
    await recordActivity(trx, actor, { action: 'event.change_seats', subjectId: eventId, details });
  });
  bumpListVersion();
  return getChangedSeatingPlan(actor, eventId);
}

export interface DefineSeats {
  sections: SectionInput[];
  /** Removes the seats that are not in `sections`. */
  replace: boolean;
}

/**
 * Adds the seats of these sections, and updates those that already exist.
 * @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, EVENT_HAS_BOOKINGS, SEAT_TAKEN, CAPACITY_BELOW_BOOKED, VALIDATION_ERROR
 */
export function defineSeats(actor: Actor, { eventId, sections, replace }: DefineSeats & { eventId: number }) {
  return changeSeatingPlan(actor, eventId, async (before, ticketTypeIds) => {
    const planned = await planSeats(sections, ticketTypeIds);
    const placed = replace ? planned : await placeBehind(planned, before);
    const named = new Map<string, PlannedSeat>();
    await forEachYielding(placed, (seat) => named.set(getSeatKey(seat), seat));
    const known = new Set<string>();
    const kept: SeatRecord[] = [];
    await forEachYielding(before, (seat) => {
      const key = getSeatKey(seat);
      known.add(key);
      const wanted = named.get(key);
      if (wanted) kept.push({ ...seat, ...wanted, companionOf: null });
      else if (!replace) kept.push(seat);
    });
    const added: PlannedSeat[] = [];
    await forEachYielding(placed, (seat) => known.has(getSeatKey(seat)) || added.push(seat));
    return { kept, added, companions: placed.filter(({ companionOf }) => companionOf !== null) };
  });
}

export interface ChangeSeats {
  seatIds: number[];
  ticketTypeId?: number;
  accessible?: boolean;
  /** The id of an accessible seat; null removes the link. */
  companionOf?: number | null;
  blocked?: boolean;
}

function selectSeats(before: SeatRecord[], seatIds: number[]): Set<number> {
  const known = new Set(before.map(({ id }) => id));
  seatIds.forEach((id, index) => {
    if (!known.has(id)) throw createValidationError(`seatIds.${index}`, 'is not a seat of this event');
  });
  return new Set(seatIds);
}

/**
 * Applies the same change to several seats, such as blocking them or putting them on sale again.
 * @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, EVENT_HAS_BOOKINGS, SEAT_TAKEN, CAPACITY_BELOW_BOOKED, VALIDATION_ERROR
 */
export function changeSeats(actor: Actor, { eventId, seatIds, ...wanted }: ChangeSeats & { eventId: number }) {
  return changeSeatingPlan(actor, eventId, async (before, ticketTypeIds) => {
    const ids = selectSeats(before, seatIds);
    const { ticketTypeId, accessible, companionOf, blocked } = wanted;
    if (ticketTypeId !== undefined && !ticketTypeIds.includes(ticketTypeId))
      throw createValidationError('ticketTypeId', 'is not a ticket type of this event');
    if (
      typeof companionOf === 'number' &&
      !before.some((seat) => seat.id === companionOf && seat.isAccessible && !ids.has(seat.id))
    )
      throw createValidationError('companionOf', 'is not an accessible seat of this event');
    const kept = await collectYielding(before, (seat) => {
      if (!ids.has(seat.id)) return seat;
      const isAccessible = accessible ?? (typeof companionOf === 'number' ? false : seat.isAccessible);
      return {
        ...seat,
        isAccessible,
        companionOf: isAccessible ? null : companionOf === undefined ? seat.companionOf : companionOf,
        ticketTypeId: ticketTypeId ?? seat.ticketTypeId,
        isBlocked: blocked ?? seat.isBlocked,
      };
    });
    return { kept, added: [], companions: [] };
  });
}

/** Removes seats from the seating plan. @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, SEAT_TAKEN, CAPACITY_BELOW_BOOKED, VALIDATION_ERROR */
export function removeSeats(actor: Actor, { eventId, seatIds }: { eventId: number; seatIds: number[] }) {
  return changeSeatingPlan(actor, eventId, async (before) => {
    const ids = selectSeats(before, seatIds);
    return { kept: before.filter(({ id }) => !ids.has(id)), added: [], companions: [] };
  });
}
