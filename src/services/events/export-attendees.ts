import type { Readable } from 'node:stream';
import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { renderCsv, type CsvColumn } from '../../lib/csv';
import { formatSeatLabel } from '../../lib/seats/seat-label';
import { getManagedEvent } from './event-access';
import { iterateAttendees, listAttendeePage, type Attendee, type AttendeeFilter } from '../tickets/list-attendees';

export type ExportAttendees = AttendeeFilter;

export interface ListAttendees extends AttendeeFilter {
  page: number;
  limit: number;
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function listAttendees(actor: Actor, { page, limit, ...filter }: ListAttendees) {
  await getManagedEvent(database, actor, filter.eventId);
  return listAttendeePage(filter, { page, limit });
}

type AttendeeCsvRow = Omit<Attendee, 'seat'> & { seat: string };

const COLUMNS: CsvColumn<AttendeeCsvRow>[] = [
  { key: 'reference', header: 'Reference' },
  { key: 'name', header: 'Name' },
  { key: 'email', header: 'Email' },
  { key: 'ticketTypeName', header: 'Ticket type' },
  { key: 'seat', header: 'Seat' },
  { key: 'price', header: 'Price', currency: 'currency' },
  { key: 'currency', header: 'Currency' },
  { key: 'status', header: 'Status' },
  { key: 'checkedInAt', header: 'Checked in at' },
  { key: 'bookedAt', header: 'Booked at' },
  { key: 'orderId', header: 'Order' },
  { key: 'ticketId', header: 'Ticket' },
];

async function* iterateCsvRows(filter: ExportAttendees): AsyncGenerator<AttendeeCsvRow> {
  for await (const attendee of iterateAttendees(filter))
    yield { ...attendee, seat: attendee.seat ? formatSeatLabel(attendee.seat) : '' };
}

/** Streams all attendees as CSV. @throws AppError NOT_FOUND, FORBIDDEN */
export async function exportAttendees(actor: Actor, filter: ExportAttendees): Promise<Readable> {
  await getManagedEvent(database, actor, filter.eventId);
  return renderCsv(COLUMNS, iterateCsvRows(filter));
}
