import type { Trx } from '../database';
import { invalid } from '../errors';
import { hasSeats, removeSeatsOfType } from '../models/seats.model';

/** Step: how many tickets there are of a type with numbered seats follows from those. @throws AppError VALIDATION_ERROR */
export async function refuseResizedSeats(trx: Trx, ticketTypeId: number): Promise<void> {
  if (await hasSeats(trx, ticketTypeId))
    throw invalid('quantity', 'follows from the seats of this ticket type: add, remove or block some of those');
}

/** Step: the seats of a type that is withdrawn go with it. */
export async function withdrawSeats(trx: Trx, ticketTypeId: number): Promise<void> {
  await removeSeatsOfType(trx, ticketTypeId);
}
