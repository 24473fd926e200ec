import type { Download, RouteRequest } from '../http/route';
import {
  getLinkedBooking,
  getLinkedCalendar,
  getLinkedInvoice,
  getLinkedTickets,
} from '../services/booking-links/get-linked-booking';

type Request = RouteRequest<'public', { token: string }>;

export function get({ params }: Request) {
  return getLinkedBooking(params.token);
}

export async function tickets({ params }: Request): Promise<Download> {
  return { content: await getLinkedTickets(params.token), contentType: 'application/pdf', filename: 'tickets.pdf' };
}

export async function calendar({ params }: Request): Promise<Download> {
  return {
    content: await getLinkedCalendar(params.token),
    contentType: 'text/calendar; charset=utf-8',
    filename: 'booking.ics',
  };
}

export async function invoice({ params }: Request): Promise<Download> {
  const { content, orderNumber } = await getLinkedInvoice(params.token);
  return { content, contentType: 'application/pdf', filename: `invoice-${orderNumber}.pdf` };
}
