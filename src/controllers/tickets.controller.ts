import type { Download, RouteRequest } from '../http/route';
import { getBookingCalendar } from '../services/bookings/get-booking-calendar';
import { checkIn, getCheckInList, undoCheckIn, type ListCheckIns, type Scan } from '../services/tickets/check-in';
import { checkInScans, type CheckInScans } from '../services/tickets/check-in-scans';
import { listPublicKeys } from '../services/tickets/signing-keys';
import { getTicketCalendar, listTickets, type ListTickets } from '../services/tickets/held-tickets';
import { getTicketPdf, getTicketsPdf } from '../services/tickets/render-tickets';
import { transferTicket, type TransferTicket } from '../services/tickets/transfer-ticket';

interface Id {
  id: number;
}

export async function pdf({ actor, params }: RouteRequest<'user', Id>): Promise<Download> {
  return {
    content: await getTicketsPdf(actor, params.id),
    contentType: 'application/pdf',
    filename: `tickets-${params.id}.pdf`,
  };
}

export async function calendar({ actor, params }: RouteRequest<'user', Id>): Promise<Download> {
  return {
    content: await getBookingCalendar(actor, params.id),
    contentType: 'text/calendar; charset=utf-8',
    filename: `booking-${params.id}.ics`,
  };
}

export function list({ actor, query }: RouteRequest<'user', unknown, ListTickets>) {
  return listTickets(actor, query);
}

export async function ticketPdf({ actor, params }: RouteRequest<'user', Id>): Promise<Download> {
  return {
    content: await getTicketPdf(actor, params.id),
    contentType: 'application/pdf',
    filename: `ticket-${params.id}.pdf`,
  };
}

export async function ticketCalendar({ actor, params }: RouteRequest<'user', Id>): Promise<Download> {
  return {
    content: await getTicketCalendar(actor, params.id),
    contentType: 'text/calendar; charset=utf-8',
    filename: `ticket-${params.id}.ics`,
  };
}

type TransferRequest = RouteRequest<'user', Id & { ticketId: number }, unknown, Pick<TransferTicket, 'name' | 'email'>>;

export function transfer({ actor, params, body }: TransferRequest) {
  return transferTicket(actor, { bookingId: params.id, ticketId: params.ticketId, ...body });
}

type TransferHeldRequest = RouteRequest<'user', Id, unknown, Pick<TransferTicket, 'name' | 'email'>>;

export function transferHeld({ actor, params, body }: TransferHeldRequest) {
  return transferTicket(actor, { ticketId: params.id, ...body });
}

type CheckInRequest = RouteRequest<'organizer', Id, unknown, Omit<Scan, 'eventId'>>;

export function checkInTicket({ actor, params, body }: CheckInRequest) {
  return checkIn(actor, { eventId: params.id, ...body });
}

type CheckInScansRequest = RouteRequest<'organizer', Id, unknown, Omit<CheckInScans, 'eventId'>>;

export function checkInAllScans({ actor, params, body }: CheckInScansRequest) {
  return checkInScans(actor, { eventId: params.id, ...body });
}

export function undoTicketCheckIn({ actor, params, body }: CheckInRequest) {
  return undoCheckIn(actor, { eventId: params.id, ...body });
}

export function listCheckIns({ actor, params, query }: RouteRequest<'organizer', Id, Omit<ListCheckIns, 'eventId'>>) {
  return getCheckInList(actor, { ...query, eventId: params.id });
}

export function keys() {
  return listPublicKeys();
}
