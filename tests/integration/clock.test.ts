import { database } from '../../src/database';
import { countAnalytics, rebuildAnalytics } from '../../src/services/analytics/count-analytics';
import { expireHolds } from '../../src/services/bookings/expire-holds';
import { handleMessages } from '../../src/services/outbox/handle-messages';
import { startSchedules, type RunningSchedules } from '../../src/services/schedules/run-schedules';
import { expireOffers } from '../../src/services/waitlist/join-and-leave';
import { claimStaleMessages, reviveDelayedMessages } from '../../src/models/outbox/claim-messages';
import { deleteOldAbandonedHolds, listAbandonedHolds } from '../../src/models/holds.model';
import { claimDuePayments } from '../../src/models/payments/payments';
import { readScheduleMetrics } from '../../src/models/schedules/schedule-metrics';
import { readTopicMetrics } from '../../src/models/outbox/queue-metrics';
import { registerUser } from '../helpers/accounts';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  cancelling,
  entryOf,
  inventoryOf,
  joined,
  theOrganizer,
} from '../helpers/bookings';
import { anonymous, as } from '../helpers/client';
import { makeEvent } from '../helpers/events';
import { anUnpaidOrder, intentOf } from '../helpers/orders';
import { eventually } from '../helpers/servers/processes';

// PostgreSQL's clock was ahead and has been corrected, so the rows written meanwhile have times in the future.
const AHEAD = ['1 day', '26 days', '400 days'];
const MINUTE_MS = 60_000;
const ask = async <T>(sql: string): Promise<T[]> => (await database.raw<{ rows: T[] }>(sql)).rows;

describe.each(AHEAD)('after the clock was %s ahead', (ahead) => {
  const then = (more = '0 seconds') => database.raw('now() + ?::interval + ?::interval', [ahead, more]);

  describe('schedules', () => {
    let running: RunningSchedules | undefined;
    afterEach(async () => {
      await running?.stop();
      await database('schedules').delete();
    });

    it.each([
      ['every second', 1],
      ['once a day', 86_400],
      ['once in 30 days', 2_592_000],
    ])(
      'that run %s run at once, then wait for their interval, and report the time since',
      async (_when, everySeconds) => {
        await database('schedules').insert({
          name: 'stepped',
          next_run_at: then(`${everySeconds} seconds`),
          last_run_at: then(),
        });
        // An alert can see the schedules that do not run.
        const [{ ageSeconds } = { ageSeconds: 0 }] = await readScheduleMetrics(ask);
        expect(ageSeconds).toBeGreaterThan(86_000);
        let runs = 0;
        running = startSchedules([{ name: 'stepped', everySeconds, run: async () => void (runs += 1) }]);
        await eventually(() => runs === 1);
        const asked: unknown[] = [];
        const count = (query: { sql: string }): void => void (query.sql.includes('schedules') && asked.push(query.sql));
        database.on('query', count);
        await new Promise((resolve) => setTimeout(resolve, 300));
        database.off('query', count);
        // It must not query the database in a busy loop.
        expect(asked.length).toBeLessThan(5);
        const row = await database('schedules').where({ name: 'stepped' }).first('next_run_at');
        expect((row.next_run_at as Date).getTime()).toBeLessThan(Date.now() + everySeconds * 1000 + MINUTE_MS);
      },
    );
  });

  describe('messages', () => {
    afterEach(async () => {
      await database('outbox_messages').where({ topic: 'stepped' }).delete();
    });
    const insert = async (fields: object): Promise<number> => {
      const [row] = await database('outbox_messages')
        .insert({ topic: 'stepped', payload: {}, ...fields })
        .returning<{ id: number }[]>('id');
      return row!.id;
    };

    it('leased by a dead process are taken over', async () => {
      const id = await insert({ status: 'queued', queued_at: then(), leased_until: then('6 seconds'), attempts: 1 });
      const stale = await claimStaleMessages(database, { seconds: 10, limit: 100 });
      expect(stale.map((message) => message.id)).toContain(id);
      const handled: number[] = [];
      await handleMessages([id], () => async (message) => void handled.push(message.attempts));
      expect(handled).toEqual([2]);
    });

    it('that failed are retried, and metrics report their age', async () => {
      const id = await insert({ status: 'delayed', available_at: then('1 hour'), attempts: 3, created_at: then() });
      const figures = (await readTopicMetrics(ask)).find(({ topic }) => topic === 'stepped');
      expect(figures?.oldestSeconds).toBeGreaterThan(86_000);
      await reviveDelayedMessages(database, 100);
      expect(await database('outbox_messages').where({ id }).first('status')).toEqual({ status: 'new' });
    });
  });

  it('holds and offers end no later than new ones', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const held = await booked(await registerUser(), event.id);
    await database('bookings')
      .where({ id: held.id })
      .update({ expires_at: then('15 minutes') });
    const { event: full, owner, held: taken } = await aFullEvent(1);
    const waiting = await registerUser();
    await joined(waiting, full.id);
    await cancelling(owner, taken.id).send({}).expect(200);
    await database('waitlist_entries')
      .where({ event_id: full.id })
      .update({ offer_expires_at: then('12 hours') });
    await expireOffers();
    const { offer_expires_at: ends } = await entryOf(waiting, full.id);
    expect((ends as Date).getTime()).toBeLessThanOrEqual(Date.now() + 721 * MINUTE_MS);
    await expireHolds();
    const { expires_at: soon } = await database('bookings').where({ id: held.id }).first('expires_at');
    expect((soon as Date).getTime()).toBeLessThanOrEqual(Date.now() + 16 * MINUTE_MS);
    expect((soon as Date).getTime()).toBeGreaterThan(Date.now() + 10 * MINUTE_MS);
    await database('bookings').where({ id: held.id }).update({ expires_at: database.fn.now() });
    expect(await expireHolds()).toBe(1);
    expect(await inventoryOf(event.id)).toMatchObject({ held: 0 });
  });

  it('failed guesses from that time do not lock the owner out', async () => {
    const { user } = await registerUser();
    const attempt = { email: user.email, password: 'a long enough pass phrase' };
    for (let guess = 0; guess < 5; guess += 1)
      await anonymous
        .post('/api/auth/login')
        .send({ ...attempt, password: 'wrong' })
        .expect(401);
    await anonymous.post('/api/auth/login').send(attempt).expect(429);
    await database('sign_in_failures').update({ last_failed_at: then(), blocked_until: then('15 minutes') });
    await anonymous.post('/api/auth/login').send(attempt).expect(200);
  });

  it('mail and announcements from that time do not count towards the limits', async () => {
    const { user } = await registerUser();
    const tokens = () => database('user_tokens').where({ user_id: user.id, purpose: 'reset_password' });
    const ask = async (times: number) => {
      for (let time = 0; time < times; time += 1)
        await anonymous.post('/api/auth/forgot-password').send({ email: user.email }).expect(202);
    };
    await ask(10);
    const most = (await tokens()).length;
    expect(most).toBeLessThan(10);
    await tokens().update({ created_at: then() });
    await ask(1);
    expect(await tokens()).toHaveLength(most + 1);

    const organizer = await theOrganizer();
    const event = await makeEvent(organizer);
    await database('event_messages').insert(
      Array.from({ length: 20 }, () => ({
        event_id: event.id,
        sender_id: organizer.user.id,
        subject: 's',
        body: 'b',
        created_at: then(),
      })),
    );
    await as(organizer).post(`/api/events/${event.id}/message`).send({ subject: 'Doors', body: 'Come.' }).expect(202);
  });

  it('abandoned holds from that time cause no pause, and are deleted', async () => {
    const { user } = await registerUser();
    await database('abandoned_holds').insert({ user_id: user.id, abandoned_at: then() });
    expect((await listAbandonedHolds(database, 3600)).filter(({ userId }) => userId === user.id)).toEqual([]);
    await deleteOldAbandonedHolds(database, 3600);
    expect(await database('abandoned_holds').where({ user_id: user.id })).toEqual([]);
  });

  it('a change of an event is mailed at once, even if the last mail is from that time', async () => {
    const organizer = await theOrganizer();
    const event = await makeEvent(organizer);
    await booked(await registerUser(), event.id);
    await database('event_changes').insert({ event_id: event.id, before: {}, told_at: then() });
    await as(organizer).put(`/api/events/${event.id}`).send({ venueName: 'Elsewhere' }).expect(200);
    const message = await database('outbox_messages')
      .where({ topic: 'event.rescheduled' })
      .orderBy('id', 'desc')
      .first();
    expect((message?.available_at as Date).getTime()).toBeLessThan(Date.now() + MINUTE_MS);
  });

  it('payments are polled', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await database('payments').where({ intent_id: paymentIntentId }).update({ check_at: then() });
    const { id } = await database('payments').where({ intent_id: paymentIntentId }).first('id');
    expect(await claimDuePayments(database, 10)).toContainEqual({ id });
    expect(await claimDuePayments(database, 10)).not.toContainEqual({ id });
  });

  it('analytics are counted again, including new activity', async () => {
    await rebuildAnalytics({ marginSeconds: 0 });
    await database('analytics_progress').update({ counted_until: then(), booking_id: 2_000_000_000 });
    await booked(await registerUser(), (await anOpenEvent()).id);
    await countAnalytics({ marginSeconds: 0 });
    const { counted_until: until } = await database('analytics_progress').first('counted_until');
    expect((until as Date).getTime()).toBeLessThanOrEqual(Date.now() + MINUTE_MS);
    const [{ bookings }] = (await database('analytics_slots')
      .where({ organizer_id: 0 })
      .sum('bookings as bookings')) as [{ bookings: string }];
    const [{ count }] = (await database('bookings').whereNotNull('confirmed_at').count('* as count')) as [
      { count: string },
    ];
    expect(Number(bookings)).toBe(Number(count));
  });
});
