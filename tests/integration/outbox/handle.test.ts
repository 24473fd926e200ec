import { setTimeout as sleep } from 'node:timers/promises';
import { database, runInTransaction } from '../../../src/database';
import {
  advanceMessage,
  handleMessages,
  recordEffect,
  type Handler,
} from '../../../src/services/outbox/handle-messages';
import { anOpenEvent, booked, registerUser } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { eventually } from '../../helpers/servers/processes';

interface Row {
  status: string;
  attempts: number;
  leased_until: Date | null;
  last_error: string | null;
  available_at: Date | null;
}

/** Inserts a message with the status `queued`. */
async function queued(fields: object = {}): Promise<number> {
  const row = { topic: 'test', payload: {}, status: 'queued', queued_at: database.fn.now(), ...fields };
  const [inserted] = await database('outbox_messages').insert(row).returning<{ id: number }[]>('id');
  return inserted!.id;
}

const handleMessage = (id: number, handler: Handler): Promise<void> => handleMessages([id], () => handler);

const rowOf = (id: number): Promise<Row> => database('outbox_messages').where({ id }).first() as Promise<Row>;

afterEach(() => database('outbox_messages').delete());

describe('handleMessages', () => {
  it('runs the handler to completion once, even if the message is delivered several times', async () => {
    const id = await queued();
    let runs = 0;
    const handler: Handler = async () => {
      runs += 1;
      await sleep(50);
      return 'email';
    };
    await Promise.all(Array.from({ length: 10 }, () => handleMessage(id, handler)));
    await handleMessage(id, handler);
    expect(runs).toBe(1);
    expect(await rowOf(id)).toMatchObject({ status: 'done', attempts: 1, leased_until: null });
    expect(await database('message_effects').where({ message_id: id }).pluck('handler')).toEqual(['email']);
  });

  it('extends the lease for as long as the handler runs', async () => {
    const id = await queued();
    let runs = 0;
    const handler: Handler = async () => {
      runs += 1;
      await sleep(7500);
    };
    const first = handleMessage(id, handler);
    await sleep(7000);
    await handleMessage(id, handler);
    await first;
    expect(runs).toBe(1);
  });

  it('ignores messages that are not in a queue', async () => {
    const ids = [
      await queued({ status: 'new', queued_at: null }),
      await queued({ status: 'parked', parked_at: database.fn.now() }),
      await queued({ status: 'delayed', available_at: database.fn.now() }),
    ];
    const handler = jest.fn(async () => undefined);
    for (const id of [...ids, 2 ** 40]) await handleMessage(id, handler);
    expect(handler).not.toHaveBeenCalled();
  });

  it('delays a failed message, longer each time', async () => {
    const waits: number[] = [];
    for (const attempts of [0, 1, 2, 8]) {
      const id = await queued({ attempts });
      await handleMessage(id, async () => {
        throw new Error('broken');
      });
      const { available_at: until, ...row } = await rowOf(id);
      expect(row).toMatchObject({
        status: 'delayed',
        attempts: attempts + 1,
        last_error: 'broken',
        leased_until: null,
      });
      waits.push(Math.round((until!.getTime() - Date.now()) / 1000));
    }
    expect(waits[0]).toBeLessThanOrEqual(2);
    expect(waits[1]).toBeGreaterThan(waits[0]!);
    expect(waits[2]).toBeGreaterThan(waits[1]!);
    expect(waits[3]).toBeGreaterThan(3000);
    expect(waits[3]).toBeLessThan(4000);
  });

  it('parks a message after ten failures, or after ending its process ten times', async () => {
    const failing = await queued({ attempts: 9 });
    await handleMessage(failing, async () => {
      throw new Error('broken');
    });
    expect(await rowOf(failing)).toMatchObject({ status: 'parked', attempts: 10, last_error: 'broken' });

    const deadly = await queued({ attempts: 10 });
    const handler = jest.fn(async () => undefined);
    await handleMessage(deadly, handler);
    expect(handler).not.toHaveBeenCalled();
    expect(await rowOf(deadly)).toMatchObject({ status: 'parked' });
  });

  it('does not affect a handler that has taken over', async () => {
    const id = await queued();
    await handleMessage(id, async () => {
      // As if another process had taken over, because it believed this handler dead.
      await database('outbox_messages').where({ id }).update({ attempts: 2 });
      throw new Error('late');
    });
    expect(await rowOf(id)).toMatchObject({ status: 'queued', attempts: 2, last_error: null });
  });
});

describe('a chunk of messages', () => {
  const effects = () => database('message_effects').orderBy('message_id').select('message_id', 'handler');

  it('is leased and recorded in few statements', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => queued()));
    let statements = 0;
    const count = (): void => void (statements += 1);
    database.on('query', count);
    await handleMessages(ids, () => async () => 'email');
    database.off('query', count);
    expect(statements).toBeLessThanOrEqual(4);
    expect(await database('outbox_messages').where({ status: 'done' }).count()).toEqual([{ count: 20 }]);
    expect((await effects()).map(({ message_id }) => message_id)).toEqual([...ids].sort((a, b) => a - b));
  });

  it('is done except for a message that fails, which is delayed alone, and another parked', async () => {
    const [good, bad, last, also] = [await queued(), await queued(), await queued({ attempts: 9 }), await queued()];
    await handleMessages([good, bad, last, also], () => async ({ id }) => {
      if (id === bad || id === last) throw new Error('refused');
      return 'email';
    });
    for (const id of [good, also]) expect(await rowOf(id)).toMatchObject({ status: 'done', attempts: 1 });
    expect(await rowOf(bad)).toMatchObject({ status: 'delayed', attempts: 1, last_error: 'refused' });
    expect(await rowOf(last)).toMatchObject({ status: 'parked', attempts: 10, last_error: 'refused' });
    expect(await effects()).toEqual([good, also].map((id) => ({ message_id: id, handler: 'email' })));
  });

  it('does not keep what is finished waiting for a slow message', async () => {
    const [quick, slow] = [await queued(), await queued()];
    const handled = handleMessages([quick, slow], () => async ({ id }) => {
      if (id === slow) await sleep(1500);
      return 'email';
    });
    await sleep(800);
    expect(await rowOf(quick)).toMatchObject({ status: 'done', leased_until: null });
    expect(await rowOf(slow)).toMatchObject({ status: 'queued' });
    await handled;
    expect(await rowOf(slow)).toMatchObject({ status: 'done' });
  });

  it('leaves out messages that others hold', async () => {
    const [free, held] = [await queued(), await queued({ leased_until: new Date(Date.now() + 5000) })];
    const handled: number[] = [];
    await handleMessages(
      [free, held],
      () =>
        async ({ id }) =>
          void handled.push(id),
    );
    expect(handled).toEqual([free]);
    expect(await rowOf(held)).toMatchObject({ status: 'queued', attempts: 0 });
  });
});

describe('steps', () => {
  it('are recorded once, in the transaction of their effect', async () => {
    const id = await queued();
    await expect(
      runInTransaction(async (trx) => {
        expect(await recordEffect(trx, id, 'step')).toBe(true);
        throw new Error('rolled back');
      }),
    ).rejects.toThrow();
    const both = await Promise.all([1, 2].map(() => runInTransaction((trx) => recordEffect(trx, id, 'step'))));
    expect(both.sort()).toEqual([false, true]);
  });

  it('advance only from their current state', async () => {
    const id = await queued();
    const step = () => runInTransaction((trx) => advanceMessage(trx, { messageId: id, from: 0, to: 7 }));
    expect((await Promise.all([step(), step()])).sort()).toEqual([false, true]);
    expect(await step()).toBe(false);
    await eventually(async () => (await database('outbox_messages').where({ id }).first('progress')).progress === 7);
  });
});

describe('parked messages', () => {
  it('are listed with their error, and an admin can retry them', async () => {
    const admin = await registerUser({ role: 'admin' });
    const parked = { status: 'parked', parked_at: database.fn.now(), attempts: 10, last_error: 'Mailbox full' };
    const id = await queued({ ...parked, topic: 'booking.confirmed', payload: { bookingId: 1 } });
    const other = await queued();
    const { body } = await as(admin).get('/api/admin/messages/parked').expect(200);
    expect(body.data).toEqual([
      expect.objectContaining({
        id,
        topic: 'booking.confirmed',
        payload: { bookingId: 1 },
        attempts: 10,
        lastError: 'Mailbox full',
      }),
    ]);
    expect(body.pagination).toMatchObject({ total: 1 });
    const ofTopic = async (topic: string) =>
      (await as(admin).get(`/api/admin/messages/parked?topic=${topic}`).expect(200)).body.data;
    expect(await ofTopic('booking.confirmed')).toEqual(body.data);
    expect(await ofTopic('booking.cancelled')).toEqual([]);
    await as(admin).post(`/api/admin/messages/${id}/retry`).expect(202);
    expect(await rowOf(id)).toMatchObject({ status: 'new', attempts: 0 });
    for (const none of [id, other, 2_000_000_000])
      await as(admin).post(`/api/admin/messages/${none}/retry`).expect(404);
    await database('outbox_messages').delete();
  });

  it('show recipient and subject, and can be retried all at once or by topic', async () => {
    const [admin, owner] = [await registerUser({ role: 'admin' }), await registerUser()];
    const event = await anOpenEvent({ title: 'Jazz' });
    const made = await booked(owner, event.id);
    const [token] = (await database('user_tokens')
      .insert({
        user_id: owner.user.id,
        purpose: 'reset_password',
        token_hash: Buffer.from('x'),
        expires_at: new Date(Date.now() + 1000),
      })
      .returning('id')) as { id: number }[];
    await database('outbox_messages').delete();
    // Date the booking back, as its own messages would be deleted by now.
    await database('bookings')
      .where({ id: made.id })
      .update({ created_at: database.raw("now() - interval '2 days'") });
    const park = (topic: string, payload: object) =>
      queued({ status: 'parked', parked_at: new Date(), topic, payload });
    await park('booking.confirmed', { bookingId: made.id });
    await park('ticket.notice', { ticketId: made.tickets[0]!.id });
    await park('user.password_reset', { userTokenId: token!.id });
    await park('event.updated', { eventId: event.id });
    await park('file.deleted', { keys: ['a'] });
    const { body } = await as(admin).get('/api/admin/messages/parked').expect(200);
    expect(body.data.map((one: Record<string, unknown>) => [one.topic, one.recipient, one.about])).toEqual([
      ['file.deleted', null, null],
      ['event.updated', null, 'Jazz'],
      ['user.password_reset', owner.user.email, null],
      ['ticket.notice', null, `Jazz, booking ${made.reference}`],
      ['booking.confirmed', owner.user.email, `Jazz, booking ${made.reference}`],
    ]);
    const retry = (fields: object) => as(admin).post('/api/admin/messages/parked/retry').send(fields).expect(202);
    expect((await retry({ topic: 'event.updated' })).body.data).toEqual({ count: 1 });
    expect((await retry({})).body.data).toEqual({ count: 4 });
    expect((await retry({})).body.data).toEqual({ count: 0 });
    expect(await database('outbox_messages').distinct('status').pluck('status')).toEqual(['new']);
    await as(owner).post('/api/admin/messages/parked/retry').send({}).expect(403);
    await database('outbox_messages').delete();
  });

  it('are only for admins: 403', async () => {
    for (const role of ['customer', 'organizer'] as const) {
      const user = await registerUser({ role });
      await as(user).get('/api/admin/messages/parked').expect(403);
      await as(user).post('/api/admin/messages/1/retry').expect(403);
    }
  });
});
