import type { Trx } from '../database';
import { invalid } from '../errors';
import { countOpenSeats, hasSeats, removeSeatsOfType } from '../models/seats.model';

/** Step: how many tickets there are of a type with numbered seats follows from those. @throws AppError VALIDATION_ERROR */
export async function refuseResizedSeats(trx: Trx, ticketTypeId: number): Promise<void> {
  if (await hasSeats(trx, ticketTypeId))
    throw invalid('quantity', 'follows from the seats of this ticket type: add, remove or block some of those');
}

/** Step: no seat is shown that nobody could buy, since the event has fewer tickets. @throws AppError VALIDATION_ERROR */
export async function checkTotalAgainstSeats(trx: Trx, eventId: number, total: number | null): Promise<void> {
  if (total === null) return;
  const { openSeats, areAllSeated } = await countOpenSeats(trx, eventId);
  if (areAllSeated && total !== openSeats)
    throw invalid('totalTickets', `follows from the seats of the hall, of which ${openSeats} are for sale`);
  if (total < openSeats)
    throw invalid(
      'totalTickets',
      `must not be less than the ${openSeats} seats that are for sale: block some of those first`,
    );
}

/**
 * Step: how many tickets an event with a total has once its hall is as it is now: as many as there are seats, where every
 * type has those. Undefined: as many as before.
 * @throws AppError VALIDATION_ERROR where there are fewer tickets than seats
 */
export async function totalOfHall(trx: Trx, eventId: number, total: number | null): Promise<number | undefined> {
  if (total === null) return undefined;
  const { openSeats, areAllSeated } = await countOpenSeats(trx, eventId);
  if (areAllSeated) return openSeats;
  if (openSeats > total)
    throw invalid(
      'sections',
      `has ${openSeats} seats for sale, and the event only ${total} tickets: raise its totalTickets first`,
    );
  return undefined;
}

/** Step: the seats of a type that is withdrawn go with it. */
export async function withdrawSeats(trx: Trx, ticketTypeId: number): Promise<void> {
  await removeSeatsOfType(trx, ticketTypeId);
}
