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

/** The seats that are asked for by their ids, in that order. @throws AppError VALIDATION_ERROR */
export function getRequestedSeats(
  { seatingPlans }: SeatingState,
  event: EventState,
  { seatIds }: BookCommand,
): Seat[] | undefined {
  return seatIds?.map((id, index) => {
    const seat = seatingPlans.get(event.id)?.seats.get(id);
    if (!seat) throw createValidationError(`seatIds.${index}`, 'is not a seat of this event');
    if (seatIds.indexOf(id) < index) throw createValidationError(`seatIds.${index}`, 'is there twice');
    return seat;
  });
}

interface SeatedItem {
  type: { id: number; name: string };
  quantity: number;
  path: string;
}

/** Whether seats and tickets agree: each ticket of a type with numbered seats has one. @throws AppError VALIDATION_ERROR */
export function assertSeats(
  seatingPlan: SeatingPlan | undefined,
  { requested, asked }: { requested: SeatedItem[]; asked: Seat[] | undefined },
  { bestAvailable }: BookCommand,
): void {
  if (bestAvailable && !requested.some(({ type }) => seatingPlan?.rows.has(type.id)))
    throw createValidationError('bestAvailable', 'these tickets have no numbered seats');
  if (!asked) return;
  asked.forEach(({ ticketTypeId }, index) => {
    if (!requested.some(({ type }) => type.id === ticketTypeId))
      throw createValidationError(`seatIds.${index}`, 'is a seat of another ticket type than those asked for');
  });
  for (const { type, quantity, path } of requested) {
    const seats = asked.filter(({ ticketTypeId }) => ticketTypeId === type.id).length;
    if (seatingPlan?.rows.has(type.id) && seats !== quantity)
      throw createValidationError(path, `asks for ${quantity} tickets of "${type.name}", and seatIds for ${seats}`);
  }
}

/** @throws AppError SEAT_TAKEN */
export function assertSeatsAvailable({ taken }: SeatingState, asked: Seat[] | undefined): void {
  const details = (asked ?? []).flatMap((seat, index) => {
    const { id, section, row, number, isBlocked } = seat;
    if (!isBlocked && !taken.has(id)) return [];
    const message = `${formatSeatLabel(seat)} is ${isBlocked ? 'not for sale' : 'taken'}`;
    return [{ path: `seatIds.${index}`, message, seatId: id, section, row, number }];
  });
  if (details.length > 0) throw new AppError('SEAT_TAKEN', undefined, { details });
}

/** The best free seats of a type; undefined where too few are free. */
function chooseBest(
  { taken }: SeatingState,
  rows: SeatingPlan['rows'],
  { type, quantity }: Pick<SeatedItem, 'type' | 'quantity'>,
) {
  const seats = chooseBestSeats(rows.get(type.id)!, ({ id, isBlocked }) => !isBlocked && !taken.has(id), quantity);
  return seats.length === quantity ? seats : undefined;
}

/** The seats of each line's tickets; null for a type without numbered ones. @throws AppError SOLD_OUT */
export function assignSeats(
  seating: SeatingState,
  seatingPlan: SeatingPlan | undefined,
  { requested, asked }: { requested: SeatedItem[]; asked: Seat[] | undefined },
): Map<number, Seat[] | null> {
  return new Map(
    requested.map((item) => {
      const { type, path } = item;
      if (!seatingPlan?.rows.has(type.id)) return [type.id, null];
      const seats = asked ? asked.filter(({ ticketTypeId }) => ticketTypeId === type.id) : undefined;
      const given = seats ?? chooseBest(seating, seatingPlan.rows, item);
      if (!given) throw new AppError('SOLD_OUT', undefined, { details: [{ path, message: 'too few seats are left' }] });
      return [type.id, given];
    }),
  );
}

/** Where people who paid late sit now: where they sat, if all of that is free, else on the best seats; undefined if there are too few. */
export function reassignSeats(
  { seating }: InventoryState,
  { eventId, items }: BookingState,
): Map<number, SeatPlace[] | null> | undefined {
  const seatingPlan = seating.seatingPlans.get(eventId);
  const again = new Map<number, SeatPlace[] | null>();
  for (const { ticketTypeId, name, quantity, seats } of items) {
    const isFree = ({ id }: SeatPlace): boolean => {
      const seat = seatingPlan?.seats.get(id);
      return seat?.ticketTypeId === ticketTypeId && !seat.isBlocked && !seating.taken.has(id);
    };
    if (!seatingPlan?.rows.has(ticketTypeId)) again.set(ticketTypeId, null);
    else if (seats?.every(isFree)) again.set(ticketTypeId, seats);
    else {
      const best = chooseBest(seating, seatingPlan.rows, { type: { id: ticketTypeId, name }, quantity });
      if (!best) return undefined;
      again.set(ticketTypeId, best);
    }
  }
  return again;
}

export function takeSeats({ seating }: InventoryState, { items }: BookingState): void {
  for (const { seats } of items) for (const { id } of seats ?? []) seating.taken.add(id);
}

export function releaseSeats({ seating }: InventoryState, { items }: BookingState): void {
  for (const { seats } of items) for (const { id } of seats ?? []) seating.taken.delete(id);
}
