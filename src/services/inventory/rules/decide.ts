import { AppError } from '../../../errors';
import { book } from './book';
import { cancel, expire } from './cancel';
import { confirm } from './confirm';
import { createContext, type Context } from './context';
import { resize } from './resize';
import { returnTickets } from './return-tickets';
import type { Changes, InventoryState } from '../../../models/inventory/types';
import { getEventIds, getRequestId, type Command, type Outcome } from './commands';
import { checkout } from './checkout';
import { cancelOrder, confirmOrder, expireOrder } from './store-orders';
import { expireOffer, join, leave, makeOffers } from './waitlist';

function decideOne(context: Context, command: Command): Outcome {
  switch (command.kind) {
    case 'book':
      return book(context, command);
    case 'cancel':
      return cancel(context, command);
    case 'returnTickets':
      return returnTickets(context, command);
    case 'expire':
      return expire(context, command);
    case 'confirm':
      return confirm(context, command);
    case 'join':
      return join(context, command);
    case 'leave':
      return leave(context, command);
    case 'expireOffer':
      return expireOffer(context, command);
    case 'resize':
      return resize(context, command);
    case 'checkout':
      return checkout(context, command);
    case 'confirmOrder':
      return confirmOrder(context, command);
    case 'expireOrder':
      return expireOrder(context, command);
    case 'cancelOrder':
      return cancelOrder(context, command);
  }
}

/**
 * Decides commands in order of arrival, and returns the outcome of each and the changes to write. All inventory decisions are
 * made here. Pure except that it updates `state`. Released tickets are offered to the waitlist before the next command is decided.
 */
export function decide(state: InventoryState, commands: Command[]): { outcomes: Outcome[]; changes: Changes } {
  const context = createContext(state);
  const outcomes = commands.map((command): Outcome => {
    context.requestId = getRequestId(command);
    try {
      const outcome = decideOne(context, command);
      for (const eventId of getEventIds(command)) {
        const event = state.events.get(eventId);
        if (event) makeOffers(context, event);
      }
      return outcome;
    } catch (error) {
      // A refusal changes nothing. Any other error is a bug and fails the batch.
      if (error instanceof AppError) return { ok: false, error };
      throw error;
    }
  });
  return { outcomes, changes: context.changes };
}
