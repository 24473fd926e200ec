import { config } from '../../config';
import { database, type Db, type Trx } from '../../database';
import { createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { toPage } from '../../lib/paging';
import {
  insertTicketTypes,
  listTicketTypes as listRows,
  updateDefaultPrice,
  type NewTicketType,
  type TicketTypeRow,
  type TicketTypeValues,
} from '../../models/ticket-types.model';
import { getVisibleEvent } from '../events/event-access';
import { presentTicketType } from '../events/present-event';
import { assertAmount } from '../events/event-prices';

export const MAX_TICKET_TYPES = 100;

/** A ticket type as described by a client; its price defaults to the event's. */
export interface TicketTypeInput extends Omit<TicketTypeValues, 'price' | 'isDefault'> {
  price?: string;
  /** Null means as many as the event has. */
  quantity: number | null;
}

export type TicketType = ReturnType<typeof presentTicketType>;

interface PriceBase {
  basePrice: string;
  currency: string;
}

/** The fields of an event that limit how its tickets can be sold. */
export interface SaleLimits {
  /** Null: unlimited. */
  capacity: number | null;
  maxPerUser: number | null;
  startDate: Date;
}

interface TypeLimits extends Pick<TicketTypeValues, 'salesStart' | 'salesEnd' | 'minPerBooking' | 'maxPerBooking'> {
  quantity: number | null;
}

/** Returns whether a sale that ends when the event starts would not start before that. */
export function opensAfterStart(
  { salesStart, salesEnd }: Pick<TicketTypeValues, 'salesStart' | 'salesEnd'>,
  startDate: Date,
): boolean {
  return salesStart !== null && salesEnd === null && salesStart >= startDate;
}

/** Asserts that the limits together allow tickets to be bought. @throws AppError VALIDATION_ERROR */
export function assertLimits(
  { salesStart, salesEnd, minPerBooking, maxPerBooking, quantity }: TypeLimits,
  { capacity, maxPerUser, startDate }: SaleLimits,
  path = '',
): void {
  if (salesStart && salesEnd && salesEnd <= salesStart)
    throw createValidationError(`${path}salesEnd`, 'must be later than salesStart');
  if (opensAfterStart({ salesStart, salesEnd }, startDate))
    throw createValidationError(
      `${path}salesStart`,
      'must be earlier than the start of the event, when the sale ends by default',
    );
  if (maxPerBooking !== null && maxPerBooking < minPerBooking)
    throw createValidationError(`${path}maxPerBooking`, 'must not be less than minPerBooking');
  const limits: [number | null, string][] = [
    [quantity, 'quantity'],
    [capacity, 'totalTickets of the event'],
    [maxPerUser, 'maxPerUser of the event'],
    [config.maxTicketsPerUser, `the ${config.maxTicketsPerUser} tickets that a booking may have`],
  ];
  for (const [limit, name] of limits)
    // A limit of 0 is allowed, because it may be raised later.
    if (limit !== null && limit > 0 && minPerBooking > limit)
      throw createValidationError(`${path}minPerBooking`, `must not be more than ${name}`);
}

/** Read: returns all ticket types of an event. */
export async function listTypesOfEvent(db: Db, eventId: number): Promise<TicketTypeRow[]> {
  return listRows(db, eventId);
}

/** Returns a ticket type as it is stored. @throws AppError VALIDATION_ERROR */
export function toNewTicketType(
  { quantity, price, ...input }: TicketTypeInput,
  { basePrice, currency, ...limits }: PriceBase & SaleLimits,
  path = '',
): NewTicketType {
  assertAmount(`${path}price`, price ?? basePrice, currency);
  assertLimits({ ...input, quantity }, limits, path);
  return { values: { ...input, price: price ?? basePrice, isDefault: false }, capacity: quantity };
}

/** Returns the default type of an event created without types. It follows the event's price and capacity. */
function createDefaultTicketType(price: string): NewTicketType {
  const values = {
    name: 'General admission',
    description: '',
    price,
    salesStart: null,
    salesEnd: null,
    minPerBooking: 1,
    maxPerBooking: null,
    isDefault: true,
  };
  return { values, capacity: null };
}

/** Step: inserts the ticket types of a new event. @throws AppError VALIDATION_ERROR */
export async function insertOfferedTypes(
  trx: Trx,
  eventId: number,
  { types, ...base }: PriceBase & SaleLimits & { types: TicketTypeInput[] },
): Promise<void> {
  const rows = types.map((type, index) => toNewTicketType(type, base, `ticketTypes.${index}.`));
  await insertTicketTypes(trx, eventId, rows.length > 0 ? rows : [createDefaultTicketType(base.basePrice)]);
}

/** Step: updates the price of the default type, if the event still has one. */
export async function repriceDefaultType(trx: Trx, eventId: number, price: string): Promise<void> {
  await updateDefaultPrice(trx, eventId, price);
}

/** @throws AppError NOT_FOUND, also for drafts of others */
export async function listTicketTypes(
  actor: Actor | undefined,
  { eventId, page, limit }: { eventId: number; page: number; limit: number },
) {
  const event = await getVisibleEvent(database, actor, eventId);
  const types = await listRows(database, eventId);
  const shown = types.slice((page - 1) * limit, page * limit).map((type) => presentTicketType(type, event));
  return toPage(shown, { page, limit }, { total: types.length });
}
