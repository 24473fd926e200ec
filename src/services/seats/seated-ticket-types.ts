import type { Trx } from '../../database';
import { createValidationError } from '../../errors';
import { countOpenSeats, hasSeats, removeSeatsOfType } from '../../models/seats/seats';

/** Step: asserts that a ticket type has no numbered seats, which would determine its quantity. @throws AppError VALIDATION_ERROR */
export async function assertNotSeated(trx: Trx, ticketTypeId: number): Promise<void> {
  if (await hasSeats(trx, ticketTypeId))
    throw createValidationError(
      'quantity',
      'is determined by the seats of this ticket type: add, remove or block seats instead',
    );
}

/**
 * Step: returns the total that an event gets when `total` is requested. If every type has numbered seats, null means the number
 * of seats for sale. The total cannot be less than the seats for sale, because every seat shown as free must be bookable.
 * @throws AppError VALIDATION_ERROR
 */
export async function getTotalBesideSeats(trx: Trx, eventId: number, total: number | null): Promise<number | null> {
  const { openSeats, areAllSeated } = await countOpenSeats(trx, eventId);
  if (total === null) return areAllSeated ? openSeats : null;
  if (areAllSeated && total !== openSeats)
    throw createValidationError('totalTickets', `is determined by the ${openSeats} seats that are for sale`);
  if (total < openSeats)
    throw createValidationError(
      'totalTickets',
      `must not be less than the ${openSeats} seats that are for sale: block seats first`,
    );
  return total;
}

/**
 * Step: returns the total of an event after its seats changed: the number of seats for sale if every type has numbered seats,
 * else undefined, which keeps the current total.
 * @throws AppError VALIDATION_ERROR if there would be fewer tickets than seats
 */
export async function getSeatedTotal(trx: Trx, eventId: number, total: number | null): Promise<number | undefined> {
  const { openSeats, areAllSeated } = await countOpenSeats(trx, eventId);
  if (areAllSeated) return openSeats;
  if (total !== null && openSeats > total)
    throw createValidationError(
      'sections',
      `has ${openSeats} seats for sale, but the event has only ${total} tickets: increase its totalTickets first`,
    );
  return undefined;
}

/** Step: removes the seats of a ticket type that is deleted. */
export async function removeSeatsOfTicketType(trx: Trx, ticketTypeId: number): Promise<void> {
  await removeSeatsOfType(trx, ticketTypeId);
}
