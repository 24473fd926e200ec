import { randomUUID } from 'node:crypto';
import { database } from '../../database';
import { logger } from '../../logger';
import { executeAll } from '../inventory/execute';
import { toCancelCommands } from '../inventory/order-commands';
import type { Command } from '../inventory/rules/commands';
import { getRefundableItems, type RefundableItem } from '../orders/item-refunds';
import { getOrderRow } from '../orders/order-status';
import type { LeasedMessage } from '../outbox/handle-messages';

const CANCELLATION = { actor: undefined, reason: 'The tickets were refunded.', because: 'refund' as const };

/** Returns the command that takes the refunded tickets out of a booking, or cancels it if none are left. */
async function toReturnCommands(
  items: RefundableItem[],
  { bookingId, orderId }: { bookingId: number; orderId: number | null },
): Promise<Command[]> {
  const refunded = items.filter(({ refundedQuantity }) => refundedQuantity > 0);
  if (refunded.length === 0) return [];
  const kept = items.map(({ ticketTypeId, quantity, refundedQuantity }) => ({
    ticketTypeId: ticketTypeId!,
    quantity: quantity - refundedQuantity,
  }));
  const eventId = items[0]!.eventId!;
  if (kept.every(({ quantity }) => quantity === 0))
    return toCancelCommands([{ id: bookingId, eventId, orderId }], CANCELLATION);
  return [{ kind: 'returnTickets', eventId, requestId: randomUUID(), bookingId, kept }];
}

/** Voids the tickets of refunded units and offers them again. Safe to call again. */
async function returnItems(orderId: number): Promise<void> {
  const { isCheckout } = await getOrderRow(database, orderId);
  const items = await getRefundableItems(database, orderId);
  const tickets = items.filter(({ kind, bookingId }) => kind === 'ticket' && bookingId !== null);
  for (const bookingId of new Set(tickets.map((item) => item.bookingId!))) {
    const itemsOfBooking = tickets.filter((item) => item.bookingId === bookingId);
    const commands = await toReturnCommands(itemsOfBooking, { bookingId, orderId: isCheckout ? orderId : null });
    await executeAll(commands, ['ALREADY_CANCELLED', 'BOOKING_EXPIRED']);
  }
}

/** Does at once what a message does as well, so a failure is only logged. */
export async function tryToReturnItems(orderId: number): Promise<void> {
  await returnItems(orderId).catch((error: Error) =>
    logger.warn({ err: error, orderId }, 'Refunded tickets could not be taken back; the message will retry'),
  );
}

export async function handleItemsRefunded({ payload }: LeasedMessage<'order.items_refunded'>): Promise<void> {
  await returnItems(payload.orderId);
}
