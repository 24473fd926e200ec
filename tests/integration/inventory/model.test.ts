import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { database } from '../../../src/database';
import type { BookCommand, Command } from '../../../src/services/inventory/rules/commands';
import {
  bookCommand,
  cancelCommand,
  inOneBatch,
  inventoryOf,
  joinCommand,
  leaveCommand,
  registerUsers,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import { makeEvent } from '../../helpers/events';
import { captured } from '../../helpers/orders';
import { definingSeats } from '../../helpers/seats';
import {
  bookInModel,
  cancelInModel,
  chosenSeats,
  confirmInModel,
  expireInModel,
  expireOfferInModel,
  heldOf,
  joinInModel,
  leaveInModel,
  resizeInModel,
  soldOf,
  type ModelType,
  type SaleModel,
  withoutContradictions,
} from '../../helpers/sale-model';

// Every run has the same histories. MODEL_SEED=… (any number) gives others, MODEL_RUNS=2000 gives more.
const runs = Number(process.env.MODEL_RUNS ?? 150);
const seed = Number(process.env.MODEL_SEED ?? 20_301);
jest.setTimeout(30_000 + runs * 2000);

const USERS = 8;
const MOST = 9;

type Step =
  | { do: 'book'; user: number; quantities: number[]; seats: number[] | null }
  | { do: 'cancel' | 'expire' | 'expireOffer' | 'confirm'; pick: number }
  | { do: 'join'; user: number; type: number | null; count: number; acceptFewer: boolean }
  | { do: 'leave'; user: number }
  | { do: 'resize'; type: number | null; capacity: number | null };

interface Sale {
  totalTickets: number | null;
  types: ModelType[];
  isPaid: boolean;
  allowMultiple: boolean;
  maxPerUser: number | null;
}

const user = fc.nat({ max: USERS - 1 });
const pick = fc.nat({ max: 200 });
const capacity = fc.option(fc.nat({ max: MOST }), { freq: 8 });
/** Seats that a user asks for, as far as they exist; null for the best available. */
const seats = fc.option(fc.array(fc.nat({ max: 2 * MOST }), { minLength: 3, maxLength: 6 }), { freq: 1 });
const limits = fc.constantFrom<Pick<ModelType, 'min' | 'max'>>(
  { min: 1, max: null },
  { min: 1, max: null },
  { min: 2, max: null },
  { min: 1, max: 2 },
);
const types = fc.array(
  fc
    .tuple(fc.option(fc.nat({ max: MOST }), { freq: 2 }), limits, fc.boolean())
    .map(([of, rule, isSeated]): ModelType => ({ capacity: of, isSeated: isSeated && Boolean(of), ...rule })),
  { minLength: 1, maxLength: 3 },
);

const sales: fc.Arbitrary<Sale> = fc
  .record({
    totalTickets: capacity,
    types,
    isPaid: fc.boolean(),
    allowMultiple: fc.boolean(),
    maxPerUser: fc.option(fc.integer({ min: 1, max: 5 }), { freq: 1 }),
  })
  .map(withoutContradictions);

function steps(typeCount: number): fc.Arbitrary<Step> {
  const type = fc.option(fc.nat({ max: typeCount - 1 }));
  const quantities = fc
    .array(fc.nat({ max: 3 }), { minLength: typeCount, maxLength: typeCount })
    .filter((all) => all.some((quantity) => quantity > 0));
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('book'), user, quantities, seats }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('confirm'), pick }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel'), pick }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('expire'), pick }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('join'),
        user,
        type,
        count: fc.constantFrom(1, 1, 2, 2, 3, 4),
        acceptFewer: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('leave'), user }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('expireOffer'), pick }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('resize'), type, capacity }) },
  ) as fc.Arbitrary<Step>;
}

// A long waitlist for few tickets, where similar entries could wrongly overtake each other.
const crowds: fc.Arbitrary<Sale> = fc
  .record({
    totalTickets: fc.integer({ min: 1, max: 2 }),
    types: fc.constantFrom<ModelType[]>(
      [{ capacity: null, isSeated: false, min: 1, max: null }],
      [{ capacity: 3, isSeated: true, min: 1, max: null }],
    ),
    isPaid: fc.boolean(),
    allowMultiple: fc.constant(false),
    maxPerUser: fc.constant(null),
  })
  .map(withoutContradictions);
const one = fc.constantFrom(1, 1, 1, 2);
const crowding = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('join'),
      user,
      type: fc.constant(null),
      count: one,
      acceptFewer: fc.constant(false),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('book'), user, quantities: one.map((count) => [count]), seats }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('leave'), user }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('cancel'), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expireOffer'), pick }) },
) as fc.Arbitrary<Step>;

// Steps that happen at once are decided in one batch.
const inBatches = (step: fc.Arbitrary<Step>) =>
  fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 14 });
const histories = fc.oneof(
  sales.chain((sale) => fc.record({ sale: fc.constant(sale), batches: inBatches(steps(sale.types.length)) })),
  fc.record({ sale: crowds, batches: inBatches(crowding) }),
);

interface Real {
  eventId: number;
  typeIds: number[];
  /** The seats of each booking after the batch. */
  seats: Map<number, number[]>;
  /** In the order of the seats in the model. */
  seatIds: number[];
  users: TestUser[];
  bookings: { id: number; eventId: number }[];
  entries: { id: number }[];
}

let users: TestUser[];
beforeAll(async () => {
  users = await registerUsers(USERS);
});

async function open(sale: Sale): Promise<Real> {
  const event = await makeEvent(await theOrganizer(), {
    totalTickets: sale.totalTickets,
    allowMultipleBookings: sale.allowMultiple,
    maxPerUser: sale.maxPerUser,
    ticketTypes: sale.types.map(({ capacity: quantity, min, max }, index) => ({
      name: `Type ${index}`,
      price: sale.isPaid ? 10 : 0,
      quantity,
      minPerBooking: min,
      maxPerBooking: max,
    })),
  });
  const typeIds = event.ticketTypes.map(({ id }) => id);
  const sections = sale.types.flatMap(({ isSeated, capacity: count }, type) =>
    isSeated ? [{ name: `Section ${type}`, ticketTypeId: typeIds[type], rows: [{ name: 'A', count }] }] : [],
  );
  if (sections.length > 0) await definingSeats(await theOrganizer(), event.id, sections).expect(201);
  const seatIds = (await database('seats').where('event_id', event.id).orderBy('id').pluck('id')) as number[];
  return { eventId: event.id, typeIds, seatIds, users, seats: new Map(), bookings: [], entries: [] };
}

/** Returns an index in the list, mostly of an item that is still active. */
function choose(things: { status: string }[], chance: number): number | undefined {
  const all = things.map((_thing, index) => index);
  const live = all.filter((index) => ['pending', 'confirmed', 'offered'].includes(things[index]!.status));
  const choice = live.length > 0 && chance % 8 > 0 ? live : all;
  return choice[Math.floor(chance / 8) % Math.max(1, choice.length)];
}

interface Planned {
  command: Command;
  inModel: (model: SaleModel, outcome: unknown) => string;
}

/** Returns the seats of a booking as indexes in the model. */
const seatsIn = ({ seatIds }: Real, booked: unknown): number[] =>
  ((booked as { seats?: { id: number }[] } | undefined)?.seats ?? []).map(({ id }) => seatIds.indexOf(id));

/** Returns the current or last seats of each booking. */
async function readSeats({ eventId, seatIds }: Real): Promise<Map<number, number[]>> {
  const rows = (await database('booking_items as i')
    .join('bookings as b', 'b.id', 'i.booking_id')
    .where('b.event_id', eventId)
    .orderBy(['b.id', 'i.ticket_type_id'])
    .select('b.id', 'i.seat_ids')) as { id: number; seat_ids: number[] | null }[];
  const seatsOf = new Map<number, number[]>();
  for (const { id, seat_ids: ids } of rows)
    seatsOf.set(id, [...(seatsOf.get(id) ?? []), ...(ids ?? []).map((seat) => seatIds.indexOf(seat))]);
  return seatsOf;
}

/** Turns a step into a command for the engine and the same step for the model. Undefined if there is nothing to apply it to. */
async function plan(step: Step, real: Real, model: SaleModel): Promise<Planned | undefined> {
  const { eventId, typeIds } = real;
  const base = { eventId, requestId: randomUUID() };
  switch (step.do) {
    case 'book': {
      const { quantities } = step;
      const asked = chosenSeats(model, quantities, step.seats);
      const lines = quantities.flatMap((quantity, type) =>
        quantity > 0 ? [{ ticketTypeId: typeIds[type]!, quantity }] : [],
      );
      const wanted = typeIds.length === 1 ? quantities[0]! : lines;
      const command = bookCommand(users[step.user]!, eventId, wanted) as BookCommand;
      return {
        command: asked ? { ...command, seatIds: asked.map((seat) => real.seatIds[seat]!) } : command,
        inModel: (m, outcome) => bookInModel(m, step.user, { quantities, asked, given: seatsIn(real, outcome) }),
      };
    }
    case 'cancel': {
      const index = choose(model.bookings, step.pick);
      if (index === undefined) return undefined;
      return {
        command: cancelCommand(await theOrganizer(), real.bookings[index]!),
        inModel: (m) => cancelInModel(m, m.bookings[index]!),
      };
    }
    case 'expire': {
      const index = choose(model.bookings, step.pick);
      if (index === undefined) return undefined;
      const booking = real.bookings[index]!;
      const over = database.raw("created_at + interval '1 microsecond'");
      await database('bookings').where({ id: booking.id, status: 'pending' }).update({ expires_at: over });
      return {
        command: { ...base, kind: 'expire', bookingId: booking.id },
        inModel: (m) => expireInModel(m, m.bookings[index]!),
      };
    }
    case 'confirm': {
      const index = choose(model.bookings, step.pick);
      if (index === undefined) return undefined;
      const { id } = real.bookings[index]!;
      const paymentId = await captured(id);
      if (paymentId === undefined) return undefined;
      const { user: by } = model.bookings[index]!;
      return {
        command: { ...base, kind: 'confirm', bookingId: id, userId: users[by]!.user.id, paymentId },
        inModel: (m) => confirmInModel(m, m.bookings[index]!, real.seats.get(id)!),
      };
    }
    case 'expireOffer': {
      const index = choose(model.entries, step.pick);
      if (index === undefined) return undefined;
      const [entry, known] = [real.entries[index]!, model.entries[index]!];
      const over = database.raw("offered_at + interval '1 microsecond'");
      await database('waitlist_entries').where({ id: entry.id, status: 'offered' }).update({ offer_expires_at: over });
      if (known.status === 'offered') known.hasLapsed = true;
      return {
        command: { ...base, kind: 'expireOffer', waitlistEntryId: entry.id },
        inModel: (m) => expireOfferInModel(m, known),
      };
    }
    case 'join': {
      const { type, count, acceptFewer } = step;
      const ticketTypeId = type === null ? null : typeIds[type]!;
      return {
        command: joinCommand(users[step.user]!, eventId, { ticketTypeId, ticketsCount: count, acceptFewer }),
        inModel: (m) => joinInModel(m, step.user, { type, count, acceptFewer }),
      };
    }
    case 'leave':
      return { command: leaveCommand(users[step.user]!, eventId), inModel: (m) => leaveInModel(m, step.user) };
    case 'resize': {
      if (step.type !== null && model.types[step.type]!.isSeated) return undefined;
      const size =
        step.type === null
          ? { capacity: step.capacity }
          : { types: [{ ticketTypeId: typeIds[step.type]!, capacity: step.capacity }] };
      return {
        command: { ...base, kind: 'resize', ...size },
        inModel: (m) => resizeInModel(m, step.type, step.capacity),
      };
    }
  }
}

interface Row {
  id: number;
  user_id: number;
  status: string;
  quantities?: Record<string, number>;
  tickets?: number;
  offered_count?: number | null;
  offered_ticket_type_id?: number | null;
}

async function bookingRows(eventId: number): Promise<Row[]> {
  const { rows } = await database.raw<{ rows: Row[] }>(
    `SELECT b.id, b.user_id, b.status, (SELECT json_object_agg(ticket_type_id, quantity) FROM booking_items WHERE booking_id = b.id) AS quantities,
       (SELECT count(*) FROM tickets t WHERE t.booking_id = b.id AND t.status = 'valid') AS tickets
     FROM bookings b WHERE b.event_id = ? ORDER BY b.id`,
    [eventId],
  );
  return rows;
}

/** Reads the state of the database in the form of the model. */
async function standing(real: Real): Promise<unknown> {
  const bookings = await bookingRows(real.eventId);
  const entries = (await database('waitlist_entries').where('event_id', real.eventId).orderBy('id')) as Row[];
  real.bookings = bookings.map(({ id }) => ({ id, eventId: real.eventId }));
  real.entries = entries;
  const userOf = (id: number) => users.findIndex((candidate) => candidate.user.id === id);
  const { sold, held, waiting, capacity: total } = await inventoryOf(real.eventId);
  return {
    sold,
    held,
    waiting,
    capacity: total,
    bookings: bookings.map(({ user_id: id, status, quantities, tickets }) => [
      userOf(id),
      status,
      real.typeIds.map((type) => quantities![type] ?? 0),
      tickets,
    ]),
    entries: entries.map(({ user_id: id, status, offered_count: count, offered_ticket_type_id: type }) => [
      userOf(id),
      status,
      count ?? 0,
      type ? real.typeIds.indexOf(type) : null,
    ]),
  };
}

function expected(model: SaleModel): unknown {
  return {
    sold: soldOf(model),
    held: heldOf(model),
    waiting: model.entries.filter(({ status }) => status === 'waiting').length,
    capacity: model.capacity,
    bookings: model.bookings.map(({ user: by, status, quantities }) => [
      by,
      status,
      quantities,
      status === 'confirmed' ? quantities.reduce((sum, quantity) => sum + quantity) : 0,
    ]),
    entries: model.entries.map(({ user: by, status, offer }) => [by, status, offer?.count ?? 0, offer?.type ?? null]),
  };
}

const label = (outcome: unknown): unknown => (typeof outcome === 'string' && outcome !== 'done' ? outcome : 'ok');

async function play({ sale, batches }: { sale: Sale; batches: Step[][] }): Promise<void> {
  const model: SaleModel = { ...structuredClone(sale), capacity: sale.totalTickets, bookings: [], entries: [] };
  const real = await open(sale);
  for (const batch of batches) {
    const planned: Planned[] = [];
    for (const step of batch) {
      const meant = await plan(step, real, model);
      if (meant) planned.push(meant);
    }
    const outcomes = await inOneBatch(...planned.map(({ command }) => command));
    real.seats = await readSeats(real);
    const said = planned.map(({ inModel }, index) => inModel(model, outcomes[index]));
    expect(outcomes.map(label)).toEqual(said);
    expect(await standing(real)).toEqual(expected(model));
  }
}

describe('the engine', () => {
  it(`follows the rules in ${runs} random histories (MODEL_SEED=${seed})`, async () => {
    await fc.assert(fc.asyncProperty(histories, play), { seed, numRuns: runs, endOnFailure: false });
  });
});
