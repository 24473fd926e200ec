import { database } from '../database';
import { ticketTransferred } from '../lib/mail/tickets';
import { findTicketNews } from '../models/notifications.news.model';
import { calendarOf, links, sendMail, type Sent } from './notifications.tell.service';
import type { LeasedMessage } from './outbox.handle.service';
import { isVerifiedAddress } from './strangers.service';
import { drawTicket } from './tickets.pdf.service';

/** To whom it was passed on, who may have no account here: unless it went on from there meanwhile, or is void. */
export async function mailTicketTransferred(message: LeasedMessage<'ticket.transferred'>): Promise<Sent> {
  const { ticketId, transfer } = message.payload;
  const news = await findTicketNews(database, ticketId);
  if (news?.status !== 'valid' || news.transfers !== transfer || !news.attendeeEmail) return undefined;
  const email = news.attendeeEmail;
  return sendMail(message, {
    recipient: { email, firstName: news.attendeeName, isVerified: await isVerifiedAddress(database, email) },
    content: ticketTransferred(news, links),
    calendar: calendarOf(news.event, { kind: 'ticket', id: ticketId, transfers: transfer }),
    files: [
      { filename: 'ticket.pdf', content: await drawTicket(news.event, ticketId), contentType: 'application/pdf' },
    ],
  });
}
