import type { Db, Trx } from '../database';
import type { Column, Selected } from '../database/query';
import { toNumberArray } from '../lib/pg-array';
import { toColumns } from './columns';
import { bool, execute, int4, numeric, orNull, query, statement, text, timestamptz, type ResultOf } from './statement';

const COLUMNS = {
  name: 'name',
  description: 'description',
  price: 'price',
  salesStart: 'sales_start_at',
  salesEnd: 'sales_end_at',
  minPerBooking: 'min_per_booking',
  maxPerBooking: 'max_per_booking',
  isDefault: 'is_default',
} as const satisfies Record<string, Column<'ticket_types'>>;

/** The writable fields, named as in the API. The capacity of a type is part of the inventory. */
export type TicketTypeValues = Selected<'ticket_types', typeof COLUMNS>;

const LIST = statement({
  name: 'ticket-types-list',
  isPrepared: true,
  columns: {
    id: int4('t.id'),
    eventId: int4('t.event_id'),
    name: text('t.name'),
    description: text('t.description'),
    price: numeric('t.price'),
    salesStart: orNull(timestamptz('t.sales_start_at')),
    salesEnd: orNull(timestamptz('t.sales_end_at')),
    minPerBooking: int4('t.min_per_booking'),
    maxPerBooking: orNull(int4('t.max_per_booking')),
    isDefault: bool('t.is_default'),
    /** Null for as many as the event has. */
    capacity: orNull(int4('i.capacity')),
    sold: int4('i.sold'),
    held: int4('i.held'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM ticket_types t
  JOIN ticket_type_inventory i ON i.ticket_type_id = t.id
  WHERE t.event_id = :eventId AND t.deleted_at IS NULL
  ORDER BY t.position, t.id`,
});

export type TicketTypeRow = ResultOf<typeof LIST>;

/** Lists all ticket types of an event, of which there are at most 100. */
export async function listTicketTypes(db: Db, eventId: number): Promise<TicketTypeRow[]> {
  return query(db, LIST, { eventId });
}

export interface NewTicketType {
  values: TicketTypeValues;
  capacity: number | null;
}

export async function insertTicketTypes(trx: Trx, eventId: number, types: NewTicketType[]): Promise<number[]> {
  const rows = types.map(({ values }) => ({ ...toColumns(COLUMNS, values), event_id: eventId }));
  const inserted = await trx('ticket_types').insert(rows).returning('id');
  await trx('ticket_type_inventory').insert(
    inserted.map(({ id }, index) => ({ ticket_type_id: id, capacity: types[index]!.capacity })),
  );
  return inserted.map(({ id }) => id);
}

export async function updateTicketType(trx: Trx, id: number, values: Partial<TicketTypeValues>): Promise<void> {
  await trx('ticket_types')
    .where({ id })
    .update({ ...toColumns(COLUMNS, values), updated_at: trx.fn.now() });
}

const SORT = statement({
  name: 'ticket-types-sort',
  columns: {},
  sql: () => `
  UPDATE ticket_types t
  SET position = p.place - 1, updated_at = now()
  FROM unnest(:ids::int[]) WITH ORDINALITY AS p(id, place)
  WHERE t.id = p.id`,
});

/** Puts the types of an event in this order. */
export async function sortTicketTypes(trx: Trx, ids: number[]): Promise<void> {
  await execute(trx, SORT, { ids: toNumberArray(ids) });
}

/** Sets the price of the default type to that of the event. */
export async function updateDefaultPrice(trx: Trx, eventId: number, price: string): Promise<void> {
  await trx('ticket_types')
    .where({ event_id: eventId, is_default: true })
    .whereNull('deleted_at')
    .update({ price, updated_at: trx.fn.now() });
}

export async function deleteTicketType(trx: Trx, id: number): Promise<void> {
  await trx('ticket_types').where({ id }).update({ deleted_at: trx.fn.now(), updated_at: trx.fn.now() });
}
