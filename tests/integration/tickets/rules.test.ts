import type { Knex } from 'knex';
import { createKnex, database } from '../../../src/database';
import { migrate, rollback } from '../../../src/migrate';
import { anOpenEvent, booked, cancelling, registerUser, theOrganizer } from '../../helpers/bookings';
import { violations } from '../../helpers/invariants';
import { checkingIn } from '../../helpers/tickets';

// Writes directly to the database with the program's rights, to show that tickets always follow bookings.

let world: Record<'booking' | 'pending' | 'ticket' | 'used' | 'void' | 'type' | 'event' | 'user', number>;

beforeAll(async () => {
  const [event, paid] = [await anOpenEvent(), await anOpenEvent({ basePrice: 10 })];
  const user = await registerUser();
  const made = await booked(user, event.id, 2);
  await checkingIn(await theOrganizer(), event.id, made.tickets[1]!.code).expect(200);
  const gone = await registerUser();
  const cancelled = await booked(gone, event.id);
  await cancelling(gone, cancelled.id).expect(200);
  world = {
    booking: made.id,
    pending: (await booked(user, paid.id, 3)).id,
    ticket: made.tickets[0]!.id,
    used: made.tickets[1]!.id,
    void: cancelled.tickets[0]!.id,
    type: event.ticketTypes[0]!.id,
    event: event.id,
    user: user.user.id,
  };
});

/** Runs `work` in a transaction and rolls it back. */
async function trying<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  const trx = await database.transaction();
  try {
    return await work(trx);
  } finally {
    await trx.rollback();
  }
}

const fill = (statement: string): string =>
  statement.replaceAll(/\{(\w+)\}/g, (_all, name: keyof typeof world) => String(world[name]));

const RULE = '23000';
const CHECK = '23514';

describe('PostgreSQL refuses', () => {
  it.each([
    [
      'to insert a ticket without a booking',
      'INSERT INTO tickets (booking_id, event_id, ticket_type_id) VALUES ({booking}, {event}, {type})',
      RULE,
      'tickets_issued',
    ],
    [
      'to void a ticket of a confirmed booking',
      "UPDATE tickets SET status = 'void', voided_at = now() WHERE id = {ticket}",
      RULE,
      'tickets_voided',
    ],
    [
      'to make a void ticket valid',
      "UPDATE tickets SET status = 'valid', voided_at = NULL WHERE id = {void}",
      RULE,
      'tickets_voided',
    ],
    ['to delete a ticket', 'DELETE FROM tickets WHERE id = {ticket}', RULE, 'tickets_kept'],
    ['to run a DELETE, even without rows', 'DELETE FROM tickets WHERE false', RULE, 'tickets_kept'],
    [
      'to move a ticket to another booking',
      'UPDATE tickets SET booking_id = {pending} WHERE id = {ticket}',
      RULE,
      'tickets_unchanged',
    ],
    [
      'to move a ticket to another event',
      'UPDATE tickets SET event_id = event_id + 1 WHERE id = {ticket}',
      RULE,
      'tickets_unchanged',
    ],
    [
      'to check in a ticket twice',
      'UPDATE tickets SET checked_in_at = now(), checked_in_by = {user} WHERE id = {used}',
      RULE,
      'tickets_checked_in_once',
    ],
    [
      'to name a gate for a ticket that is not checked in',
      "UPDATE tickets SET checked_in_gate = 'North' WHERE id = {ticket}",
      CHECK,
      'tickets_checked_in_gate',
    ],
    [
      'to check in a void ticket',
      'UPDATE tickets SET checked_in_at = now(), checked_in_by = {user} WHERE id = {void}',
      RULE,
      'tickets_checked_in_once',
    ],
    [
      'to check in a ticket without a user',
      'UPDATE tickets SET checked_in_at = now() WHERE id = {ticket}',
      CHECK,
      'tickets_checked_in',
    ],
    [
      'to check in a ticket by a user who does not exist',
      'UPDATE tickets SET checked_in_at = now(), checked_in_by = 2000000000 WHERE id = {ticket}',
      '23503',
      'tickets_checked_in_by_fkey',
    ],
    [
      'to transfer a checked-in ticket',
      'UPDATE tickets SET nonce = gen_random_uuid() WHERE id = {used}',
      RULE,
      'tickets_transferable',
    ],
    [
      'to transfer a void ticket',
      'UPDATE tickets SET nonce = gen_random_uuid() WHERE id = {void}',
      RULE,
      'tickets_transferable',
    ],
    [
      'to count a transfer without its time',
      'UPDATE tickets SET transfers = 1 WHERE id = {ticket}',
      CHECK,
      'tickets_transferred_at',
    ],
    [
      'attendees that are not a list',
      `INSERT INTO booking_items SELECT {pending}, {type}, 1, 0, '{}'`,
      CHECK,
      'booking_items_attendees',
    ],
    [
      'more attendees than tickets',
      `INSERT INTO booking_items SELECT {pending}, {type}, 1, 0, '[null, null]'`,
      CHECK,
      'booking_items_attendees',
    ],
    [
      'a key id that does not fit into a code',
      "INSERT INTO ticket_keys (id, public_key) VALUES (256, sha256(''))",
      CHECK,
      'ticket_keys_id',
    ],
    ['to change a key', 'UPDATE ticket_keys SET public_key = sha256(public_key)', RULE, 'ticket_keys_unchanged'],
    ['to delete a key', 'DELETE FROM ticket_keys', RULE, 'ticket_keys_kept'],
  ])('%s', async (_what, statement, code, constraint) => {
    const error = await trying((trx) =>
      trx.raw(fill(statement)).then(
        () => undefined,
        (reason: unknown) => reason,
      ),
    );
    expect(error).toMatchObject({ code, constraint });
  });

  it('to remove the guards with the program’s rights', async () => {
    for (const statement of [
      'ALTER TABLE tickets DISABLE TRIGGER tickets_issued',
      'DROP TRIGGER bookings_issue_tickets ON bookings',
      "SET LOCAL session_replication_role = 'replica'",
      'TRUNCATE tickets',
    ]) {
      const error = await trying((trx) =>
        trx.raw(statement).then(
          () => undefined,
          (reason: unknown) => reason,
        ),
      );
      expect(error).toMatchObject({ code: '42501' });
    }
  });
});

describe('tickets', () => {
  const countsOf = async (trx: Knex.Transaction, bookingId: number) => {
    const rows = (await trx('tickets').where({ booking_id: bookingId }).orderBy('id').pluck('status')) as string[];
    return rows.join(' ');
  };
  const become = (trx: Knex.Transaction, bookingId: number, change: string) =>
    trx.raw(`UPDATE bookings SET ${change} WHERE id = ?`, [bookingId]);

  it('are issued once when a booking is confirmed, and voided once when it ends', async () => {
    await trying(async (trx) => {
      const { pending } = world;
      await become(trx, pending, "cancel_reason = 'none'");
      expect(await countsOf(trx, pending)).toBe('');
      await become(trx, pending, "status = 'confirmed', confirmed_at = now()");
      expect(await countsOf(trx, pending)).toBe('valid valid valid');
      await become(trx, pending, "status = 'confirmed', cancel_reason = 'none'");
      expect(await countsOf(trx, pending)).toBe('valid valid valid');
      await become(trx, pending, "status = 'expired', expired_at = now()");
      expect(await countsOf(trx, pending)).toBe('void void void');
      await become(trx, pending, "status = 'confirmed', expired_at = NULL");
      expect(await countsOf(trx, pending)).toBe('void void void valid valid valid');
    });
  });

  it('are issued for a booking inserted as confirmed, with its items in one statement or several', async () => {
    await trying(async (trx) => {
      const event = world.event;
      const { rows } = await trx.raw<{ rows: { id: number }[] }>(
        `INSERT INTO bookings (reference, user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, confirmed_at)
         SELECT 'COPY' || n, user_id, event_id, 2, 'confirmed', 0, currency, false, gen_random_uuid(), now()
         FROM bookings, generate_series(1, 3) n WHERE id = ? RETURNING id`,
        [world.booking],
      );
      for (const { id } of rows) {
        expect(await countsOf(trx, id)).toBe('');
        await trx('booking_items').insert({ booking_id: id, ticket_type_id: world.type, quantity: 2, unit_price: 0 });
        expect(await countsOf(trx, id)).toBe('valid valid');
      }
      expect(await trx('tickets').where({ booking_id: rows[0]!.id }).pluck('event_id')).toEqual([event, event]);
    });
  });

  it('are voided together when one statement cancels many', async () => {
    await trying(async (trx) => {
      await trx.raw(
        "UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE event_id = ? AND status = 'confirmed'",
        [world.event],
      );
      expect(await trx('tickets').where({ event_id: world.event, status: 'valid' })).toEqual([]);
    });
  });
});

describe('without the guards of the database', () => {
  let owner: Knex;
  beforeAll(() => {
    owner = createKnex(process.env.DATABASE_OWNER_URL!, { max: 1, applicationName: 'saboteur' });
  });
  afterAll(() => owner.destroy());

  const without = async <T>(
    table: string,
    trigger: string,
    work: (trx: Knex.Transaction) => Promise<T>,
  ): Promise<T> => {
    const trx = await owner.transaction();
    try {
      await trx.raw('ALTER TABLE ?? DISABLE TRIGGER ??', [table, trigger]);
      return await work(trx);
    } finally {
      await trx.rollback();
    }
  };
  const namesOf = async (trx: Knex.Transaction) => (await violations(trx)).map(({ name }) => name);

  it('a booking is confirmed without tickets, which the invariants detect', async () => {
    const names = await without('bookings', 'bookings_issue_tickets', async (trx) => {
      await trx.raw("UPDATE bookings SET status = 'confirmed', confirmed_at = now() WHERE id = ?", [world.pending]);
      return namesOf(trx);
    });
    expect(names).toEqual(
      expect.arrayContaining([
        'every confirmed booking has valid tickets for all its items, and no other booking has any',
        'an event’s valid tickets equal its sold counter',
      ]),
    );
  });

  it('tickets exist without a booking, which the invariants detect', async () => {
    const names = await without('tickets', 'tickets_issued', async (trx) => {
      await trx.raw(
        fill('INSERT INTO tickets (booking_id, event_id, ticket_type_id) VALUES ({booking}, {event}, {type})'),
      );
      return namesOf(trx);
    });
    expect(names).toContain('an event’s valid tickets equal its sold counter');
  });

  it('a ticket can be checked in twice', async () => {
    const count = await without('tickets', 'tickets_checked_in_once', (trx) =>
      trx('tickets').where({ id: world.used }).update({ checked_in_at: trx.fn.now() }),
    );
    expect(count).toBe(1);
  });
});

describe('an upgrade', () => {
  it('issues tickets for bookings that are already confirmed', async () => {
    const owner = process.env.DATABASE_OWNER_URL!;
    const countPerBooking = () =>
      database('tickets')
        .where({ status: 'valid' })
        .groupBy('booking_id')
        .orderBy('booking_id')
        .select('booking_id')
        .count();
    const before = await countPerBooking();
    expect(before).not.toEqual([]);
    let taken: string[];
    do taken = await rollback(owner);
    while (!taken.includes('0007-tickets.sql'));
    await migrate(owner, new URL(process.env.DATABASE_URL!).username);
    expect(await countPerBooking()).toEqual(before);
  });
});
