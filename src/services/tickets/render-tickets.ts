import { database } from '../../database';
import { AppError } from '../../errors';
import { renderTickets, type TicketPage } from '../../integrations/pdf';
import type { Actor } from '../../lib/actor';
import { groupBy } from '../../lib/chunks';
import { createLoader } from '../../lib/loader';
import { getDocumentTexts } from '../notifications/mail/texts/documents';
import { removeLinks } from '../../lib/text/names';
import { getTexts } from '../notifications/mail/texts';
import { describeTime } from '../notifications/mail/when';
import { formatSeatLabel } from '../../lib/seats/seat-label';
import { findTicket, listTicketsOfBookers, type TicketRow } from '../../models/tickets/tickets';
import { getOwnBookingRow } from '../bookings/get-bookings';
import { findPrintedLogo } from '../users/printed-logo';
import { getHeldTicket } from './held-tickets';
import { createTicketCode } from './ticket-codes';
import { findLocale } from '../users/accounts';

/** Lists the valid tickets that the customer of a booking holds, in the order of the booking. */
const listTicketsOfBooker = createLoader(async (bookingIds: readonly number[]) => {
  const tickets = groupBy(await listTicketsOfBookers(database, bookingIds), ({ bookingId }) => bookingId);
  return bookingIds.map((id) => tickets.get(id) ?? []);
});

interface TicketedEvent {
  id: number;
  title: string;
  startsAt: number;
  timezone: string;
  venueName: string | null;
  venueAddress: string | null;
}

interface Numbered {
  number: number;
  of: number;
}

/** Returns a page for a ticket. A single ticket is not numbered. */
async function toTicketPage(
  event: TicketedEvent,
  ticket: TicketRow,
  { locale, numbered }: { locale: string; numbered?: Numbered },
): Promise<TicketPage> {
  const { ticketTypeName: name, seat, attendeeName, reference } = ticket;
  const { ticket: texts } = getDocumentTexts(locale);
  const facts: TicketPage['facts'] = [
    // Reader's time zone UTC means only the local time of the event is shown, which is all that counts at the entrance.
    [texts.time, describeTime(event.startsAt, event.timezone, { locale, timezone: 'UTC' })],
    [texts.venue, [event.venueName, event.venueAddress].filter(Boolean).join(', ')],
    [texts.ticket, numbered ? texts.numbered(name, numbered.number, numbered.of) : name],
    [texts.seat, seat ? formatSeatLabel(seat, getTexts(locale).seatWords) : ''],
    [texts.attendee, attendeeName ?? ''],
    [texts.reference, reference],
  ];
  return {
    title: event.title,
    facts: facts.filter(([, value]) => value !== ''),
    code: await createTicketCode(ticket),
    footer: texts.footer(ticket.id),
  };
}

interface Style {
  /** The language of the texts. */
  locale: string;
  /** Leaves out links and the organizer's logo, for recipients who have not asked for mail. */
  isPlain?: boolean;
}

function toPlainPage({ title, facts, ...page }: TicketPage): TicketPage {
  return { ...page, title: removeLinks(title), facts: facts.map(([name, value]) => [name, removeLinks(value)]) };
}

async function renderPdf(event: TicketedEvent, tickets: TicketRow[], { locale, isPlain }: Style): Promise<Buffer> {
  const of = tickets.length;
  const pages = await Promise.all(
    tickets.map((ticket, index) =>
      toTicketPage(event, ticket, { locale, numbered: of > 1 ? { number: index + 1, of } : undefined }),
    ),
  );
  const logo = isPlain ? undefined : await findPrintedLogo(event.id);
  return renderTickets({
    language: getDocumentTexts(locale).language,
    pages: isPlain ? pages.map(toPlainPage) : pages,
    logo,
  });
}

interface MailedTickets extends Style {
  id: number;
}

/** Returns a PDF of the tickets of a booking that the customer still holds; undefined if there are none. */
export async function renderTicketsOfCustomer(
  event: TicketedEvent,
  { id: bookingId, ...style }: MailedTickets,
): Promise<Buffer | undefined> {
  const tickets = await listTicketsOfBooker(bookingId);
  return tickets.length === 0 ? undefined : renderPdf(event, tickets, style);
}

/** Returns a PDF of a ticket and the other tickets of the same attendee in the booking. */
export async function renderTicketsOfAttendee(
  event: TicketedEvent,
  { id: ticketId, ...style }: MailedTickets,
): Promise<Buffer> {
  const ticket = await findTicket(database, ticketId);
  if (!ticket) throw new AppError('NOT_FOUND', 'Ticket not found.');
  if (ticket.transfers > 0) return renderPdf(event, [ticket], style);
  const tickets = (await listTicketsOfBooker(ticket.bookingId)).filter(
    ({ transfers, attendeeEmail }) =>
      transfers === 0 && attendeeEmail?.toLowerCase() === ticket.attendeeEmail?.toLowerCase(),
  );
  return renderPdf(event, tickets, style);
}

const getLocale = async ({ userId }: Actor): Promise<string> => (await findLocale(userId)) ?? 'en';

/** Returns a PDF of a ticket that the caller holds. @throws AppError NOT_FOUND, also if it is void */
export async function getTicketPdf(actor: Actor, ticketId: number): Promise<Buffer> {
  const ticket = await getHeldTicket(actor, ticketId);
  if (ticket.status === 'void') throw new AppError('NOT_FOUND', 'This ticket is void.');
  return renderPdf(ticket.event, [ticket], { locale: await getLocale(actor) });
}

/** Returns a PDF of the valid tickets of the caller's booking that were not transferred. @throws AppError NOT_FOUND, also if there are none */
export async function getTicketsPdf(actor: Actor, bookingId: number): Promise<Buffer> {
  const { event } = await getOwnBookingRow(actor, bookingId);
  const tickets = await listTicketsOfBooker(bookingId);
  if (tickets.length === 0) throw new AppError('NOT_FOUND', 'You hold no valid tickets of this booking.');
  return renderPdf(event, tickets, { locale: await getLocale(actor) });
}
