import { database } from '../../database';
import { INT4_MAX } from '../../lib/ids';
import { readCode } from '../../lib/ticket-code';
import { findTicket, type TicketRow } from '../../models/tickets/tickets';

const ID = /^[1-9]\d{0,9}$/;

/** Finds a ticket by its id, or by a code that it has or had. The code is not verified: it only says which ticket is meant. */
export async function findTicketByText(text: string): Promise<TicketRow | undefined> {
  const id = readCode(text.toUpperCase())?.id ?? (ID.test(text) ? Number(text) : undefined);
  return id === undefined || id > INT4_MAX ? undefined : findTicket(database, id);
}
