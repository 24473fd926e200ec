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

/** A time so many hours from now, as a client writes it. */
export function inHours(hours: number): string {
  return new Date(Date.now() + hours * HOUR_MS).toISOString();
}

/** An event that the organizer has just made; by default a free one a month from now. */
export async function makeEvent(organizer: TestUser, fields: Record<string, unknown> = {}): Promise<TestEvent> {
  const { body } = (await as(organizer)
    .post('/api/events')
    .send({ title: 'Jazz on the Quay', startDate: inHours(720), ...fields })
    .expect(201)) as { body: { data: TestEvent } };
  return body.data;
}
