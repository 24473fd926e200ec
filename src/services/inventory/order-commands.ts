import { randomUUID } from 'node:crypto';
import { database } from '../../database';
import { AppError } from '../../errors';
import { listOrderScopes, type OrderScope } from '../../models/inventory/order-scopes';
import type { CancelCommand, CancelOrderCommand, ConfirmOrderCommand, ExpireOrderCommand } from './rules/commands';

const byId = (a: number, b: number): number => a - b;

const toScope = ({ eventIds, productIds, ...scope }: OrderScope): OrderScope => ({
  ...scope,
  eventIds: eventIds.sort(byId),
  productIds: productIds.sort(byId),
});

/** @throws AppError NOT_FOUND */
async function getScope(orderId: number): Promise<OrderScope> {
  const [scope] = await listOrderScopes(database, [orderId]);
  if (!scope) throw new AppError('NOT_FOUND', 'Order not found.');
  return toScope(scope);
}

export async function toConfirmOrderCommand(orderId: number, paymentId: number | null): Promise<ConfirmOrderCommand> {
  return { kind: 'confirmOrder', requestId: randomUUID(), ...(await getScope(orderId)), paymentId };
}

export async function toExpireOrderCommands(orderIds: number[]): Promise<ExpireOrderCommand[]> {
  const scopes = await listOrderScopes(database, orderIds);
  return scopes.map((scope) => ({ kind: 'expireOrder', requestId: randomUUID(), ...toScope(scope) }));
}

type Cancellation = Pick<CancelOrderCommand, 'actor' | 'reason' | 'because'>;

/** Returns the command that cancels an order as a whole. */
export async function toCancelOrderCommand(orderId: number, cancellation: Cancellation): Promise<CancelOrderCommand> {
  return { kind: 'cancelOrder', requestId: randomUUID(), ...(await getScope(orderId)), ...cancellation };
}

interface Cancelled {
  id: number;
  eventId: number;
  /** The order of the checkout that made the booking. */
  orderId: number | null;
}

/** Returns the commands that cancel bookings. One that a checkout made is cancelled with its order in view. */
export async function toCancelCommands(
  bookings: Cancelled[],
  cancellation: Cancellation,
): Promise<(CancelCommand | CancelOrderCommand)[]> {
  const orderIds = [...new Set(bookings.map(({ orderId }) => orderId))].filter((id) => id !== null);
  const scopes = new Map((await listOrderScopes(database, orderIds)).map((scope) => [scope.orderId, toScope(scope)]));
  return bookings.map(({ id, eventId, orderId }) => {
    const scope = orderId === null ? undefined : scopes.get(orderId);
    const command = { requestId: randomUUID(), bookingId: id, ...cancellation };
    return scope ? { ...scope, ...command, kind: 'cancelOrder' } : { ...command, kind: 'cancel', eventId };
  });
}
