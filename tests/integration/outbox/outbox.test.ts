import { setTimeout as sleep } from 'node:timers/promises';
import Redis from 'ioredis';
import { listen } from '../../../src/integrations/listener';
import { database, runInTransaction } from '../../../src/database';
import { insertMessages, notifyRelay, RELAY_CHANNEL, RUSH } from '../../../src/models/outbox/messages';
import { PRIORITY } from '../../../src/lib/priority';
import { addMessages } from '../../../src/services/outbox/add-messages';
import type { RunningWorker } from '../../../src/worker';
import { registerUser, registerUsers, type TestUser } from '../../helpers/accounts';
import { booked, type TestBooking } from '../../helpers/bookings';
import { makeEvent, type TestEvent } from '../../helpers/events';
import { startMailServer, type MailServer } from '../../helpers/servers/mail-server';
import { ageQueued, allDone, hurryDelayed, messagesOf } from '../../helpers/messages';
import { eventually } from '../../helpers/servers/processes';
import { describeWithRedis, testRedisUrl } from '../../helpers/servers/redis';
import { startTestWorker } from '../../helpers/servers/worker';

let mail: MailServer;
let event: TestEvent;

/** Books two tickets for a new user. */
async function book(): Promise<{ customer: TestUser; booking: TestBooking }> {
  const customer = await registerUser();
  return { customer, booking: await booked(customer, event.id, 2) };
}

/** Returns the Message-ID of every mail. */
function messageIds(): string[] {
  return mail.mails.map(({ messageId }) => messageId ?? '');
}

/** Adds `count` reminders of a booking, the only topic that may have several messages per booking. */
async function remind(bookingId: number, count: number): Promise<void> {
  await database.raw(
    `INSERT INTO outbox_messages (topic, payload) SELECT 'booking.reminder', jsonb_build_object('bookingId', ?::int) FROM generate_series(1, ?)`,
    [bookingId, count],
  );
}

beforeAll(async () => {
  mail = await startMailServer();
  const organizer = await registerUser({ role: 'organizer' });
  event = await makeEvent(organizer, {
    title: 'Nachtkonzert',
    venueName: 'Pier 7',
    timezone: 'Europe/Berlin',
    startDate: '2099-07-01T18:00:00Z',
  });
});
afterAll(() => mail.close());
beforeEach(async () => {
  await allDone();
  mail.mails.length = 0;
  mail.refuseWith(undefined);
  mail.takeMs(0);
});

const onPostgres = { title: 'on PostgreSQL', environment: () => ({}), run: describe };
const onRedis = { title: 'on Redis', environment: () => ({ REDIS_URL: testRedisUrl ?? '' }), run: describeWithRedis };

describe.each([onPostgres, onRedis])('messages $title', ({ run, environment }) => {
  run('with a worker', () => {
    let worker: RunningWorker;
    beforeAll(async () => {
      worker = await startTestWorker({ ...environment(), SMTP_URL: mail.url });
    });
    afterAll(() => worker.stop());

    it('sends one mail for a booking, adds a notification in the app, and marks the message as done', async () => {
      const { customer, booking } = await book();
      await allDone();
      const received = mail.mailsTo(customer.user.email);
      expect(received).toHaveLength(1);
      const [confirmation] = received;
      const inZone = { dateStyle: 'full', timeStyle: 'short', timeZone: 'Europe/Berlin' } as const;
      const time = new Intl.DateTimeFormat('en', inZone).format(new Date('2099-07-01T18:00:00Z'));
      expect(time).toMatch(/July 1, 2099.*8:00/);
      for (const part of [confirmation!.text, confirmation!.html]) {
        expect(part).toContain(booking.reference);
        expect(part).toContain('Nachtkonzert');
        expect(part).toContain('Pier 7');
        expect(part).toContain(`${time} (Europe/Berlin)`);
        expect(part).toMatch(/2 tickets/);
      }
      const row = (await messagesOf('booking.confirmed')).find(({ payload }) => payload.bookingId === booking.id)!;
      expect(row).toMatchObject({ status: 'done', attempts: 1, last_error: null });
      expect(confirmation!.messageId).toMatch(new RegExp(`^<message-${row.id}-\\d+@bilten\\.example>$`));
      expect(await database('message_effects').where({ message_id: row.id }).pluck('handler')).toEqual(['email']);
      expect(await database('notifications').where({ message_id: row.id })).toEqual([
        expect.objectContaining({ user_id: customer.user.id, kind: 'booking.confirmed', booking_id: booking.id }),
      ]);
    });

    it('attaches the event for the calendar', async () => {
      const { customer } = await book();
      await allDone();
      const [file] = mail.mailsTo(customer.user.email)[0]!.attachments;
      expect(file).toMatchObject({ filename: 'event.ics', mimeType: 'text/calendar', method: 'PUBLISH' });
      const text = Buffer.from(file!.content as ArrayBuffer).toString();
      expect(text).toContain('SUMMARY:Nachtkonzert');
      expect(text).toContain('DTSTART:20990701T180000Z');
    });

    it('sends nothing for a rolled-back booking', async () => {
      const { booking } = await book();
      await allDone();
      mail.mails.length = 0;
      const before = await messagesOf('booking.confirmed');
      await expect(
        runInTransaction(async (trx) => {
          await addMessages(trx, [{ topic: 'booking.confirmed', payload: { bookingId: booking.id } }]);
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      await book();
      await allDone();
      expect(mail.mails).toHaveLength(1);
      expect(await messagesOf('booking.confirmed')).toHaveLength(before.length + 1);
    });

    it('lets urgent messages overtake hundreds of others', async () => {
      const [many, urgent] = [await book(), await book()];
      await allDone();
      mail.mails.length = 0;
      mail.takeMs(5);
      await remind(many.booking.id, 600);
      await eventually(() => mail.mails.length > 50);
      const payload = { bookingId: urgent.booking.id };
      await runInTransaction((trx) =>
        addMessages(trx, [{ topic: 'booking.reminder', payload, priority: PRIORITY.urgent }]),
      );
      const sentBefore = mail.mails.length;
      await allDone();
      const place = mail.mails.findIndex(({ to }) => to?.[0]?.address === urgent.customer.user.email);
      // Jobs that are running finish first, and the relay sends some more until it next polls the outbox.
      expect(place - sentBefore).toBeLessThan(200);
      expect(mail.mails).toHaveLength(601);
      expect(new Set(messageIds()).size).toBe(601);
    });

    describe('during a rush of sales', () => {
      let rush: NodeJS.Timeout;
      beforeEach(async () => {
        rush = setInterval(() => void notifyRelay(database, { isRush: true }), 50);
        await sleep(100);
      });
      afterEach(() => clearInterval(rush));

      it('sends fifty mails a second, and urgent ones at once', async () => {
        const [many, urgent] = [await book(), await book()];
        await remind(many.booking.id, 400);
        const payload = { bookingId: urgent.booking.id };
        await runInTransaction((trx) =>
          addMessages(trx, [{ topic: 'booking.reminder', payload, priority: PRIORITY.urgent }]),
        );
        const addedAt = performance.now();
        await eventually(() => mail.mailsTo(urgent.customer.user.email).length > 0);
        expect(performance.now() - addedAt).toBeLessThan(1000);
        await sleep(1000);
        const seconds = (performance.now() - addedAt) / 1000;
        expect(mail.mails.length).toBeGreaterThan(25);
        expect(mail.mails.length).toBeLessThanOrEqual(50 * (seconds + 1));
        clearInterval(rush);
        await allDone();
        expect(mail.mails).toHaveLength(403);
      });

      it('puts nothing off for more than a minute', async () => {
        const { booking } = await book();
        await remind(booking.id, 400);
        await database('outbox_messages')
          .where({ status: 'new' })
          .update({ created_at: database.raw("now() - interval '61 seconds'") });
        const agedAt = performance.now();
        await allDone();
        // At fifty a second this takes eight seconds.
        expect(performance.now() - agedAt).toBeLessThan(6000);
      });
    });

    it('retries a failed message, and parks it after ten attempts', async () => {
      const { booking } = await book();
      await allDone();
      mail.mails.length = 0;
      mail.refuseWith({ responseCode: 451, message: 'come back later' });
      await remind(booking.id, 1);
      const last = async () => (await messagesOf('booking.reminder')).at(-1)!;
      await eventually(async () => (await last()).status === 'delayed');
      expect(await last()).toMatchObject({ attempts: 1, last_error: expect.stringContaining('come back later') });
      await eventually(async () => {
        await hurryDelayed();
        return (await last()).status === 'parked';
      });
      expect(await last()).toMatchObject({ attempts: 10, last_error: expect.stringContaining('come back later') });
      expect(await database('notifications').where({ message_id: (await last()).id })).toHaveLength(1);
      expect(mail.mails).toHaveLength(0);
    });

    it('sends mail once the mail server is back', async () => {
      mail.refuseWith({ responseCode: 451, message: 'come back later' });
      const { customer } = await book();
      await eventually(async () => (await messagesOf('booking.confirmed')).at(-1)!.status === 'delayed');
      mail.refuseWith(undefined);
      await hurryDelayed();
      await allDone();
      expect(mail.mailsTo(customer.user.email)).toHaveLength(1);
    });

    it('does not resend mail that is recorded as sent', async () => {
      const { booking } = await book();
      await allDone();
      mail.mails.length = 0;
      const row = (await messagesOf('booking.confirmed')).find(({ payload }) => payload.bookingId === booking.id)!;
      await database('outbox_messages').where({ id: row.id }).update({ status: 'new', done_at: null });
      await allDone();
      expect(mail.mails).toHaveLength(0);
      expect(await database('notifications').where({ message_id: row.id })).toHaveLength(1);
    });

    it('resumes the messages of a dead process', async () => {
      const { booking } = await book();
      await allDone();
      mail.mails.length = 0;
      const lease = database.raw("now() + interval '2 seconds'");
      await database('outbox_messages').insert({
        topic: 'booking.reminder',
        payload: { bookingId: booking.id },
        status: 'queued',
        queued_at: database.raw("now() - interval '1 minute'"),
        leased_until: lease,
        attempts: 1,
      });
      await allDone();
      expect((await messagesOf('booking.reminder')).at(-1)).toMatchObject({ attempts: 2 });
      expect(mail.mails).toHaveLength(1);
    });

    it('parks messages of unknown topics and continues', async () => {
      await database('outbox_messages').insert({ topic: 'of.tomorrow', payload: {} });
      const { customer } = await book();
      await eventually(async () => {
        await hurryDelayed();
        return (await messagesOf('of.tomorrow')).at(-1)!.status === 'parked';
      });
      expect(mail.mailsTo(customer.user.email)).toHaveLength(1);
    });

    it('shares the work with a second worker without sending anything twice', async () => {
      const { booking } = await book();
      await allDone();
      mail.mails.length = 0;
      const second = await startTestWorker({ ...environment(), SMTP_URL: mail.url });
      await remind(booking.id, 300);
      await allDone();
      await second.stop();
      expect(messageIds()).toHaveLength(300);
      expect(new Set(messageIds()).size).toBe(300);
    });
  });
});

describeWithRedis('a queue that loses its jobs', () => {
  it('causes no lost and no duplicate mail', async () => {
    const redis = new Redis(testRedisUrl!);
    const worker = await startTestWorker({ REDIS_URL: testRedisUrl!, SMTP_URL: mail.url });
    const { booking } = await book();
    await allDone();
    mail.mails.length = 0;
    mail.takeMs(20);
    await remind(booking.id, 300);
    await eventually(() => mail.mails.length > 20);
    await redis.flushdb();
    await ageQueued();
    await allDone();
    expect(mail.mails).toHaveLength(300);
    expect(new Set(messageIds()).size).toBe(300);
    await worker.stop();
    await redis.quit();
  });
});

describe('insertMessages', () => {
  it('inserts many messages in one statement, in order', async () => {
    const many = Array.from({ length: 50 }, (_, i) => ({
      topic: 'waitlist.expired' as const,
      payload: { entryId: 1_000_000 + i },
      requestId: i % 2 === 0 ? 'a "request"' : null,
    }));
    let statements = 0;
    const count = (): void => void (statements += 1);
    await runInTransaction(async (trx) => {
      trx.on('query', count);
      await insertMessages(trx, many);
      expect(statements).toBe(1);
    });
    const written = await messagesOf('waitlist.expired');
    expect(written.map(({ payload }) => payload)).toEqual(many.map(({ payload }) => payload));
    expect(written[0]).toMatchObject({ request_id: 'a "request"', priority: 5, status: 'new' });
    await database('outbox_messages').where({ topic: 'waitlist.expired' }).delete();
  });
});

describe('bookings', () => {
  /** Returns what the relay is told while `work` runs. */
  async function toldDuring(work: () => Promise<unknown>): Promise<Set<string>> {
    const told = new Set<string>();
    const listener = listen(RELAY_CHANNEL, (payload) => told.add(payload));
    await eventually(async () => {
      await notifyRelay(database, { isRush: false });
      return told.size > 0;
    });
    told.clear();
    await work();
    await eventually(() => told.size > 0);
    await sleep(100);
    await listener.close();
    return told;
  }

  it('tell the relay of a rush only if many wait', async () => {
    const customers = await registerUsers(60);
    expect(await toldDuring(() => booked(customers[0]!, event.id, 1))).toEqual(new Set(['']));
    const told = await toldDuring(async () => {
      const rush = await runInTransaction(async (trx) => {
        await trx('event_inventory').where({ event_id: event.id }).forUpdate();
        const bookings = Promise.all(customers.slice(1).map((user) => booked(user, event.id, 1)));
        await sleep(200);
        return { bookings };
      });
      await rush.bookings;
    });
    expect(told).toContain(RUSH);
  });
});
