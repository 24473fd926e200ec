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
    summary: 'Show a booking by the link in its mail',
    description: 'For the page that mail leads to. Works signed out, and shows what the booker would see.',
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
    summary: 'Download tickets by the link in the mail of a booking',
    description: 'Those that the booker holds. Works signed out.',
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
    summary: 'Download the calendar entry by the link in the mail of a booking',
    description: 'Works signed out.',
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
    summary: 'Download the invoice by the link in the mail of a booking',
    description: 'Works signed out.',
    access: 'public',
    params: bookingLinkParams,
    status: 200,
    stream: 'application/pdf',
    errors: ['NOT_FOUND'],
    handler: bookingLinks.invoice,
  }),
];
