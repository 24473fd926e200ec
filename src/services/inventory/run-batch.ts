import type { Trx } from '../../database';
import { config } from '../../config';
import {
  reserveOrderIds,
  lockInventory,
  lockOrdersOfBookings,
  lockTicketsOfBookings,
  readInventoryState,
  readWaitlistQueues,
  type WaitlistQueueRequest,
  type LockedRow,
  type StateRequest,
} from '../../models/inventory/read-state';
import type { BatchState, Changes, EventState, InventoryState, Rules } from '../../models/inventory/types';
import { lockCarts } from '../../models/inventory/carts';
import { lockProducts, readProducts } from '../../models/inventory/products';
import { lockStoreOrders, readStoreOrders } from '../../models/inventory/store-orders';
import { writeChanges } from '../../models/inventory/write-changes';
import { isOnSale } from './rules/book';
import {
  getEventIds,
  getProductIds,
  type Command,
  type EventCommand,
  type Outcome,
  type StoreCommand,
} from './rules/commands';
import { countAvailable, countAvailableOfType } from './rules/context';
import { addDiscounts } from './add-discounts';
import { deliverGoods, findDelivery } from './deliver-goods';
import { addCredits, moveCredits } from './move-credits';
import { presentResult } from './present-result';
import { createSpareIds } from './spare-ids';
import { decide } from './rules/decide';
import { addSeats } from './add-seats';

const rules: Rules = {
  maxTicketsPerUser: config.maxTicketsPerUser,
  holdMs: Math.round(config.holdMinutes * 60_000),
  offerMs: Math.round(config.waitlistOfferMinutes * 60_000),
  firstOfferMs: Math.round(config.waitlistFirstOfferMinutes * 60_000),
  storeTaxRate: String(config.storeTaxRate),
  cancellationWindowHours: config.cancellationWindowHours,
};

const bookingIds = createSpareIds();
const storeOrderIds = createSpareIds();

/** More tickets than any event has. */
const MAX_TICKETS = 1_000_000;

function getUserId(command: EventCommand): number | undefined {
  if (command.kind === 'book' || command.kind === 'join') return command.actor.userId;
  return command.kind === 'leave' || command.kind === 'confirm' ? command.userId : undefined;
}

function countNewBookings(command: Command): number {
  if (command.kind === 'checkout') return command.eventIds.length;
  return command.kind === 'book' ? 1 : 0;
}

const getCustomerId = (command: StoreCommand): number =>
  command.kind === 'checkout' ? command.actor.userId : command.userId;

function getStateRequest(commands: Command[], isRetry: boolean): StateRequest {
  const newBookings = commands.reduce((sum, command) => sum + countNewBookings(command), 0);
  const request: StateRequest = {
    eventIds: [...new Set(commands.flatMap(getEventIds))],
    pairs: [],
    bookingIds: [],
    cancelledIds: [],
    waitlistEntryIds: [],
    keys: [],
    requests: [],
    newBookings,
    spareIds: bookingIds.take(newBookings),
  };
  for (const command of commands) {
    if (!('eventId' in command)) {
      addStoreRequest(request, command);
      continue;
    }
    const userId = getUserId(command);
    if (userId !== undefined) request.pairs.push({ userId, eventId: command.eventId });
    if (command.kind === 'book')
      for (const alike of command.alikeUserIds ?? []) request.pairs.push({ userId: alike, eventId: command.eventId });
    if (userId !== undefined && isRetry) request.requests.push({ userId, requestId: command.requestId });
    if ('bookingId' in command) request.bookingIds.push(command.bookingId);
    if (command.kind === 'cancel' || command.kind === 'returnTickets') request.cancelledIds.push(command.bookingId);
    if (command.kind === 'expireOffer') request.waitlistEntryIds.push(command.waitlistEntryId);
    if ((command.kind === 'book' || command.kind === 'join') && command.idempotency)
      request.keys.push({ userId: command.actor.userId, key: command.idempotency.key });
  }
  return request;
}

/** Adds what a command on several events and products needs of the state that all commands share. */
function addStoreRequest(request: StateRequest, command: StoreCommand): void {
  if (command.kind !== 'checkout') {
    request.bookingIds.push(...command.bookingIds);
    if (command.kind === 'cancelOrder') request.cancelledIds.push(...command.bookingIds);
    for (const eventId of command.eventIds) request.pairs.push({ userId: command.userId, eventId });
    return;
  }
  const { actor, alikeUserIds = [], idempotency } = command;
  for (const eventId of command.eventIds)
    for (const userId of [actor.userId, ...alikeUserIds]) request.pairs.push({ userId, eventId });
  if (idempotency) request.keys.push({ userId: actor.userId, key: idempotency.key });
}

/** Returns the most tickets that a command could release. A waiting user may be offered tickets and give them up in the same batch. */
function maxReleasable(command: Command, state: InventoryState): number {
  switch (command.kind) {
    case 'cancel':
    case 'returnTickets':
    case 'expire':
      return state.bookings.get(command.bookingId)?.ticketsCount ?? 0;
    case 'expireOffer':
      return state.waitlistEntries.get(command.waitlistEntryId)?.offeredCount ?? 0;
    case 'resize':
      return MAX_TICKETS;
    case 'expireOrder':
    case 'cancelOrder':
      return command.bookingIds.reduce((sum, id) => sum + (state.bookings.get(id)?.ticketsCount ?? 0), 0);
    case 'confirmOrder':
    case 'checkout':
      return countOffered(state, getEventIds(command), getCustomerId(command));
    default: {
      return countOffered(state, [command.eventId], getUserId(command));
    }
  }
}

/** Returns the tickets that a user waits for, or is offered. */
function countOffered(state: InventoryState, eventIds: number[], userId: number | undefined): number {
  let max = 0;
  for (const entry of state.waitlistEntries.values()) {
    if (entry.userId === userId && eventIds.includes(entry.eventId)) max += entry.offeredCount ?? entry.ticketsCount;
  }
  return max;
}

/** Returns how many tickets of each type, and of any type (id 0), could be offered in this batch. */
function getQueueRequests(event: EventState, freed: number, now: number): WaitlistQueueRequest[] {
  const max = Math.min(countAvailable(event) + freed, MAX_TICKETS);
  const queues = event.types
    .filter((type) => isOnSale(event, type, now))
    .map((type) => ({
      eventId: event.id,
      ticketTypeId: type.id,
      max: Math.min(countAvailableOfType(event, type) + freed, max),
    }));
  const any = Math.min(
    queues.reduce((sum, queue) => sum + queue.max, 0),
    max,
  );
  return [{ eventId: event.id, ticketTypeId: 0, max: any }, ...queues].filter((queue) => queue.max > 0);
}

function listQueueRequests(commands: Command[], state: InventoryState, locked: LockedRow[]): WaitlistQueueRequest[] {
  return locked.flatMap(({ event_id: eventId, waiting }) => {
    const event = state.events.get(eventId);
    if (!event || waiting === 0) return [];
    const commandsOfEvent = commands.filter((command) => getEventIds(command).includes(eventId));
    return getQueueRequests(
      event,
      commandsOfEvent.reduce((sum, command) => sum + maxReleasable(command, state), 0),
      state.now,
    );
  });
}

async function addWaitlistQueues(trx: Trx, state: InventoryState, requests: WaitlistQueueRequest[]): Promise<void> {
  for (const waitlistEntry of await readWaitlistQueues(trx, requests, rules.maxTicketsPerUser)) {
    if (!state.waitlistEntries.has(waitlistEntry.id)) state.waitlistEntries.set(waitlistEntry.id, waitlistEntry);
  }
  state.waitlistEntries = new Map([...state.waitlistEntries].sort(([a], [b]) => a - b));
}

interface LockedBatch {
  commands: Command[];
  /** The inventory rows of the commands' events. */
  locked: LockedRow[];
  /** These commands may have been committed before, which is looked up first. */
  isRetry: boolean;
}

export interface Decided<O = Outcome> {
  outcomes: O[];
  /** Rejects if a write failed; PostgreSQL then rolls back instead of committing. */
  written: Promise<void>;
}

/** Returns whether the writes need not be awaited: free bookings and refusals need none of the results of their writes. */
const canSkipAwaitingWrites = (changes: Changes): boolean =>
  changes.idempotentResults.length === 0 &&
  changes.insertedEntries.length === 0 &&
  changes.creditMoves.length === 0 &&
  changes.insertedOrders.size === 0 &&
  changes.updatedBookings.size === 0 &&
  changes.updatedEntries.size === 0;

async function decideAndWrite(trx: Trx, { commands, locked }: LockedBatch, state: BatchState): Promise<Decided> {
  const requests = listQueueRequests(commands, state, locked);
  if (requests.length > 0) await addWaitlistQueues(trx, state, requests);
  await addDiscounts(trx, state, commands);
  await addCredits(trx, state, commands);
  await addSeats(trx, state, commands);
  const { outcomes, changes } = decide(state, commands);
  for (const booking of changes.insertedBookings) booking.id = state.newIds.shift()!;
  bookingIds.returnUnused(state.newIds);
  for (const { order } of changes.checkouts) {
    order.id = state.newOrderIds.shift()!;
    for (const booking of order.bookings) booking.orderId = order.id;
  }
  storeOrderIds.returnUnused(state.newOrderIds);
  const orderIds = await reserveOrderIds(trx, changes.insertedOrders.size);
  for (const { order } of changes.insertedOrders.keys()) order!.id = orderIds.shift()!;
  const idempotentResults = changes.idempotentResults.map(({ result, ...stored }) => ({
    ...stored,
    data: () => presentResult(result),
  }));
  const written = writeChanges(trx, state.now, { ...changes, idempotentResults });
  const delivery = findDelivery(changes, state.products);
  if (delivery || !canSkipAwaitingWrites(changes)) await written;
  await moveCredits(trx, changes.creditMoves);
  if (delivery) await deliverGoods(trx, delivery, state.products);
  written.catch(() => undefined);
  return { outcomes, written };
}

/** Adds the state of checkouts and of the orders that they made. Sends nothing if there are none. */
async function readStoreState(trx: Trx, commands: Command[], isRetry: boolean) {
  const stored = commands.filter((command) => !('eventId' in command));
  const checkouts = stored.filter((command) => command.kind === 'checkout');
  const orderIds = stored.flatMap((command) => ('orderId' in command ? [command.orderId] : []));
  const reserved = storeOrderIds.take(checkouts.length);
  const [products, orders, carts, newOrderIds] = await Promise.all([
    readProducts(trx, [...new Set(stored.flatMap(getProductIds))]),
    readStoreOrders(trx, { ids: orderIds, requestIds: isRetry ? checkouts.map(({ requestId }) => requestId) : [] }),
    lockCarts(
      trx,
      checkouts.flatMap(({ cart }) => (cart ? [cart.id] : [])),
    ),
    reserveOrderIds(trx, checkouts.length - reserved.length),
  ]);
  return { products, orders, carts, newOrderIds: [...reserved, ...newOrderIds] };
}

/** Completes the state of a batch. The bookings of an order share it. */
function addStoreState(
  state: BatchState,
  { products, orders, carts, newOrderIds }: Awaited<ReturnType<typeof readStoreState>>,
): void {
  state.newOrderIds = newOrderIds;
  for (const product of products) state.products.set(product.id, product);
  for (const cart of carts) state.carts.set(cart.id, cart);
  for (const { bookingIds: ids, ...row } of orders) {
    const bookings = ids.flatMap((id) => state.bookings.get(id) ?? []);
    const order = { ...row, bookings };
    for (const booking of bookings) booking.order = order;
    state.storeOrders.set(order.id, order);
  }
}

const listOrderIds = (commands: Command[]): number[] =>
  commands.flatMap((command) => ('orderId' in command ? [command.orderId] : []));

/** Step: decides commands whose inventory rows `trx` has locked, and sends the resulting writes. */
export async function decideLocked(trx: Trx, batch: LockedBatch): Promise<Decided> {
  const { commands, isRetry } = batch;
  const request = getStateRequest(commands, isRetry);
  await lockOrdersOfBookings(trx, request.bookingIds);
  await lockStoreOrders(trx, listOrderIds(commands));
  await lockTicketsOfBookings(trx, request.cancelledIds);
  const state = await readInventoryState(trx, request, rules);
  addStoreState(state, await readStoreState(trx, commands, isRetry));
  return decideAndWrite(trx, batch, state);
}

/** Step: locks the rows that the commands need, decides the commands, and sends the resulting writes. */
export async function runBatch(trx: Trx, commands: Command[], isRetry = false): Promise<Decided> {
  const request = getStateRequest(commands, isRetry);
  // One round trip for all: while the process is busy, every awaited reply also waits behind other requests.
  const [locked, , , , , state, store] = await Promise.all([
    request.eventIds.length > 0 ? lockInventory(trx, request.eventIds) : [],
    lockProducts(trx, [...new Set(commands.flatMap(getProductIds))]),
    lockOrdersOfBookings(trx, request.bookingIds),
    lockStoreOrders(trx, listOrderIds(commands)),
    lockTicketsOfBookings(trx, request.cancelledIds),
    readInventoryState(trx, request, rules),
    readStoreState(trx, commands, isRetry),
  ]);
  addStoreState(state, store);
  return decideAndWrite(trx, { commands, locked, isRetry }, state);
}
