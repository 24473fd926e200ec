import { renderTickets, type TicketPage } from '#src/integrations/pdf/index';

const page: TicketPage = {
  title: 'An evening like no other',
  facts: [
    ['Time', 'Thursday, January 31, 2030 at 8:00 PM'],
    ['Venue', 'The hall at the river, 1 River Road'],
    ['Ticket', 'General admission'],
    ['Booking', '34679CDFGH'],
  ],
  code: 'A'.repeat(143),
  footer: 'Ticket 123456',
};
const DOCUMENTS = 100;

/** Measures the processor time of a ticket that is the only page of its document, in milliseconds. */
export async function ticketPage(): Promise<number> {
  const render = (): Promise<Buffer> => renderTickets({ language: 'en', pages: [page] });
  for (let count = 0; count < DOCUMENTS / 5; count += 1) await render();
  const before = process.cpuUsage();
  for (let count = 0; count < DOCUMENTS; count += 1) await render();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / DOCUMENTS;
}
