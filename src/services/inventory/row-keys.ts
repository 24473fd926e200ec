import type { HeldRow, NeededRows } from '../../models/inventory/lock-rows';
import { getEventIds, getInventoryKeys, type Command, type StoreCommand } from './rules/commands';

const listEventIds = (commands: Command[]): number[] => [...new Set(commands.flatMap(getEventIds))];

/** Returns the rows that these commands need besides the inventory of their events. */
export function getNeededRows(commands: Command[]): NeededRows {
  const creating = commands.filter(
    (command) => command.kind === 'book' || command.kind === 'join' || command.kind === 'checkout',
  );
  const needed: NeededRows = {
    eventIds: listEventIds(creating),
    userIds: [...new Set(creating.map(({ actor }) => actor.userId))],
    pairs: creating.flatMap((command) =>
      getEventIds(command).map((eventId) => ({ userId: command.actor.userId, eventId })),
    ),
    bookingIds: [],
    orderIds: [],
    cartIds: [],
    paymentIds: [],
    waitlistEntryIds: [],
    seatIds: [],
    codes: [],
    commandEventIds: listEventIds(commands),
    waitlistEventIds: listEventIds(commands.filter(({ kind }) => kind !== 'book')),
  };
  for (const command of commands) {
    if ('bookingIds' in command) needed.bookingIds.push(...command.bookingIds);
    else if ('bookingId' in command) needed.bookingIds.push(command.bookingId);
    if ('orderId' in command) needed.orderIds.push(command.orderId);
    if (command.kind === 'checkout' && command.cart) needed.cartIds.push(command.cart.id);
    if (command.kind === 'confirmOrder') {
      if (command.paymentId !== null) needed.paymentIds.push(command.paymentId);
      needed.pairs.push(...command.eventIds.map((eventId) => ({ userId: command.userId, eventId })));
    }
    if (command.kind === 'confirm' && command.paymentId !== null) needed.paymentIds.push(command.paymentId);
    if (command.kind === 'confirm' || command.kind === 'leave')
      needed.pairs.push({ userId: command.userId, eventId: command.eventId });
    if (command.kind === 'expireOffer') needed.waitlistEntryIds.push(command.waitlistEntryId);
    if (command.kind !== 'book') continue;
    needed.seatIds.push(...(command.seatIds ?? []));
    if (command.discountCode !== undefined)
      needed.codes.push({ eventId: command.eventId, code: command.discountCode.toLowerCase() });
  }
  return needed;
}

/** Identifies a row that commands may have to wait for. */
export type RowKey = `${HeldRow['kind'] | 'inventory'} ${string}`;

/** Returns the ticket types that a command names; undefined if it may affect any type of its event. */
function listTicketTypeIds(command: Command): number[] | undefined {
  if (command.kind === 'book' && typeof command.wanted !== 'number')
    return command.wanted.map(({ ticketTypeId }) => ticketTypeId);
  return command.kind === 'join' && command.ticketTypeId !== null ? [command.ticketTypeId] : undefined;
}

/** Returns the keys of the rows that a command on several events and products needs. */
function makeStoreKeys(command: StoreCommand): RowKey[] {
  const userId = command.kind === 'checkout' ? command.actor.userId : command.userId;
  const keys: RowKey[] = [`user ${userId}`, ...getInventoryKeys(command).map((key): RowKey => `inventory ${key}`)];
  for (const eventId of command.eventIds)
    keys.push(`type of ${eventId}`, `stock of ${eventId}`, `event ${eventId}`, `pair ${userId} ${eventId}`);
  if (command.kind === 'checkout') {
    if (command.cart) keys.push(`cart ${command.cart.id}`);
    for (const { seatIds } of command.cart?.lines ?? []) for (const id of seatIds ?? []) keys.push(`seat ${id}`);
    return keys;
  }
  keys.push(`order ${command.orderId}`);
  for (const id of command.bookingIds) keys.push(`booking ${id}`);
  if (command.kind === 'confirmOrder') keys.push(`payment ${command.paymentId}`);
  for (const eventId of command.eventIds) keys.push(`waitlist ${eventId}`);
  return keys;
}

function makeKeys(command: Command): RowKey[] {
  if (!('eventId' in command)) return makeStoreKeys(command);
  const { eventId } = command;
  const types = listTicketTypeIds(command);
  const keys: RowKey[] = types
    ? types.flatMap((id): RowKey[] => [`type ${id}`, `stock ${id}`])
    : [`type of ${eventId}`, `stock of ${eventId}`];
  keys.push(`inventory ${eventId}`);
  if (command.kind === 'book' || command.kind === 'join')
    keys.push(`event ${eventId}`, `user ${command.actor.userId}`, `pair ${command.actor.userId} ${eventId}`);
  if (command.kind === 'confirm' || command.kind === 'leave') keys.push(`pair ${command.userId} ${eventId}`);
  if (command.kind === 'confirm') keys.push(`payment ${command.paymentId}`);
  if (command.kind === 'expireOffer') keys.push(`entry ${command.waitlistEntryId}`);
  if ('bookingId' in command) keys.push(`booking ${command.bookingId}`);
  if (command.kind !== 'book') return [...keys, `waitlist ${eventId}`];
  for (const id of command.seatIds ?? []) keys.push(`seat ${id}`);
  if (command.discountCode !== undefined) keys.push(`code ${eventId} ${command.discountCode.toLowerCase()}`);
  return keys;
}

const rowKeysByCommand = new WeakMap<Command, RowKey[]>();

/** Returns the keys of the rows that a command needs. Cached, because deferred commands are checked repeatedly. */
export function listRowKeys(command: Command): RowKey[] {
  const known = rowKeysByCommand.get(command);
  if (known) return known;
  const keys = makeKeys(command);
  rowKeysByCommand.set(command, keys);
  return keys;
}

/** Returns the keys by which commands refer to a row. */
export function toRowKeys({ kind, id, eventId, code }: HeldRow): RowKey[] {
  if (kind === 'type' || kind === 'stock') return [`${kind} ${id}`, `${kind} of ${eventId}`];
  if (kind === 'pair') return [`pair ${id} ${eventId}`];
  if (kind === 'code') return [`code ${eventId} ${code}`];
  return [`${kind} ${id}`];
}
