import { database } from '../../database';
import { AppError } from '../../errors';
import { mayManage, type Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import type { FulfillmentStatus } from '../../models/orders/fulfillments';
import {
  findOrder,
  listOrders as listRows,
  MAX_COUNTED_ROWS,
  type OrderDetailRow,
  type OrderStatus,
} from '../../models/orders/orders';
import { getManagedEvent } from '../events/event-access';
import { presentOrder } from './present-order';
import { createOrderNotFoundError } from './order-status';

export type Order = ReturnType<typeof presentOrder>;

/** @throws AppError NOT_FOUND, also to strangers */
export async function getOrderRow(actor: Actor, id: number): Promise<OrderDetailRow> {
  const order = await findOrder(database, id);
  if (!order || (order.userId !== actor.userId && !canManageOrder(actor, order))) throw createOrderNotFoundError();
  return order;
}

/** Returns whether the actor has the rights of the organizer of the order's event, or of one of those who sell what is in it. */
export function canManageOrder(
  actor: Actor,
  { organizerId, sellerIds }: Pick<OrderDetailRow, 'organizerId' | 'sellerIds'>,
): boolean {
  return [organizerId ?? 0, ...sellerIds].some((id) => mayManage(actor, id));
}

/** @throws AppError NOT_FOUND, also to strangers */
export async function getOrder(actor: Actor, id: number): Promise<Order> {
  return presentOrder(await getOrderRow(actor, id));
}

/** Returns an order that the actor manages. @throws AppError NOT_FOUND for others, FORBIDDEN for the customer */
export async function getManagedOrder(actor: Actor, id: number): Promise<OrderDetailRow> {
  const order = await getOrderRow(actor, id);
  if (!canManageOrder(actor, order)) throw new AppError('FORBIDDEN', 'Only the organizer of the event may do this.');
  return order;
}

/** Returns an order of the actor. @throws AppError NOT_FOUND, also for orders of others */
export async function getOwnOrder(actor: Actor, id: number): Promise<OrderDetailRow> {
  const order = await findOrder(database, id);
  if (order?.userId !== actor.userId) throw createOrderNotFoundError();
  return order;
}

export interface ListOrders {
  page: number;
  limit: number;
  status?: OrderStatus;
  eventId?: number;
  search?: string;
  fulfillmentStatus?: FulfillmentStatus;
  /** Whether it is paid, and the organizer has still something to send of it. */
  toShip?: boolean;
}

/** Lists the caller's own orders, newest first. */
export async function listOrders(actor: Actor, query: ListOrders) {
  const { rows, total } = await listRows(database, { ...query, userId: actor.userId, offset: getOffset(query) });
  return toPage(rows.map(presentOrder), query, { total, bound: MAX_COUNTED_ROWS });
}

/** Lists the orders of what the actor sells, newest first. */
export async function listOrganizerOrders(actor: Actor, query: ListOrders) {
  const { rows, total } = await listRows(database, { ...query, organizerId: actor.userId, offset: getOffset(query) });
  return toPage(rows.map(presentOrder), query, { total, bound: MAX_COUNTED_ROWS });
}

/** Lists the orders for an event, newest first. @throws AppError NOT_FOUND, FORBIDDEN */
export async function listEventOrders(actor: Actor, { eventId, ...query }: ListOrders & { eventId: number }) {
  await getManagedEvent(database, actor, eventId);
  const { rows, total } = await listRows(database, { ...query, eventId, offset: getOffset(query) });
  return toPage(rows.map(presentOrder), query, { total, bound: MAX_COUNTED_ROWS });
}
