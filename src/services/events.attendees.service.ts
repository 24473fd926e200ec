import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { database } from '../database';
import type { Actor } from '../lib/actor';
import type { BookingStatus } from '../models/inventory.types';
import { eachAttendee, pageAttendees, type Attendee } from './bookings.reports.service';
import { getManagedEvent } from './events.access.service';

export interface ExportAttendees {
  eventId: number;
  status: BookingStatus;
}

export interface ListAttendees extends ExportAttendees {
  page: number;
  limit: number;
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function listAttendees(actor: Actor, query: ListAttendees) {
  await getManagedEvent(database, actor, query.eventId);
  return pageAttendees(query);
}

const COLUMNS: { key: keyof Attendee | 'attendees'; header: string }[] = [
  { key: 'reference', header: 'Reference' },
  { key: 'name', header: 'Name' },
  { key: 'email', header: 'Email' },
  { key: 'ticketsCount', header: 'Tickets' },
  { key: 'status', header: 'Status' },
  { key: 'bookedAt', header: 'Booked at' },
  { key: 'checkedIn', header: 'Checked in' },
  { key: 'attendees', header: 'Attendees' },
];

/** With the names on the tickets, as far as there are any. */
async function* eachLine(query: ExportAttendees): AsyncGenerator<Omit<Attendee, 'tickets'> & { attendees: string }> {
  for await (const { tickets, ...attendee } of eachAttendee(query)) {
    const names = tickets.flatMap(({ attendeeName }) => attendeeName ?? []);
    yield { ...attendee, attendees: names.join('; ') };
  }
}

/** The whole list as CSV, written while it is read. @throws AppError NOT_FOUND, FORBIDDEN */
export async function exportAttendees(actor: Actor, query: ExportAttendees): Promise<Readable> {
  await getManagedEvent(database, actor, query.eventId);
  const csv = stringify({
    header: true,
    columns: COLUMNS,
    // A spreadsheet would run a cell that starts with = + - @, tab or CR.
    escape_formulas: true,
    cast: { date: (value) => value.toISOString() },
  });
  // A failure of the source destroys `csv`, and with it the answer.
  return pipeline(Readable.from(eachLine(query)), csv, () => undefined);
}
