import type { Trx } from '../database';
import { AppError, invalid } from '../errors';
import type { Actor } from '../lib/actor';
import { listsChanged } from '../lib/list-version';
import { seatLabel } from '../lib/seat-label';
import {
  insertSeats,
  listSeats,
  listTypesBookedWithoutSeats,
  removeSeats as removeRows,
  updateSeats,
  type NewSeat,
  type SeatRecord,
} from '../models/seats.model';
import { recordActivity } from './audit.service';
import { lockEventSale, refuseClosed } from './events.access.service';
import { runOnce } from './idempotency.service';
import { resizeInventory } from './inventory.service';
import { placeBehind, planSeats, seatKey, type PlannedSeat, type SectionInput } from './seats.layout';
import { getSeatMap, type SeatMap } from './seats.service';
import { listTypesOfEvent } from './ticket-types.service';

const MOST_SEATS = 50_000;

/** How the hall is to be: those that are there and stay, as they are to be, and those that are new. */
interface Plan {
  kept: SeatRecord[];
  added: PlannedSeat[];
  /** Of both, seats beside accessible ones that may have no id yet. */
  companions: PlannedSeat[];
}

const isTaken = ({ status }: SeatRecord): boolean => status === 'sold' || status === 'held';

/** Whoever has booked a seat keeps it, for the price that it had. @throws AppError SEAT_TAKEN */
function refuseHarm(before: SeatRecord[], kept: SeatRecord[]): void {
  const after = new Map(kept.map((seat) => [seat.id, seat]));
  const harmed = before.filter((seat) => {
    const now = after.get(seat.id);
    return isTaken(seat) && (!now || now.isBlocked || now.ticketTypeId !== seat.ticketTypeId);
  });
  if (harmed.length === 0) return;
  const details = harmed.slice(0, 100).map((seat) => {
    const { id, section, row, number } = seat;
    return { path: 'seats', message: `${seatLabel(seat)} is booked`, seatId: id, section, row, number };
  });
  throw new AppError('SEAT_TAKEN', 'Booked seats can not be removed, blocked or given another ticket type.', {
    details,
  });
}

/** Numbered seats can't be given to tickets that are out already. @throws AppError EVENT_HAS_BOOKINGS */
async function refuseUnseated(trx: Trx, eventId: number, seats: NewSeat[]): Promise<void> {
  const types = [...new Set(seats.map(({ ticketTypeId }) => ticketTypeId))];
  if ((await listTypesBookedWithoutSeats(trx, eventId, types)).length > 0)
    throw new AppError(
      'EVENT_HAS_BOOKINGS',
      'Tickets of this type are booked without a seat: number the seats of another one.',
    );
}

const SAME: (keyof SeatRecord)[] = [
  'ticketTypeId',
  'sectionRank',
  'rowRank',
  'position',
  'isAccessible',
  'companionOf',
  'isBlocked',
];

/** An accessible seat that is gone, or is one no longer, has no companions. */
function withoutStrayCompanions(kept: SeatRecord[]): SeatRecord[] {
  const accessible = new Set(kept.filter(({ isAccessible }) => isAccessible).map(({ id }) => id));
  return kept.map((seat) =>
    seat.companionOf === null || accessible.has(seat.companionOf) ? seat : { ...seat, companionOf: null },
  );
}

/** Seats that companions belong to have their ids by now. */
async function joinCompanions(trx: Trx, eventId: number, companions: PlannedSeat[]): Promise<void> {
  if (companions.length === 0) return;
  const seats = new Map((await listSeats(trx, eventId)).map((seat) => [seatKey(seat), seat]));
  const joined = companions.map((planned) => {
    const accessible = seats.get(seatKey({ ...planned, number: planned.companionOf! }))!;
    return { ...seats.get(seatKey(planned))!, companionOf: accessible.id };
  });
  await updateSeats(trx, joined);
}

/** How many of each type are for sale. */
function countOpen(seats: Pick<SeatRecord, 'ticketTypeId' | 'isBlocked'>[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { ticketTypeId, isBlocked } of seats)
    counts.set(ticketTypeId, (counts.get(ticketTypeId) ?? 0) + Number(!isBlocked));
  return counts;
}

async function write(
  trx: Trx,
  eventId: number,
  { before, kept, added, companions }: Plan & { before: SeatRecord[] },
): Promise<void> {
  const old = new Map(before.map((seat) => [seat.id, seat]));
  const stays = new Set(kept.map(({ id }) => id));
  await updateSeats(
    trx,
    kept.filter((seat) => SAME.some((name) => seat[name] !== old.get(seat.id)![name])),
  );
  await removeRows(
    trx,
    before.filter(({ id }) => !stays.has(id)).map(({ id }) => id),
  );
  await insertSeats(trx, eventId, added);
  await joinCompanions(trx, eventId, companions);
  const counts = countOpen([...kept, ...added]);
  const typeIds = new Set([...before.map(({ ticketTypeId }) => ticketTypeId), ...counts.keys()]);
  const types = [...typeIds].map((id) => ({ ticketTypeId: id, capacity: counts.get(id) ?? 0 }));
  await resizeInventory(trx, { eventId, types });
}

type Planner = (seats: SeatRecord[], ticketTypeIds: number[]) => Plan;

/** Changes the hall under the lock of its sale; what becomes free goes to the waitlist first. */
async function change(actor: Actor, eventId: number, plan: Planner): Promise<SeatMap> {
  await runOnce(actor, async (trx) => {
    refuseClosed(await lockEventSale(trx, actor, eventId));
    const before = await listSeats(trx, eventId);
    const types = await listTypesOfEvent(trx, eventId);
    const wanted = plan(
      before,
      types.map(({ id }) => id),
    );
    const { added } = wanted;
    const kept = withoutStrayCompanions(wanted.kept);
    if (kept.length + added.length > MOST_SEATS) throw invalid('sections', `a hall has at most ${MOST_SEATS} seats`);
    refuseHarm(before, kept);
    await refuseUnseated(trx, eventId, [...kept, ...added]);
    await write(trx, eventId, { ...wanted, before, kept });
    const details = { added: added.length, kept: kept.length, removed: before.length - kept.length };
    await recordActivity(trx, actor, { action: 'event.change_seats', subjectId: eventId, details });
  });
  listsChanged();
  return getSeatMap(actor, eventId);
}

export interface DefineSeats {
  sections: SectionInput[];
  /** Seats that are not named go. */
  replace: boolean;
}

/**
 * Adds the seats of these sections and changes those that are there already.
 * @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, EVENT_HAS_BOOKINGS, SEAT_TAKEN, CAPACITY_BELOW_BOOKED, VALIDATION_ERROR
 */
export function defineSeats(actor: Actor, { eventId, sections, replace }: DefineSeats & { eventId: number }) {
  return change(actor, eventId, (before, ticketTypeIds) => {
    const planned = planSeats(sections, ticketTypeIds);
    const placed = replace ? planned : placeBehind(planned, before);
    const named = new Map(placed.map((seat) => [seatKey(seat), seat]));
    const known = new Set(before.map(seatKey));
    const kept = before.flatMap((seat): SeatRecord[] => {
      const wanted = named.get(seatKey(seat));
      if (!wanted) return replace ? [] : [seat];
      return [{ ...seat, ...wanted, companionOf: null }];
    });
    return {
      kept,
      added: placed.filter((seat) => !known.has(seatKey(seat))),
      companions: placed.filter(({ companionOf }) => companionOf !== null),
    };
  });
}

export interface ChangeSeats {
  seatIds: number[];
  ticketTypeId?: number;
  accessible?: boolean;
  /** An accessible seat; null: nobody's. */
  companionOf?: number | null;
  blocked?: boolean;
}

function chosen(before: SeatRecord[], seatIds: number[]): Set<number> {
  const known = new Set(before.map(({ id }) => id));
  seatIds.forEach((id, index) => {
    if (!known.has(id)) throw invalid(`seatIds.${index}`, 'is not a seat of this event');
  });
  return new Set(seatIds);
}

/**
 * Changes some seats, all in the same way: blocks them, for example, or sells them again.
 * @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, EVENT_HAS_BOOKINGS, SEAT_TAKEN, CAPACITY_BELOW_BOOKED, VALIDATION_ERROR
 */
export function changeSeats(actor: Actor, { eventId, seatIds, ...wanted }: ChangeSeats & { eventId: number }) {
  return change(actor, eventId, (before, ticketTypeIds) => {
    const ids = chosen(before, seatIds);
    const { ticketTypeId, accessible, companionOf, blocked } = wanted;
    if (ticketTypeId !== undefined && !ticketTypeIds.includes(ticketTypeId))
      throw invalid('ticketTypeId', 'is not a ticket type of this event');
    if (
      typeof companionOf === 'number' &&
      !before.some((seat) => seat.id === companionOf && seat.isAccessible && !ids.has(seat.id))
    )
      throw invalid('companionOf', 'is not an accessible seat of this event');
    const kept = before.map((seat) => {
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

/** Takes seats out of the hall. @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, SEAT_TAKEN, CAPACITY_BELOW_BOOKED, VALIDATION_ERROR */
export function removeSeats(actor: Actor, { eventId, seatIds }: { eventId: number; seatIds: number[] }) {
  return change(actor, eventId, (before) => {
    const ids = chosen(before, seatIds);
    return { kept: before.filter(({ id }) => !ids.has(id)), added: [], companions: [] };
  });
}
