import { database } from '../database';
import { AppError } from '../errors';
import { renderTickets, type TicketPage } from '../integrations/pdf';
import type { Actor } from '../lib/actor';
import { describeTime } from '../lib/mail/when';
import { seatLabel } from '../lib/seat-label';
import { findTicket, listTicketsOfBooker, type TicketRow } from '../models/tickets.model';
import { getOwnBookingRow } from './bookings.service';
import { getHeldTicket } from './tickets.held.service';
import { codeOf } from './tickets.codes.service';

interface TicketedEvent {
  title: string;
  startsAt: number;
  timezone: string;
  venueName: string | null;
  venueAddress: string | null;
}

// Whoever holds it may be somebody else than who booked: it is written in no one's language but the program's.
const READER = { locale: 'en', timezone: 'UTC' };

/** `number` is such as `2 of 3`; one that goes by itself has none. */
async function pageOf(event: TicketedEvent, ticket: TicketRow, number?: string): Promise<TicketPage> {
  const { ticketTypeName, seat, attendeeName, reference } = ticket;
  const facts: TicketPage['facts'] = [
    ['Time', describeTime(event.startsAt, event.timezone, READER)],
    ['Venue', [event.venueName, event.venueAddress].filter(Boolean).join(', ')],
    ['Ticket', number === undefined ? ticketTypeName : `${ticketTypeName} (${number})`],
    ['Seat', seat ? seatLabel(seat) : ''],
    ['Attendee', attendeeName ?? ''],
    ['Reference', reference],
  ];
  return {
    title: event.title,
    facts: facts.filter(([, value]) => value !== ''),
    code: await codeOf(ticket),
    footer: `Ticket ${ticket.id}. Admits one person, once: keep the code to yourself.`,
  };
}

function draw(event: TicketedEvent, tickets: TicketRow[]): Promise<Buffer> {
  const number = (index: number) => (tickets.length > 1 ? `${index + 1} of ${tickets.length}` : undefined);
  return Promise.all(tickets.map((ticket, index) => pageOf(event, ticket, number(index)))).then(renderTickets);
}

/** The tickets of a booking that its booker holds; undefined where there are none. */
export async function drawTicketsOfBooker(event: TicketedEvent, bookingId: number): Promise<Buffer | undefined> {
  const tickets = await listTicketsOfBooker(database, bookingId);
  return tickets.length === 0 ? undefined : draw(event, tickets);
}

/** A ticket, and those of the same booking that the same attendee has, about an event as its mail describes it. */
export async function drawTicketsOfAttendee(event: TicketedEvent, ticketId: number): Promise<Buffer> {
  const ticket = await findTicket(database, ticketId);
  if (!ticket) throw new AppError('NOT_FOUND', 'There is no such ticket.');
  if (ticket.transfers > 0) return draw(event, [ticket]);
  const own = (await listTicketsOfBooker(database, ticket.bookingId)).filter(
    ({ transfers, attendeeEmail }) =>
      transfers === 0 && attendeeEmail?.toLowerCase() === ticket.attendeeEmail?.toLowerCase(),
  );
  return draw(event, own);
}

/** One ticket that the caller holds. @throws AppError NOT_FOUND, also once it is void */
export async function getTicketPdf(actor: Actor, ticketId: number): Promise<Buffer> {
  const ticket = await getHeldTicket(actor, ticketId);
  if (ticket.status === 'void') throw new AppError('NOT_FOUND', 'This ticket is void.');
  return renderTickets([await pageOf(ticket.event, ticket)]);
}

/** The valid tickets of the caller's own booking that were not transferred, a page each. @throws AppError NOT_FOUND, also where it has none */
export async function getTicketsPdf(actor: Actor, bookingId: number): Promise<Buffer> {
  const { event } = await getOwnBookingRow(actor, bookingId);
  const tickets = await listTicketsOfBooker(database, bookingId);
  if (tickets.length === 0) throw new AppError('NOT_FOUND', 'This booking has no valid tickets that you hold.');
  const pages = tickets.map((ticket, index) => pageOf(event, ticket, `${index + 1} of ${tickets.length}`));
  return renderTickets(await Promise.all(pages));
}
