import { database, runInTransaction } from '../../../src/database';
import { resizeInventory } from '../../../src/services/inventory/execute';
import {
  aFullEvent,
  anOpenEvent,
  bookCommand,
  booked,
  cancelCommand,
  entryOf,
  inOneBatch,
  inventoryOf,
  joinCommand,
  joined,
  leaveCommand,
  registerUser,
  registerUsers,
} from '../../helpers/bookings';

describe('one batch', () => {
  it('decides in order of arrival', async () => {
    const event = await anOpenEvent({ totalTickets: 2 });
    const users = await registerUsers(4);
    const outcomes = await inOneBatch(...users.map((user) => bookCommand(user, event.id)));
    expect(outcomes).toMatchObject([{ status: 'confirmed' }, { status: 'confirmed' }, 'SOLD_OUT', 'SOLD_OUT']);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 2, held: 0 });
  });

  it('executes commands of many events at once, each with its own outcome', async () => {
    const events = [await anOpenEvent({ totalTickets: 1 }), await anOpenEvent({ totalTickets: 1 })];
    const [a, b] = await registerUsers(2);
    const outcomes = await inOneBatch(
      bookCommand(a!, events[1]!.id),
      bookCommand(b!, events[0]!.id),
      bookCommand(b!, events[1]!.id),
      bookCommand(a!, 2_000_000_000),
    );
    expect(outcomes).toMatchObject([{ eventId: events[1]!.id }, { eventId: events[0]!.id }, 'SOLD_OUT', 'NOT_FOUND']);
  });

  it('offers the tickets that it frees before it decides the next command', async () => {
    const { event, owner, held } = await aFullEvent();
    const [first, other] = await registerUsers(2);
    await joined(first!, event.id);
    const outcomes = await inOneBatch(
      cancelCommand(owner, held),
      bookCommand(other!, event.id),
      bookCommand(first!, event.id),
    );
    expect(outcomes).toMatchObject(['done', 'SOLD_OUT', { status: 'confirmed' }]);
    expect(await entryOf(first!, event.id)).toMatchObject({ status: 'claimed' });
  });

  it('offers to the next entry when the first leaves in the same batch', async () => {
    const { event, owner, held } = await aFullEvent(2);
    const [first, second] = await registerUsers(2);
    for (const user of [first!, second!]) await joined(user, event.id, { ticketsCount: 2 });
    await inOneBatch(cancelCommand(owner, held), leaveCommand(first!, event.id));
    expect(await entryOf(second!, event.id)).toMatchObject({ status: 'offered', offered_count: 2 });
  });

  it('skips entries that leave in the same batch', async () => {
    const { event, owner, held } = await aFullEvent();
    const users = await registerUsers(4);
    for (const user of users) await joined(user, event.id);
    await inOneBatch(...users.slice(0, 3).map((user) => leaveCommand(user, event.id)), cancelCommand(owner, held));
    expect(await entryOf(users[3]!, event.id)).toMatchObject({ status: 'offered' });
  });

  it('offers the rest to the next entry when a claim in the same batch takes fewer', async () => {
    const { event, owner, held } = await aFullEvent(3);
    const [first, second] = await registerUsers(2);
    for (const user of [first!, second!]) await joined(user, event.id, { ticketsCount: 3, acceptFewer: true });
    await inOneBatch(cancelCommand(owner, held), bookCommand(first!, event.id, 1));
    expect(await entryOf(second!, event.id)).toMatchObject({ status: 'offered', offered_count: 2 });
  });

  it('inserts entries and offers together', async () => {
    const { event, owner, held } = await aFullEvent(2);
    const [first, second, third] = await registerUsers(3);
    const outcomes = await inOneBatch(
      joinCommand(first!, event.id, { ticketsCount: 2 }),
      joinCommand(second!, event.id),
      cancelCommand(owner, held),
      leaveCommand(first!, event.id),
      joinCommand(third!, event.id),
    );
    expect(outcomes.slice(2)).toMatchObject(['done', 'done', 'TICKETS_AVAILABLE']);
    expect(await entryOf(first!, event.id)).toMatchObject({ status: 'left' });
    expect(await entryOf(second!, event.id)).toMatchObject({ status: 'offered', offered_count: 1 });
  });

  it('survives a command that the database refuses', async () => {
    const event = await anOpenEvent();
    const users = await registerUsers(5);
    await booked(users[0]!, event.id);
    const commands = users.slice(1).map((user) => bookCommand(user, event.id));
    commands[2]!.actor = { ...commands[2]!.actor, userId: 2_000_000_000 };
    const settled = await Promise.allSettled([
      inOneBatch(commands[0]!, commands[1]!),
      inOneBatch(commands[2]!),
      inOneBatch(commands[3]!),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 4 });
  });
});

describe('the waitlist of a type', () => {
  it('waits for that type and is served with it', async () => {
    const types = [
      { name: 'Box', quantity: 1 },
      { name: 'Stalls', quantity: 50 },
    ];
    const event = await anOpenEvent({ totalTickets: null, ticketTypes: types });
    const [box, stalls] = event.ticketTypes;
    const [owner, first, second, other] = await registerUsers(4);
    const held = await booked(owner!, event.id, [{ ticketTypeId: box!.id, quantity: 1 }]);
    for (const user of [first!, second!]) await joined(user, event.id, { ticketTypeId: box!.id });
    await booked(other!, event.id, [{ ticketTypeId: stalls!.id, quantity: 1 }]);
    expect(await entryOf(first!, event.id)).toMatchObject({ status: 'waiting' });
    await inOneBatch(cancelCommand(owner!, held));
    expect(await entryOf(first!, event.id)).toMatchObject({ status: 'offered', offered_ticket_type_id: box!.id });
    expect(await entryOf(second!, event.id)).toMatchObject({ status: 'waiting' });
  });
});

describe('resizeInventory', () => {
  it('offers new tickets to the waitlist first, in the caller’s transaction', async () => {
    const { event } = await aFullEvent();
    const [first, second] = await registerUsers(2);
    for (const user of [first!, second!]) await joined(user, event.id);
    await runInTransaction((trx) => resizeInventory(trx, { eventId: event.id, capacity: 2 }));
    expect(await inventoryOf(event.id)).toEqual({ capacity: 2, sold: 1, held: 1, waiting: 1 });
    expect(await entryOf(first!, event.id)).toMatchObject({ status: 'offered' });
  });

  it('changes nothing if that transaction fails', async () => {
    const { event } = await aFullEvent();
    const user = await registerUser();
    await joined(user, event.id);
    const failing = runInTransaction(async (trx) => {
      await resizeInventory(trx, { eventId: event.id, capacity: 2 });
      throw new Error('Something else went wrong');
    });
    await expect(failing).rejects.toThrow('Something else went wrong');
    expect(await inventoryOf(event.id)).toEqual({ capacity: 1, sold: 1, held: 0, waiting: 1 });
    expect(
      await database('outbox_messages')
        .where('topic', 'waitlist.offered')
        .whereRaw(`payload->>'entryId' = ?`, [String((await entryOf(user, event.id)).id)]),
    ).toEqual([]);
  });

  it('refuses a capacity below the tickets taken', async () => {
    const { event } = await aFullEvent(3);
    await expect(
      runInTransaction((trx) => resizeInventory(trx, { eventId: event.id, capacity: 2 })),
    ).rejects.toMatchObject({ code: 'CAPACITY_BELOW_BOOKED' });
  });
});
