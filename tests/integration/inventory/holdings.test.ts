import {
  anOpenEvent,
  bookCommand,
  cancelCommand,
  codeOf,
  booking,
  inOneBatch,
  inventoryOf,
  joinCommand,
  outcomeOf,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestBooking,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';

async function holding(user: TestUser, eventId: number, count: number): Promise<TestBooking[]> {
  const commands = Array.from({ length: count }, () => bookCommand(user, eventId));
  return (await inOneBatch(...commands)) as TestBooking[];
}

/** Returns the median time of a booking, in milliseconds. */
async function timeOfBooking(user: TestUser, eventId: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 15; i += 1) {
    const begin = performance.now();
    await outcomeOf(bookCommand(user, eventId));
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[7]!;
}

describe('a user with thousands of active bookings', () => {
  it('slows a batch no more than other users', async () => {
    const event = await anOpenEvent({ totalTickets: null, allowMultipleBookings: true });
    const [many, few] = await registerUsers(2);
    await holding(many!, event.id, 3000);
    await timeOfBooking(few!, event.id);
    const usual = await timeOfBooking(few!, event.id);
    expect(await timeOfBooking(many!, event.id)).toBeLessThan(2 * usual + 5);
  });

  it('cannot exceed the limit of the event, even with cancellations in the same batch', async () => {
    const event = await anOpenEvent({ totalTickets: null, allowMultipleBookings: true, maxPerUser: 40 });
    const user = await registerUser();
    const made = await holding(user, event.id, 39);
    expect(await inOneBatch(bookCommand(user, event.id), bookCommand(user, event.id))).toMatchObject([
      { status: 'confirmed' },
      'VALIDATION_ERROR',
    ]);
    const outcomes = await inOneBatch(
      cancelCommand(user, made[0]!),
      cancelCommand(user, made[20]!),
      ...Array.from({ length: 3 }, () => bookCommand(user, event.id)),
    );
    expect(outcomes).toMatchObject([
      'done',
      'done',
      { status: 'confirmed' },
      { status: 'confirmed' },
      'VALIDATION_ERROR',
    ]);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 40 });
    expect(await outcomeOf(joinCommand(user, event.id))).toBe('VALIDATION_ERROR');
  });

  it('gets the reference of a booking that still exists as the duplicate', async () => {
    const event = await anOpenEvent({ totalTickets: null, allowMultipleBookings: true });
    const user = await registerUser();
    const [first, second] = await holding(user, event.id, 2);
    await as(await theOrganizer())
      .put(`/api/events/${event.id}`)
      .send({ allowMultipleBookings: false })
      .expect(200);
    const outcomes = await inOneBatch(cancelCommand(user, first!), bookCommand(user, event.id));
    expect(outcomes).toEqual(['done', 'DUPLICATE_BOOKING']);
    const refused = await booking(user, event.id).expect(409);
    expect(codeOf(refused)).toBe('DUPLICATE_BOOKING');
    expect(refused.body.error.details).toMatchObject([{ reference: second!.reference, bookingId: second!.id }]);
  });
});
