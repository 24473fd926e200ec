import { randomUUID } from 'node:crypto';
import type { Booking, CreateEvent, WaitlistEntry } from '../../client/api';
import { database } from '../../src/database';
import { AppError } from '../../src/errors';
import { createReference } from '../../src/runtime/references';
import type { BookCommand, Command } from '../../src/services/inventory/rules/commands';
import { presentResult } from '../../src/services/inventory/present-result';
import { execute } from '../../src/services/inventory/execute';
import { registerUser, registerUsers, type TestUser } from './accounts';
import { as } from './client';
import type { BodyOf } from './endpoints';
import { HOUR_MS, makeEvent, type TestEvent } from './events';
import type { TestTicket } from './tickets';

/** A booking whose tickets are the customer's: a ticket that was transferred has no code for them. */
export interface TestBooking extends Booking {
  tickets: TestTicket[];
}

export type TestEntry = WaitlistEntry;

let organizer: TestUser | undefined;

/** The organizer of this test file's events. */
export async function theOrganizer(): Promise<TestUser> {
  organizer ??= await registerUser({ role: 'organizer' });
  return organizer;
}

/** Creates an event of this test file's organizer: free, published, in a month, with 100 tickets. */
export async function anOpenEvent(fields: Partial<CreateEvent> = {}): Promise<TestEvent> {
  return makeEvent(await theOrganizer(), { totalTickets: 100, ...fields });
}

/** Moves an event so that it starts in `hours` hours. */
export async function moveEvent(eventId: number, hours: number): Promise<void> {
  const startsAt = Date.now() + hours * HOUR_MS;
  await database('events')
    .where('id', eventId)
    .update({ starts_at: new Date(startsAt), ends_at: new Date(startsAt + 2 * HOUR_MS) });
}

/** Returns the error code of a refused response. */
export const codeOf = (response: { body: { error?: { code: string } } }): string | undefined =>
  response.body.error?.code;

type Wanted = number | { ticketTypeId: number; quantity: number }[];

const toRequest = (wanted: Wanted) => (typeof wanted === 'number' ? { ticketsCount: wanted } : { items: wanted });

export function booking(user: TestUser, eventId: number, wanted: Wanted = 1) {
  return as(user).request('POST /api/bookings', { body: { eventId, ...toRequest(wanted) } });
}

/** Creates a booking and expects success. */
export async function booked(user: TestUser, eventId: number, wanted: Wanted = 1): Promise<TestBooking> {
  const { data } = await as(user).call('POST /api/bookings', { body: { eventId, ...toRequest(wanted) } });
  return data as TestBooking;
}

export function joining(user: TestUser, eventId: number, fields: Record<string, unknown> = {}) {
  return as(user)
    .post('/api/waitlist/join')
    .send({ eventId, ...fields });
}

/** Joins the waitlist and expects success. */
export async function joined(
  user: TestUser,
  eventId: number,
  fields: Partial<BodyOf<'POST /api/waitlist/join'>> = {},
): Promise<TestEntry> {
  const { data } = await as(user).call('POST /api/waitlist/join', { body: { eventId, ...fields } });
  return data;
}

export function cancelling(user: TestUser, bookingId: number) {
  return as(user).request('PUT /api/bookings/{id}/cancel', { path: { id: bookingId } });
}

interface SoldOut {
  event: TestEvent;
  /** Has a booking of all tickets. */
  owner: TestUser;
  held: TestBooking;
}

/** Creates an event and books all its tickets for one user. */
export async function aFullEvent(tickets = 1, fields: Partial<CreateEvent> = {}): Promise<SoldOut> {
  const event = await anOpenEvent({ totalTickets: tickets, ...fields });
  const owner = await registerUser();
  return { event, owner, held: await booked(owner, event.id, tickets) };
}

export interface Inventory {
  capacity: number | null;
  sold: number;
  held: number;
  waiting: number;
}

export async function inventoryOf(eventId: number): Promise<Inventory> {
  return (await database('event_inventory')
    .where('event_id', eventId)
    .first('capacity', 'sold', 'held', 'waiting')) as Inventory;
}

/** Returns a user's latest waitlist entry for an event from the database. */
export async function entryOf(user: TestUser, eventId: number): Promise<Record<string, unknown>> {
  const row: unknown = await database('waitlist_entries')
    .where({ user_id: user.user.id, event_id: eventId })
    .orderBy('id', 'desc')
    .first();
  return row as Record<string, unknown>;
}

/** Returns topics and payloads of the messages whose payload contains these fields, in order. */
export async function messagesAbout(payload: Record<string, unknown>): Promise<{ topic: string; payload: unknown }[]> {
  return database('outbox_messages')
    .whereRaw('payload @> ?', [JSON.stringify(payload)])
    .orderBy('id')
    .select('topic', 'payload');
}

/** Returns the value of a command, or the code of its refusal. @throws any other error */
export async function outcomeOf(command: Command): Promise<unknown> {
  try {
    const { value } = await execute(command);
    return (typeof value === 'object' ? presentResult(value) : value) ?? 'done';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** Executes commands in one batch. They gather while the batcher runs another batch. */
export async function inOneBatch(...commands: Command[]): Promise<unknown[]> {
  const busy = outcomeOf({ kind: 'leave', eventId: 0, requestId: randomUUID(), userId: 0 });
  const outcomes = await Promise.all(commands.map(outcomeOf));
  await busy;
  return outcomes;
}

// Commands as the services create them.
export const bookCommand = ({ actor }: TestUser, eventId: number, wanted: Wanted = 1): BookCommand => ({
  kind: 'book',
  eventId,
  requestId: randomUUID(),
  actor,
  reference: createReference(),
  wanted,
});

export const cancelCommand = ({ actor }: TestUser, { id, eventId }: { id: number; eventId: number }): Command => ({
  kind: 'cancel',
  eventId,
  requestId: randomUUID(),
  bookingId: id,
  actor,
  reason: null,
});

export const joinCommand = (
  { actor }: TestUser,
  eventId: number,
  wish: { ticketTypeId?: number | null; ticketsCount?: number; acceptFewer?: boolean } = {},
): Command => ({
  kind: 'join',
  eventId,
  requestId: randomUUID(),
  actor,
  ticketTypeId: null,
  ticketsCount: 1,
  acceptFewer: false,
  ...wish,
});

export const leaveCommand = ({ actor: { userId } }: TestUser, eventId: number): Command => ({
  kind: 'leave',
  eventId,
  requestId: randomUUID(),
  userId,
});

export { registerUser, registerUsers, type TestUser };
