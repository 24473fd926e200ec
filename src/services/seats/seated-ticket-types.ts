import type { Trx } from '../../database';
import { createValidationError } from '../../errors';
import { countOpenSeats, hasSeats, removeSeatsOfType } from '../../models/seats/seats';

/** Step: how many tickets there are of a type with numbered seats follows from those. @throws AppError VALIDATION_ERROR */
export async function assertNotSeated(trx: Trx, ticketTypeId: number): Promise<void> {
  if (await hasSeats(trx, ticketTypeId))
    throw createValidationError(
      'quantity',
      'follows from the seats of this ticket type: add, remove or block some of those',
    );
}

/**
 * Step: how many tickets an event has once somebody asked for `total`. Where every type has numbered seats, null means as
 * many as there are seats for sale. No seat may be shown that nobody could buy.
 * @throws AppError VALIDATION_ERROR
 */
export async function getTotalBesideSeats(trx: Trx, eventId: number, total: number | null): Promise<number | null> {
  const { openSeats, areAllSeated } = await countOpenSeats(trx, eventId);
  if (total === null) return areAllSeated ? openSeats : null;
  if (areAllSeated && total !== openSeats)
    throw createValidationError(
      'totalTickets',
      `follows from the seats of the hall, of which ${openSeats} are for sale`,
    );
  if (total < openSeats)
    throw createValidationError(
      'totalTickets',
      `must not be less than the ${openSeats} seats that are for sale: block some of those first`,
    );
  return total;
}

/**
 * Step: how many tickets an event has once its seats are as they are now: as many as there are seats for sale,
 * where every type has numbered seats. Undefined: as many as before.
 * @throws AppError VALIDATION_ERROR where there are fewer tickets than seats
 */
export async function getSeatedTotal(trx: Trx, eventId: number, total: number | null): Promise<number | undefined> {
  const { openSeats, areAllSeated } = await countOpenSeats(trx, eventId);
  if (areAllSeated) return openSeats;
  if (total !== null && openSeats > total)
    throw createValidationError(
      'sections',
      `has ${openSeats} seats for sale, and the event only ${total} tickets: raise its totalTickets first`,
    );
  return undefined;
}

/** Step: the seats of a type that is withdrawn go with it. */
export async function removeSeatsOfTicketType(trx: Trx, ticketTypeId: number): Promise<void> {
  await removeSeatsOfType(trx, ticketTypeId);
}
