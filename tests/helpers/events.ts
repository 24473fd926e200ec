import type { CreateEvent, EventDetail, TicketType } from '../../client/api';
import { as } from './client';
import type { TestUser } from './accounts';

export type TestTicketType = TicketType;
export type TestEvent = EventDetail;

export const HOUR_MS = 3_600_000;

/** Returns the time in `hours` hours, as a client writes it. */
export function inHours(hours: number): string {
  return new Date(Date.now() + hours * HOUR_MS).toISOString();
}

/** Creates an event of this organizer, by default a free one in a month. */
export async function makeEvent(organizer: TestUser, fields: Partial<CreateEvent> = {}): Promise<TestEvent> {
  const event = { title: 'Jazz on the Quay', startDate: inHours(720), ...fields };
  const { data } = await as(organizer).call('POST /api/events', { body: event });
  return data;
}
