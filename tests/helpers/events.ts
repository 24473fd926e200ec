import { as } from './client';
import type { TestUser } from './accounts';

export interface TestTicketType {
  id: number;
  name: string;
  price: string;
  quantity: number | null;
  quantityAvailable: number | null;
}

export interface TestEvent {
  id: number;
  title: string;
  status: string;
  startDate: string;
  totalTickets: number | null;
  availableTickets: number | null;
  ticketTypes: TestTicketType[];
}

export const HOUR_MS = 3_600_000;

/** Returns the time in `hours` hours, as a client writes it. */
export function inHours(hours: number): string {
  return new Date(Date.now() + hours * HOUR_MS).toISOString();
}

/** Creates an event of this organizer, by default a free one in a month. */
export async function makeEvent(organizer: TestUser, fields: Record<string, unknown> = {}): Promise<TestEvent> {
  const { body } = (await as(organizer)
    .post('/api/events')
    .send({ title: 'Jazz on the Quay', startDate: inHours(720), ...fields })
    .expect(201)) as { body: { data: TestEvent } };
  return body.data;
}
