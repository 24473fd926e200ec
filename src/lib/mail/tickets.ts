import { eventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { TicketNews } from './news';
import { seatLabel } from '../seat-label';

// Of one who needs no account here, neither language nor time zone are known.
const READER = { locale: 'en', timezone: 'UTC' };

export function ticketTransferred({ event, ticketTypeName, seat, reference }: TicketNews, links: Links): Content {
  return {
    title: `Your ticket for ${event.title}`,
    paragraphs: [
      'Somebody who had booked it has passed this ticket on to you. It is attached: show its code at the door. It admits one person, once, so keep it to yourself.',
    ],
    facts: [
      ...eventFacts(event, READER),
      ['Ticket', ticketTypeName],
      ...(seat ? ([['Seat', seatLabel(seat)]] satisfies Content['facts']) : []),
      ['Booking reference', reference],
    ],
    action: { label: 'Show the event', url: links.event(event.id) },
  };
}
