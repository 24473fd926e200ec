import type { CreateEvent, SeatMap } from '../../client/api';
import { anonymous, as } from './client';
import { anOpenEvent, theOrganizer, type TestUser } from './bookings';
import type { TestEvent } from './events';

export type TestSeatMap = SeatMap;

export const STALLS = [{ name: 'Stalls', rows: [{ names: ['A', 'B'], count: 6 }] }];

export async function seatMapOf(eventId: number): Promise<TestSeatMap> {
  return (await anonymous.call('GET /api/events/{id}/seats', { path: { id: eventId } })).data;
}

export function definingSeats(user: TestUser, eventId: number, sections: unknown, more: Record<string, unknown> = {}) {
  return as(user)
    .post(`/api/events/${eventId}/seats`)
    .send({ sections, ...more });
}

export function changingSeats(user: TestUser, eventId: number, change: Record<string, unknown>) {
  return as(user).put(`/api/events/${eventId}/seats`).send(change);
}

export interface TestHall {
  event: TestEvent;
  /** Seat ids by row and number, such as `A1`. */
  seats: Record<string, number>;
}

/** Returns the ids of an event's seats by row and number. */
export async function seatsByName(eventId: number): Promise<Record<string, number>> {
  const { sections } = await seatMapOf(eventId);
  return Object.fromEntries(
    sections.flatMap(({ rows }) =>
      rows.flatMap(({ name, seats }) => seats.map(({ id, number }) => [`${name}${number}`, id])),
    ),
  );
}

/** Creates an event of this file's organizer with numbered seats, by default twelve in two rows. */
export async function aHall(sections: unknown = STALLS, fields: Partial<CreateEvent> = {}): Promise<TestHall> {
  const event = await anOpenEvent({ totalTickets: null, ...fields });
  await definingSeats(await theOrganizer(), event.id, sections).expect(201);
  return { event, seats: await seatsByName(event.id) };
}

/** Requests these seats by id, or the best available ones. */
export function bookingSeats(user: TestUser, eventId: number, wanted: Record<string, unknown>) {
  return as(user)
    .post('/api/bookings')
    .send({ eventId, ...wanted });
}

/** Returns the status of seats that are not free, by row and number. */
export async function takenSeats(eventId: number): Promise<Record<string, string>> {
  const { sections } = await seatMapOf(eventId);
  return Object.fromEntries(
    sections.flatMap(({ rows }) =>
      rows.flatMap(({ name, seats }) =>
        seats.flatMap(({ number, status }) => (status === 'free' ? [] : [[`${name}${number}`, status]])),
      ),
    ),
  );
}
