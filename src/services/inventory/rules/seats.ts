import { AppError, createValidationError } from '../../../errors';
import { chooseBestSeats } from '../../../lib/seats/choose-seats';
import { formatSeatLabel } from '../../../lib/seats/seat-label';
import type {
  BookingState,
  EventState,
  SeatingPlan,
  InventoryState,
  Seat,
  SeatingState,
  SeatPlace,
} from '../../../models/inventory/types';
import type { BookCommand } from './commands';

/** Returns the seats requested by id, in the order of the request. @throws AppError VALIDATION_ERROR */
export function getRequestedSeats(
  { seatingPlans }: SeatingState,
  event: EventState,
  { seatIds }: BookCommand,
): Seat[] | undefined {
  return seatIds?.map((id, index) => {
    const seat = seatingPlans.get(event.id)?.seats.get(id);
    if (!seat) throw createValidationError(`seatIds.${index}`, 'is not a seat of this event');
    if (seatIds.indexOf(id) < index) throw createValidationError(`seatIds.${index}`, 'is a duplicate');
    return seat;
  });
}

interface SeatedItem {
  type: { id: number; name: string };
  quantity: number;
  path: string;
}

/** Asserts that each ticket of a type with numbered seats has one seat. @throws AppError VALIDATION_ERROR */
export function assertSeats(
  seatingPlan: SeatingPlan | undefined,
  { requested, chosenSeats }: { requested: SeatedItem[]; chosenSeats: Seat[] | undefined },
  { bestAvailable }: BookCommand,
): void {
  if (bestAvailable && !requested.some(({ type }) => seatingPlan?.rows.has(type.id)))
    throw createValidationError('bestAvailable', 'these tickets have no numbered seats');
  if (!chosenSeats) return;
  chosenSeats.forEach(({ ticketTypeId }, index) => {
    if (!requested.some(({ type }) => type.id === ticketTypeId))
      throw createValidationError(`seatIds.${index}`, 'belongs to a ticket type that was not requested');
  });
  for (const { type, quantity, path } of requested) {
    const seats = chosenSeats.filter(({ ticketTypeId }) => ticketTypeId === type.id).length;
    if (seatingPlan?.rows.has(type.id) && seats !== quantity)
      throw createValidationError(
        path,
        `requests ${quantity} tickets of "${type.name}", but seatIds has ${seats} seats of that type`,
      );
  }
}

/** @throws AppError SEAT_TAKEN */
export function assertSeatsAvailable({ taken }: SeatingState, chosenSeats: Seat[] | undefined): void {
  const details = (chosenSeats ?? []).flatMap((seat, index) => {
    const { id, section, row, number, isBlocked } = seat;
    if (!isBlocked && !taken.has(id)) return [];
    const message = `${formatSeatLabel(seat)} is ${isBlocked ? 'not for sale' : 'taken'}`;
    return [{ path: `seatIds.${index}`, message, seatId: id, section, row, number }];
  });
  if (details.length > 0) throw new AppError('SEAT_TAKEN', undefined, { details });
}

/** Returns the best free seats of a type; undefined if too few are free. */
function chooseBest(
  { taken }: SeatingState,
  rows: SeatingPlan['rows'],
  { type, quantity }: Pick<SeatedItem, 'type' | 'quantity'>,
) {
  const seats = chooseBestSeats(rows.get(type.id)!, ({ id, isBlocked }) => !isBlocked && !taken.has(id), quantity);
  return seats.length === quantity ? seats : undefined;
}

/** Returns the seats of each ticket type; null for types without numbered seats. @throws AppError SOLD_OUT */
export function assignSeats(
  seating: SeatingState,
  seatingPlan: SeatingPlan | undefined,
  { requested, chosenSeats }: { requested: SeatedItem[]; chosenSeats: Seat[] | undefined },
): Map<number, Seat[] | null> {
  return new Map(
    requested.map((item) => {
      const { type, path } = item;
      if (!seatingPlan?.rows.has(type.id)) return [type.id, null];
      const seats = chosenSeats ? chosenSeats.filter(({ ticketTypeId }) => ticketTypeId === type.id) : undefined;
      const assigned = seats ?? chooseBest(seating, seatingPlan.rows, item);
      if (!assigned)
        throw new AppError('SOLD_OUT', undefined, { details: [{ path, message: 'too few seats are left' }] });
      return [type.id, assigned];
    }),
  );
}

/**
 * Returns seats for a booking that was paid after it expired: its former seats of each type if they are all free, else the best
 * available. Undefined if there are too few.
 */
export function reassignSeats(
  { seating }: InventoryState,
  { eventId, items }: BookingState,
): Map<number, SeatPlace[] | null> | undefined {
  const seatingPlan = seating.seatingPlans.get(eventId);
  const reassigned = new Map<number, SeatPlace[] | null>();
  for (const { ticketTypeId, name, quantity, seats } of items) {
    const isFree = ({ id }: SeatPlace): boolean => {
      const seat = seatingPlan?.seats.get(id);
      return seat?.ticketTypeId === ticketTypeId && !seat.isBlocked && !seating.taken.has(id);
    };
    if (!seatingPlan?.rows.has(ticketTypeId)) reassigned.set(ticketTypeId, null);
    else if (seats?.every(isFree)) reassigned.set(ticketTypeId, seats);
    else {
      const best = chooseBest(seating, seatingPlan.rows, { type: { id: ticketTypeId, name }, quantity });
      if (!best) return undefined;
      reassigned.set(ticketTypeId, best);
    }
  }
  return reassigned;
}

export function takeSeats({ seating }: InventoryState, { items }: BookingState): void {
  for (const { seats } of items) for (const { id } of seats ?? []) seating.taken.add(id);
}

export function releaseSeats({ seating }: InventoryState, { items }: BookingState): void {
  for (const { seats } of items) for (const { id } of seats ?? []) seating.taken.delete(id);
}
