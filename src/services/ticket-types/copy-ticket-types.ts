import type { Trx } from '../../database';
import { insertTicketTypes, listTicketTypes, sortTicketTypes } from '../../models/ticket-types.model';

/** Step: copies the ticket types of an event to another; their sales move with the event. Returns their new ids by the old ones. */
export async function copyTicketTypes(
  trx: Trx,
  { fromId, toId, laterMs }: { fromId: number; toId: number; laterMs: number },
): Promise<Map<number, number>> {
  const move = (time: Date | null): Date | null => time && new Date(time.getTime() + laterMs);
  const types = await listTicketTypes(trx, fromId);
  const ids = await insertTicketTypes(
    trx,
    toId,
    types.map(
      ({ name, description, price, salesStart, salesEnd, minPerBooking, maxPerBooking, isDefault, capacity }) => ({
        values: {
          name,
          description,
          price,
          salesStart: move(salesStart),
          salesEnd: move(salesEnd),
          minPerBooking,
          maxPerBooking,
          isDefault,
        },
        capacity,
      }),
    ),
  );
  await sortTicketTypes(trx, ids);
  return new Map(types.map(({ id }, index) => [id, ids[index]!]));
}
