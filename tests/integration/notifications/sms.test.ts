import { remindBookings } from '../../../src/services/notifications/remind-bookings';
import type { RunningWorker } from '../../../src/worker';
import { ACCOUNT_SID, AUTH_TOKEN, startFakeTwilio, type FakeTwilio } from '../../fakes/twilio';
import { database } from '../../../src/database';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  cancelling,
  joined,
  moveEvent,
  registerUser,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { allDone, hurryDelayed, messagesOf } from '../../helpers/messages';
import { eventually } from '../../helpers/servers/processes';
import { startTestWorker } from '../../helpers/servers/worker';

let twilio: FakeTwilio;
let worker: RunningWorker;
let numbers = 0;

beforeAll(async () => {
  twilio = await startFakeTwilio();
  worker = await startTestWorker({
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_FROM: '+15005550006',
    TWILIO_BASE_URL: `${twilio.url}/`,
    FRONTEND_URL: 'https://t.example',
  });
});
afterAll(async () => {
  await worker.stop();
  await twilio.close();
});

const ALL = { waitlist: true, events: true, reminders: true, bookings: true };

/** Creates a user with a phone number who wants text messages. */
async function aReachable(profile: object = {}): Promise<{ user: TestUser; to: string }> {
  const user = await registerUser();
  numbers += 1;
  const to = `+4366412345${String(numbers).padStart(2, '0')}`;
  const phone = to.replace('+43664', '+43 (664) ');
  await as(user)
    .put('/api/auth/profile')
    .send({ phone, notificationPreferences: { sms: ALL }, ...profile })
    .expect(200);
  return { user, to };
}

const sentTo = (number: string): string[] => twilio.sent.filter(({ to }) => to === number).map(({ body }) => body);

async function aWaiting(profile: object = {}) {
  const reachable = await aReachable(profile);
  const { event, owner, held } = await aFullEvent(1);
  await joined(reachable.user, event.id);
  return { ...reachable, event, free: () => cancelling(owner, held.id).expect(200) };
}

describe('text messages', () => {
  it('announce offers, changes, cancellations and reminders, in the right language and time zone', async () => {
    const { to, event, free } = await aWaiting({ locale: 'de-AT' });
    await free();
    await allDone();
    expect(sentTo(to)).toEqual([
      expect.stringMatching(
        new RegExp(`^1 Ticket für ${event.title}: für Sie reserviert bis .* https://t.example/events/${event.id}$`),
      ),
    ]);
    expect(twilio.sent.at(-1)!.from).toBe('+15005550006');

    const { user, to: number } = await aReachable();
    const open = await anOpenEvent({ timezone: 'America/New_York' });
    await booked(user, open.id);
    const organizer = await theOrganizer();
    await as(organizer).put(`/api/events/${open.id}`).send({ venueName: 'New Hall' }).expect(200);
    await allDone();
    await database('bookings')
      .where({ event_id: open.id })
      .update({ created_at: database.raw("now() - interval '2 days'") });
    await moveEvent(open.id, 23);
    expect(await remindBookings()).toBe(1);
    await allDone();
    await as(organizer).post(`/api/events/${open.id}/cancel`).send({ confirm: true }).expect(202);
    await allDone();
    expect(sentTo(number)).toEqual([
      expect.stringContaining(`${open.title} has changed. It is now on `),
      expect.stringContaining(`${open.title} starts on `),
      expect.stringContaining(`${open.title} is cancelled.`),
    ]);
    expect(sentTo(number)[0]).toContain('New Hall');
  });

  it('are sent only to users who want and can receive them', async () => {
    const { user, to, free } = await aWaiting();
    await as(user)
      .put('/api/auth/profile')
      .send({ notificationPreferences: { sms: { waitlist: false } } })
      .expect(200);
    await free();
    const other = await registerUser();
    await database('users')
      .where({ id: other.user.id })
      .update({ phone: '0664 1234567', notification_preferences: { sms: ALL } });
    const open = await anOpenEvent();
    await booked(other, open.id);
    await as(await theOrganizer())
      .put(`/api/events/${open.id}`)
      .send({ venueName: 'New Hall' })
      .expect(200);
    const before = (await messagesOf('sms.due')).length;
    await allDone();
    expect(sentTo(to)).toEqual([]);
    expect(await messagesOf('sms.due')).toHaveLength(before);
  });

  it.each([
    ['refuses requests as too many', () => twilio.limit(2, 0)],
    ['asks for a longer wait', () => twilio.limit(1, 60)],
    ['fails', () => twilio.setDown('oh no')],
  ])('arrive once, without delaying mail, when Twilio %s', async (_what, goWrong) => {
    const { user, to, free } = await aWaiting();
    await allDone();
    goWrong();
    await free();
    await eventually(async () => {
      const { body } = await as(user).get('/api/waitlist/notifications').expect(200);
      return (body as { data: unknown[] }).data.length === 1;
    });
    const offered = await messagesOf('waitlist.offered');
    await eventually(
      async () => (await messagesOf('waitlist.offered')).find(({ id }) => id === offered.at(-1)!.id)?.status === 'done',
    );
    twilio.setDown(undefined);
    await eventually(async () => {
      await hurryDelayed();
      return sentTo(to).length > 0;
    });
    await allDone();
    expect(sentTo(to)).toHaveLength(1);
  });

  it('are not retried if the number has opted out with STOP', async () => {
    const { to, free } = await aWaiting();
    twilio.stop(to);
    const before = twilio.requests.length;
    await free();
    await allDone();
    expect(sentTo(to)).toEqual([]);
    expect(twilio.requests.length - before).toBe(1);
    expect((await messagesOf('sms.due')).at(-1)!.status).toBe('done');
  });

  it('are not sent for an offer that is already over', async () => {
    const { user, to, event, free } = await aWaiting();
    twilio.setDown('away');
    await free();
    await eventually(async () => (await messagesOf('sms.due')).at(-1)?.status === 'delayed');
    await as(user).delete(`/api/waitlist/${event.id}`).expect(204);
    twilio.setDown(undefined);
    await hurryDelayed();
    await allDone();
    expect(sentTo(to)).toEqual([]);
  });
});

describe('the phone number', () => {
  it('needs a country code if text messages are enabled, and is free text otherwise', async () => {
    const user = await registerUser();
    const change = (body: object) => as(user).put('/api/auth/profile').send(body);
    await change({ phone: '0664 1234567' }).expect(200);
    const { body } = await change({ notificationPreferences: { sms: { waitlist: true } } }).expect(400);
    expect(body.error.details[0].path).toBe('phone');
    await change({ phone: '+43 664 1234567', notificationPreferences: { sms: { waitlist: true } } }).expect(200);
    await change({ phone: '0664 1234567' }).expect(400);
    await change({ phone: '' }).expect(200);
  });
});

describe('without Twilio', () => {
  it('shows text messages beside the mail', async () => {
    await worker.stop();
    worker = await startTestWorker();
    const { to, event, free } = await aWaiting();
    await free();
    await allDone();
    const { body } = await anonymous.get(`/dev/sms.json?to=${encodeURIComponent(to)}`).expect(200);
    expect(body.data).toEqual([
      { id: expect.any(String), to, body: expect.stringContaining(event.title), sentAt: expect.any(String) },
    ]);
    const page = await anonymous.get('/dev/mail').expect(200);
    expect(page.text).toContain(to);
  });
});
