import { AppError } from '../../../errors';
import { book } from './book';
import { cancel, expire } from './cancel';
import { confirm } from './confirm';
import { createContext, type Context } from './context';
import { resize } from './resize';
import type { Changes, InventoryState } from '../../../models/inventory/types';
import { requestBehind, type Command, type Outcome } from './commands';
import { expireOffer, join, leave, makeOffers } from './waitlist';

function decideOne(context: Context, command: Command): Outcome {
  switch (command.kind) {
    case 'book':
      return book(context, command);
    case 'cancel':
      return cancel(context, command);
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
  }
}

/**
 * The one place where inventory is decided: commands in order of arrival, each with its outcome, and what is to be written.
 * Pure but for `state`, which it brings up to date. Whatever frees tickets offers them to the line before the next command is judged.
 */
export function decide(state: InventoryState, commands: Command[]): { outcomes: Outcome[]; changes: Changes } {
  const context = createContext(state);
  const outcomes = commands.map((command): Outcome => {
    context.requestId = requestBehind(command);
    try {
      const outcome = decideOne(context, command);
      const event = state.events.get(command.eventId);
      if (event) makeOffers(context, event);
      return outcome;
    } catch (error) {
      // A rule that says no changes nothing; anything else is a fault and fails the batch.
      if (error instanceof AppError) return { ok: false, error };
      throw error;
    }
  });
  return { outcomes, changes: context.changes };
}
