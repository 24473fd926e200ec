import { database } from '../../../src/database';
import {
  anOpenEvent,
  booked,
  cancelling,
  joined,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import type { MailServer } from '../../helpers/servers/mail-server';
import { startMailedWorker, type MailedWorker } from '../../helpers/servers/mailed-worker';
import { allDone } from '../../helpers/messages';
import { aPaidOrder, anUnpaidOrderAt, orderOf, paid, refunding } from '../../helpers/orders';

let mail: MailServer;
let mailed: MailedWorker;
let organizer: TestUser;

beforeAll(async () => {
  mailed = await startMailedWorker();
  ({ mail } = mailed);
  organizer = await theOrganizer();
});
afterAll(() => mailed.stop());
beforeEach(() => {
  mail.mails.length = 0;
});

const cancelEvent = (eventId: number, body: object = {}) =>
  as(organizer).post(`/api/events/${eventId}/cancel`).send(body);

async function previewOf(eventId: number, body: object = {}): Promise<unknown> {
  const answer = await cancelEvent(eventId, body).expect(200);
  return (answer.body as { data: unknown }).data;
}

const NOTHING = { bookings: 0, tickets: 0, refunds: [], mails: 0 };

describe('a cancellation without `confirm: true`', () => {
  it('changes nothing', async () => {
    const event = await anOpenEvent();
    await booked(await registerUser(), event.id);
    for (const body of [{}, { confirm: false }, { reason: 'Storm' }])
      expect(await previewOf(event.id, body)).toMatchObject({ bookings: 1 });
    expect(await database('events').where({ id: event.id }).first()).toMatchObject({ status: 'published' });
    const topics = database('outbox_messages').where('topic', 'event.cancelled');
    expect(await topics.whereRaw("payload->>'eventId' = ?", [String(event.id)])).toEqual([]);
    await booked(await registerUser(), event.id);
  });

  it('returns the refunds to make and the number of mails to send', async () => {
    const first = await aPaidOrder({ currency: 'JPY', basePrice: '1500', totalTickets: 5 }, 2);
    const { event } = first;
    const second = await anUnpaidOrderAt(event);
    await paid(second);
    await anUnpaidOrderAt(event);
    await refunding(organizer, first.orderId, { amount: '500' }).expect(200);
    const [cancelled] = await registerUsers(1);
    const gone = await booked(cancelled!, event.id);
    await cancelling(cancelled!, gone.id).expect(200);
    await booked(cancelled!, event.id);
    const [waiting, deaf] = await registerUsers(2);
    await joined(waiting!, event.id);
    await joined(deaf!, event.id);
    await database('users')
      .where({ id: deaf!.user.id })
      .update({ notification_preferences: { email: { waitlist: false } } });
    await allDone();
    mail.mails.length = 0;

    const preview = await previewOf(event.id);
    // Two paid bookings and two unpaid ones. Of the 4500 paid, 500 are already refunded.
    expect(preview).toEqual({ bookings: 4, tickets: 5, refunds: [{ currency: 'JPY', amount: '4000' }], mails: 7 });

    await cancelEvent(event.id, { confirm: true }).expect(202);
    await allDone();
    expect(mail.mails).toHaveLength(7);
    const { refunds } = await orderOf(first.owner, first.orderId);
    expect(refunds.map(({ amount }) => amount).sort()).toEqual(['2500', '500']);
  });

  it('returns zeros for an event without bookings, even a draft', async () => {
    expect(await previewOf((await anOpenEvent()).id)).toEqual(NOTHING);
    expect(await previewOf((await makeEvent(organizer, { status: 'draft' })).id)).toEqual(NOTHING);
  });

  it('is refused like the cancellation itself', async () => {
    const event = await anOpenEvent();
    await cancelEvent(event.id, { confirm: true }).expect(202);
    expect((await cancelEvent(event.id).expect(409)).body.error.code).toBe('EVENT_CLOSED');
    await as(await registerUser({ role: 'organizer' }))
      .post(`/api/events/${event.id}/cancel`)
      .expect(403);
  });

  it.each([
    ['an unknown field', { reason: 'Storm', foo: 1 }, 'foo'],
    ['text in place of a boolean', { confirm: 'true' }, 'confirm'],
    ['an empty reason', { reason: ' ' }, 'reason'],
    ['a reason that is too long', { reason: 'x'.repeat(501) }, 'reason'],
  ])('is refused with %s', async (_what, body, path) => {
    const answer = await cancelEvent((await anOpenEvent()).id, body).expect(400);
    expect(answer.body.error.details).toEqual([expect.objectContaining({ path })]);
  });
});

describe('the reason for a cancellation', () => {
  it('reaches bookers and waiting users, in the app and by mail, and is in the booking and the audit log', async () => {
    const event = await anOpenEvent({ totalTickets: 1 });
    const [attendee, waiting] = (await registerUsers(2)) as [TestUser, TestUser];
    const booking = await booked(attendee, event.id);
    await joined(waiting, event.id);
    await allDone();
    mail.mails.length = 0;
    await cancelEvent(event.id, { confirm: true, reason: 'The hall is flooded.' }).expect(202);
    await allDone();
    for (const user of [attendee, waiting]) {
      expect(mail.mailsTo(user.user.email)[0]!.text).toContain('The hall is flooded.');
      const { body } = await as(user).get('/api/notifications').expect(200);
      expect(body.data[0].body).toContain('The hall is flooded.');
    }
    expect(await database('bookings').where({ id: booking.id }).first()).toMatchObject({
      cancel_reason: 'The hall is flooded.',
    });
    const entry = await database('audit_entries').where({ action: 'event.cancel', subject_id: event.id }).first();
    expect(entry).toMatchObject({ details: { reason: 'The hall is flooded.' } });
  });

  it('is optional', async () => {
    const event = await anOpenEvent({ totalTickets: 1 });
    const [attendee] = (await registerUsers(1)) as [TestUser];
    await booked(attendee, event.id);
    await allDone();
    mail.mails.length = 0;
    await cancelEvent(event.id, { confirm: true }).expect(202);
    await allDone();
    expect(mail.mailsTo(attendee.user.email)[0]!.text).not.toMatch(/Reason/i);
  });
});
