import type { HeldRow, NeededRows } from '../../models/inventory/lock-rows';
import type { Command } from './rules/commands';

const listEventIds = (commands: Command[]): number[] => [...new Set(commands.map(({ eventId }) => eventId))];

/** The rows beside the inventory of their events that these commands need. */
export function getNeededRows(commands: Command[]): NeededRows {
  const making = commands.filter((command) => command.kind === 'book' || command.kind === 'join');
  const needed: NeededRows = {
    eventIds: listEventIds(making),
    userIds: [...new Set(making.map(({ actor }) => actor.userId))],
    pairs: making.map(({ actor, eventId }) => ({ userId: actor.userId, eventId })),
    bookingIds: [],
    paymentIds: [],
    entryIds: [],
    seatIds: [],
    codes: [],
    commandEventIds: listEventIds(commands),
    lineEventIds: listEventIds(commands.filter(({ kind }) => kind !== 'book')),
  };
  for (const command of commands) {
    if ('bookingId' in command) needed.bookingIds.push(command.bookingId);
    if (command.kind === 'confirm') needed.paymentIds.push(command.paymentId);
    if (command.kind === 'confirm' || command.kind === 'leave')
      needed.pairs.push({ userId: command.userId, eventId: command.eventId });
    if (command.kind === 'expireOffer') needed.entryIds.push(command.waitlistEntryId);
    if (command.kind !== 'book') continue;
    needed.seatIds.push(...(command.seatIds ?? []));
    if (command.discountCode !== undefined)
      needed.codes.push({ eventId: command.eventId, code: command.discountCode.toLowerCase() });
  }
  return needed;
}

/** Names a row that commands may have to wait for. */
export type RowKey = `${HeldRow['kind'] | 'inventory'} ${string}`;

/** The ticket types that a command names; undefined: it may have to do with any type of its event. */
function listTicketTypeIds(command: Command): number[] | undefined {
  if (command.kind === 'book' && typeof command.wanted !== 'number')
    return command.wanted.map(({ ticketTypeId }) => ticketTypeId);
  return command.kind === 'join' && command.ticketTypeId !== null ? [command.ticketTypeId] : undefined;
}

function makeKeys(command: Command): RowKey[] {
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
  if (command.kind !== 'book') return [...keys, `line ${eventId}`];
  for (const id of command.seatIds ?? []) keys.push(`seat ${id}`);
  if (command.discountCode !== undefined) keys.push(`code ${eventId} ${command.discountCode.toLowerCase()}`);
  return keys;
}

const rowKeysByCommand = new WeakMap<Command, RowKey[]>();

/** The rows that a command needs, kept because a deferred command is asked again and again. */
export function listRowKeys(command: Command): RowKey[] {
  const known = rowKeysByCommand.get(command);
  if (known) return known;
  const keys = makeKeys(command);
  rowKeysByCommand.set(command, keys);
  return keys;
}

/** The names that commands have for a row. */
export function toRowKeys({ kind, id, eventId, code }: HeldRow): RowKey[] {
  if (kind === 'type' || kind === 'stock') return [`${kind} ${id}`, `${kind} of ${eventId}`];
  if (kind === 'pair') return [`pair ${id} ${eventId}`];
  if (kind === 'code') return [`code ${eventId} ${code}`];
  return [`${kind} ${id}`];
}
