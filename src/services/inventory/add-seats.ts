import type { Trx } from '../../database';
import { readTakenSeats } from '../../models/inventory/booking-seats';
import type { InventoryState } from '../../models/inventory/types';
import type { Command } from './rules/commands';
import { readSeatingPlan } from './seating-plan-cache';

interface WantedSeats {
  eventId: number;
  /** Undefined if any seat of the event may be assigned. */
  seatIds: number[] | undefined;
}

function listWantedSeats({ bookings }: InventoryState, command: Command): WantedSeats[] {
  const toWhole = (id: number): WantedSeats[] => {
    const booking = bookings.get(id);
    return booking?.status === 'expired' ? [{ eventId: booking.eventId, seatIds: undefined }] : [];
  };
  switch (command.kind) {
    case 'book':
      return [{ eventId: command.eventId, seatIds: command.seatIds }];
    case 'confirm':
      return toWhole(command.bookingId);
    case 'confirmOrder':
      return command.bookingIds.flatMap(toWhole);
    case 'checkout':
      return command.eventIds.map((eventId) => {
        const lines = command.cart?.lines.filter((line) => line.eventId === eventId) ?? [];
        const seatIds = lines.flatMap((line) => line.seatIds ?? []);
        return { eventId, seatIds: seatIds.length > 0 ? seatIds : undefined };
      });
    default:
      return [];
  }
}

/**
 * Step: reads the seats that a batch may assign. Sends no query for an event without numbered seats. For seats chosen by id,
 * only those are looked up; best available needs all taken seats of the event.
 */
export async function addSeats(trx: Trx, state: InventoryState, commands: Command[]): Promise<void> {
  const versions = new Map<number, number>();
  const wholeEventIds = new Set<number>();
  const seatIds = new Set<number>();
  for (const command of commands) {
    for (const wanted of listWantedSeats(state, command)) {
      const event = state.events.get(wanted.eventId);
      if (!event || event.seating === null) continue;
      versions.set(event.id, event.seating);
      if (wanted.seatIds) for (const id of wanted.seatIds) seatIds.add(id);
      else wholeEventIds.add(event.id);
    }
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
