import { getPreparedName, type Db, type Trx } from '../database';
import type { Column } from '../database.query';
import { toColumns } from './columns';

/** The writable fields, named as in the API. The capacity of a type is part of the inventory. */
export interface TicketTypeValues {
  name: string;
  description: string;
  price: string;
  salesStart: Date | null;
  salesEnd: Date | null;
  minPerBooking: number;
  maxPerBooking: number | null;
  isDefault: boolean;
}

export interface TicketTypeRow extends TicketTypeValues {
  id: number;
  eventId: number;
  /** Null for as many as the event has. */
  capacity: number | null;
  sold: number;
  held: number;
}

const COLUMNS = {
  name: 'name',
  description: 'description',
  price: 'price',
  salesStart: 'sales_start_at',
  salesEnd: 'sales_end_at',
  minPerBooking: 'min_per_booking',
  maxPerBooking: 'max_per_booking',
  isDefault: 'is_default',
} as const satisfies Record<keyof TicketTypeValues, Column<'ticket_types'>>;

const written = Object.entries(COLUMNS).map(([name, column]) => `t.${column} AS "${name}"`);

const LIST = `SELECT t.id, t.event_id AS "eventId", ${written.join(', ')}, i.capacity, i.sold, i.held
  FROM ticket_types t JOIN ticket_type_inventory i ON i.ticket_type_id = t.id
  WHERE t.event_id = ? AND t.deleted_at IS NULL ORDER BY t.id`;

/** Lists all ticket types of an event, of which there are at most 100. */
export async function listTicketTypes(db: Db, eventId: number): Promise<TicketTypeRow[]> {
  const { rows } = await db
    .raw<{ rows: TicketTypeRow[] }>(LIST, [eventId])
    .options(getPreparedName('ticket-types-list'));
  return rows;
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
