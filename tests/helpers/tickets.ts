import { createPublicKey, verify } from 'node:crypto';
import type { HeldTicket, Ticket, TicketKey } from '../../client/api';
import { anonymous, as } from './client';
import type { QueryOf } from './endpoints';
import type { TestUser } from './accounts';

/** A ticket with its code, as whoever holds it sees it. */
export interface TestTicket extends Ticket {
  code: string;
}

export function checkingIn(user: TestUser, eventId: number, code: unknown) {
  return as(user).post(`/api/events/${eventId}/check-in`).send({ code });
}

export function takingBack(user: TestUser, eventId: number, code: unknown) {
  return as(user).delete(`/api/events/${eventId}/check-in`).send({ code });
}

export function transferring(user: TestUser, bookingId: number, ticketId: number, to: Record<string, unknown> = {}) {
  return as(user)
    .post(`/api/bookings/${bookingId}/tickets/${ticketId}/transfer`)
    .send({ name: 'Grace Hopper', email: 'grace@example.com', ...to });
}

/** Returns the tickets of a booking as its owner sees them. */
export async function ticketsOf(user: TestUser, bookingId: number): Promise<TestTicket[]> {
  const { data } = await as(user).call('GET /api/bookings/{id}', { path: { id: bookingId } });
  return data.tickets as TestTicket[];
}

/** Requests the transfer of a ticket by its holder, who is not necessarily the booker. */
export function transferringHeld(user: TestUser, ticketId: number, to: Record<string, unknown> = {}) {
  return as(user)
    .post(`/api/tickets/${ticketId}/transfer`)
    .send({ name: 'Grace Hopper', email: 'grace@example.com', ...to });
}

/** Returns the tickets that a user holds, newest first. */
export async function heldBy(user: TestUser, query: QueryOf<'GET /api/tickets'> = {}): Promise<HeldTicket[]> {
  return (await as(user).call('GET /api/tickets', { query })).data;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Parses the bytes of a code as documented, without the program's code, as a scanner does. */
export function bytesOf(code: string): Buffer {
  const bits = [...code].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
}

export function codeFrom(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits
    .match(/.{1,5}/g)!
    .map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

export async function publicKeys(): Promise<TicketKey[]> {
  return (await anonymous.call('GET /api/ticket-keys')).data;
}

/** Returns what an offline scanner with the public keys reads from a code. Undefined if the signature is not valid. */
export function believed(
  code: string,
  keys: TicketKey[],
): { id: number; eventId: number; digested: Buffer } | undefined {
  const bytes = bytesOf(code);
  const key = keys.find(({ id }) => id === bytes[0]);
  const isOurs =
    key && verify(null, bytes.subarray(0, 25), createPublicKey({ key: key.jwk, format: 'jwk' }), bytes.subarray(25));
  if (!isOurs) return undefined;
  return { id: bytes.readUInt32BE(1), eventId: bytes.readUInt32BE(5), digested: bytes.subarray(1, 25) };
}
