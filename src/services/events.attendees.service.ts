import type { Readable } from 'node:stream';
import { database } from '../database';
import type { Actor } from '../lib/actor';
import { csvOf, type CsvColumn } from '../lib/csv';
import { seatLabels } from '../lib/seat-label';
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

type Line = Omit<Attendee, 'tickets'> & { attendees: string; seats: string };

const COLUMNS: CsvColumn<Line>[] = [
  { key: 'reference', header: 'Reference' },
  { key: 'name', header: 'Name' },
  { key: 'email', header: 'Email' },
  { key: 'ticketsCount', header: 'Tickets' },
  { key: 'status', header: 'Status' },
  { key: 'bookedAt', header: 'Booked at' },
  { key: 'checkedIn', header: 'Checked in' },
  { key: 'attendees', header: 'Attendees' },
  { key: 'seats', header: 'Seats' },
];

/** With the names and seats on the tickets, as far as there are any. */
async function* eachLine(query: ExportAttendees): AsyncGenerator<Line> {
  for await (const { tickets, ...attendee } of eachAttendee(query)) {
    const names = tickets.flatMap(({ attendeeName }) => attendeeName ?? []);
    yield { ...attendee, attendees: names.join('; '), seats: seatLabels(tickets.flatMap(({ seat }) => seat ?? [])) };
  }
}

/** The whole list as CSV, written while it is read. @throws AppError NOT_FOUND, FORBIDDEN */
export async function exportAttendees(actor: Actor, query: ExportAttendees): Promise<Readable> {
  await getManagedEvent(database, actor, query.eventId);
  return csvOf(COLUMNS, eachLine(query));
}
