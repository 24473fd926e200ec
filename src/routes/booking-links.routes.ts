import * as bookingLinks from '../controllers/booking-links.controller';
import { route } from '../http/route';
import { booking } from '../schemas/bookings.schemas';
import { bookingLinkParams } from '../schemas/booking-links.schemas';

const tag = 'Bookings';

export const bookingLinksRoutes = [
  route({
    method: 'get',
    path: '/booking-links/:token',
    id: 'getLinkedBooking',
    tag,
    summary: 'Get a booking by its email link',
    description:
      'Serves the page that the email links to. You need not be signed in; the response shows what the booker would see.',
    access: 'public',
    params: bookingLinkParams,
    status: 200,
    response: booking,
    errors: ['NOT_FOUND'],
    handler: bookingLinks.get,
  }),
  route({
    method: 'get',
    path: '/booking-links/:token/tickets.pdf',
    id: 'getLinkedTickets',
    tag,
    summary: 'Download tickets by an email link',
    description: 'Contains the tickets that the booker holds. You need not be signed in.',
    access: 'public',
    params: bookingLinkParams,
    status: 200,
    stream: 'application/pdf',
    errors: ['NOT_FOUND'],
    handler: bookingLinks.tickets,
  }),
  route({
    method: 'get',
    path: '/booking-links/:token/calendar.ics',
    id: 'getLinkedCalendar',
    tag,
    summary: 'Download a calendar file by an email link',
    description: 'You need not be signed in.',
    access: 'public',
    params: bookingLinkParams,
    status: 200,
    stream: 'text/calendar',
    errors: ['NOT_FOUND'],
    handler: bookingLinks.calendar,
  }),
  route({
    method: 'get',
    path: '/booking-links/:token/invoice.pdf',
    id: 'getLinkedInvoice',
    tag,
    summary: 'Download an invoice by an email link',
    description: 'You need not be signed in.',
    access: 'public',
    params: bookingLinkParams,
    status: 200,
    stream: 'application/pdf',
    errors: ['NOT_FOUND'],
    handler: bookingLinks.invoice,
  }),
];
