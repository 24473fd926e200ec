import type { Trx } from '../../database';
import { readTakenSeats } from '../../models/inventory/booking-seats';
import type { InventoryState } from '../../models/inventory/types';
import type { Command } from './rules/commands';
import { readSeatingPlan } from './seating-plan-cache';

/**
 * Step: reads the seats that a batch may assign. Sends no query for an event without numbered seats. For seats chosen by id,
 * only those are looked up; best available needs all taken seats of the event.
 */
export async function addSeats(trx: Trx, state: InventoryState, commands: Command[]): Promise<void> {
  const versions = new Map<number, number>();
  const wholeEventIds = new Set<number>();
  const seatIds = new Set<number>();
  for (const command of commands) {
    const event = state.events.get(command.eventId);
    if (!event || event.seating === null) continue;
    const isLate = command.kind === 'confirm' && state.bookings.get(command.bookingId)?.status === 'expired';
    if (command.kind !== 'book' && !isLate) continue;
    versions.set(event.id, event.seating);
    if (command.kind === 'book' && command.seatIds) for (const id of command.seatIds) seatIds.add(id);
    else wholeEventIds.add(event.id);
  }
  if (versions.size === 0) return;
  const { seatingPlans, taken } = state.seating;
  const request = { eventIds: [...wholeEventIds], seatIds: [...seatIds] };
  const [ids, ...read] = await Promise.all([
    readTakenSeats(trx, request),
    ...[...versions].map(([eventId, version]) => readSeatingPlan(trx, eventId, version)),
  ]);
  for (const id of ids) taken.add(id);
  [...versions.keys()].forEach((eventId, index) => seatingPlans.set(eventId, read[index]!));
}
