import { AppError } from '../../../errors';
import { getEventState, getTicketTypeState, type Context } from './context';
import type { Outcome, ResizeCommand } from './commands';

function assertCapacity(path: string, capacity: number | null, taken: number): void {
  if (capacity === null || capacity >= taken) return;
  const message = `${taken} tickets are booked or held`;
  throw new AppError('CAPACITY_BELOW_BOOKED', undefined, { details: [{ path, message, booked: taken }] });
}

/** Sets the capacity of an event and its types; additional tickets are offered to the waitlist first. */
export function resize(context: Context, command: ResizeCommand): Outcome<'resize'> {
  const event = getEventState(context, command);
  const resized = (command.types ?? []).map(({ ticketTypeId, capacity }) => {
    const type = getTicketTypeState(event, ticketTypeId);
    if (!type) throw new AppError('NOT_FOUND', 'Ticket type not found.');
    assertCapacity('quantity', capacity, type.sold + type.held);
    return { type, capacity };
  });
  if (command.capacity !== undefined) {
    assertCapacity('totalTickets', command.capacity, event.sold + event.held);
    event.capacity = command.capacity;
    context.changes.resizedEvents.add(event);
  }
  for (const { type, capacity } of resized) {
    type.capacity = capacity;
    context.changes.resizedTypes.add(type);
  }
  return { ok: true, value: undefined };
}
