import { randomUUID } from 'node:crypto';
import { database } from '#src/database/index';
import { route, type RouteRequest } from '#src/http/route';
import { createReference } from '#src/runtime/references';
import { booking, createBookingBody } from '#src/schemas/bookings.schemas';
import { addTicketCodes } from '#src/services/bookings/add-ticket-codes';
import type { CreateBooking } from '#src/services/bookings/create-booking';
import { presentBookingResult } from '#src/services/inventory/present-result';
import { runBatch } from '#src/services/inventory/run-batch';
import { wakeRelay } from '#src/services/outbox/add-messages';

type BookingRequest = RouteRequest<'user', unknown, unknown, CreateBooking>;

const event = {
  id: 1,
  title: 'An evening like no other',
  startDate: '2030-01-31T20:00:00.000Z',
  endDate: '2030-01-31T22:00:00.000Z',
  timezone: 'UTC',
  venueName: 'The hall at the river',
  venueAddress: '1 River Road',
  status: 'published',
  coverImageUrl: null,
  organizerId: 1,
};
const answer = {
  id: 123_456,
  reference: '34679CDFGH',
  userId: 12_345,
  eventId: 1,
  event,
  ticketsCount: 1,
  items: [{ ticketTypeId: 1, name: 'General admission', quantity: 1, unitPrice: '0.00' }],
  seats: [],
  status: 'confirmed',
  totalAmount: '0.00',
  discountAmount: '0.00',
  currency: 'USD',
  expiresAt: null,
  order: null,
  payment: null,
  tickets: [
    {
      id: 123_456,
      code: 'A'.repeat(143),
      ticketTypeId: 1,
      seat: null,
      attendeeName: null,
      status: 'valid',
      checkedInAt: null,
    },
  ],
  createdAt: '2029-12-31T20:00:00.000Z',
  cancelledAt: null,
};

// The engine's settings for a batch, with a longer lock timeout because each request queues for the row.
const SETTINGS = "SET LOCAL enable_seqscan = off; SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '15s'";

/** Books with the same rules and writes as the engine, but in one transaction per request, over the normal pool. */
async function bookAlone({ actor, body }: BookingRequest): Promise<unknown> {
  const wanted = body.items ?? body.ticketsCount!;
  const command = {
    kind: 'book' as const,
    eventId: body.eventId,
    requestId: randomUUID(),
    actor,
    reference: createReference(),
    wanted,
  };
  const [outcome] = await database.transaction(async (trx) => {
    await trx.raw(SETTINGS);
    const { outcomes, written } = await runBatch(trx, [command]);
    await written;
    return outcomes;
  });
  if (!outcome?.ok) throw outcome?.error;
  wakeRelay();
  return addTicketCodes(actor, presentBookingResult(outcome.value as Parameters<typeof presentBookingResult>[0]));
}

const common = {
  method: 'post',
  tag: 'Benchmark',
  access: 'user',
  rateLimit: 'bookings',
  idempotent: 'inventory',
  body: createBookingBody,
  status: 201,
  response: booking,
  errors: [],
} as const;

/** Routes to compare bookings with: the same middleware, body and response. */
export const comparisonRoutes = [
  route({ ...common, path: '/no-op', id: 'doNothing', summary: 'Answers at once', errors: [], handler: () => answer }),
  route({
    ...common,
    path: '/bookings-alone',
    id: 'bookAlone',
    summary: 'A transaction per request',
    errors: [],
    handler: bookAlone,
  }),
];
