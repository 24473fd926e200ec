import { database } from '../../../src/database';
import type { RunningWorker } from '../../../src/worker';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  cancelling,
  entryOf,
  joined,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { inHours } from '../../helpers/events';
import { startMailServer, type MailServer } from '../../helpers/servers/mail-server';
import { allDone, messagesOf } from '../../helpers/messages';
import { eventually } from '../../helpers/servers/processes';
import { startTestWorker } from '../../helpers/servers/worker';

interface Notification {
  id: number;
  kind: string;
  title: string;
  body: string;
  eventId: number | null;
  bookingId: number | null;
  readAt: string | null;
  createdAt: string;
}

let mail: MailServer;
let worker: RunningWorker;

beforeAll(async () => {
  mail = await startMailServer();
  worker = await startTestWorker({
    SMTP_URL: mail.url,
    FRONTEND_URL: 'https://tickets.example/,https://other.example',
  });
});
afterAll(async () => {
  await worker.stop();
  await mail.close();
});

async function notificationsOf(user: TestUser, query = ''): Promise<Notification[]> {
  const { body } = (await as(user).get(`/api/notifications${query}`).expect(200)) as { body: { data: Notification[] } };
  return body.data;
}

const kindsOf = async (user: TestUser): Promise<string[]> => (await notificationsOf(user)).map(({ kind }) => kind);
const subjectsTo = ({ user }: TestUser): string[] => mail.mailsTo(user.email).map(({ subject }) => subject ?? '');

async function prefer(user: TestUser, preferences: object): Promise<void> {
  await database('users').where({ id: user.user.id }).update({ notification_preferences: preferences });
}

describe('listNotifications', () => {
  it('lists the caller’s notifications, newest first, by page and read state', async () => {
    const [user, other] = await registerUsers(2);
    const events = await Promise.all([anOpenEvent(), anOpenEvent(), anOpenEvent()]);
    for (const { id } of events) await booked(user!, id);
    await booked(other!, events[0].id);
    await allDone();

    const all = await notificationsOf(user!);
    expect(all.map(({ eventId }) => eventId)).toEqual(events.map(({ id }) => id).reverse());
    expect(all[0]).toEqual({
      id: expect.any(Number),
      kind: 'booking.confirmed',
      title: `Your booking for ${events[2].title} is confirmed`,
      body: expect.stringMatching(/^You have 1 ticket\. Your booking reference is [A-Z0-9]+\.$/),
      eventId: events[2].id,
      bookingId: expect.any(Number),
      readAt: null,
      createdAt: expect.any(String),
    });
    const { body } = await as(user!).get('/api/notifications?limit=2&page=2').expect(200);
    expect(body).toMatchObject({
      data: [{ id: all[2]!.id }],
      pagination: { page: 2, limit: 2, total: 3, pages: 2, totalCapped: false },
    });

    const { body: read } = await as(user!).put(`/api/notifications/${all[1]!.id}/read`).expect(200);
    expect(read.data).toMatchObject({ id: all[1]!.id, readAt: expect.any(String) });
    expect((await notificationsOf(user!, '?unread=true')).map(({ id }) => id)).toEqual([all[0]!.id, all[2]!.id]);
    // `readAt` keeps the first time.
    const { body: again } = await as(user!).put(`/api/notifications/${all[1]!.id}/read`).expect(200);
    expect(again.data.readAt).toBe(read.data.readAt);

    const { body: count } = await as(user!).put('/api/notifications/read-all').expect(200);
    expect(count.data).toEqual({ count: 2 });
    expect(await notificationsOf(user!, '?unread=true')).toEqual([]);
    expect(await notificationsOf(other!, '?unread=true')).toHaveLength(1);
  });

  it('404 for another user’s notification, 401 without a token, 400 for an invalid id', async () => {
    const [user, other] = await registerUsers(2);
    await booked(user!, (await anOpenEvent()).id);
    await allDone();
    const [own] = await notificationsOf(user!);
    await as(other!).put(`/api/notifications/${own!.id}/read`).expect(404);
    await as(other!).put('/api/notifications/2147483648/read').expect(400);
    await anonymous.get('/api/notifications').expect(401);
    await anonymous.put('/api/notifications/read-all').expect(401);
    expect((await notificationsOf(user!))[0]!.readAt).toBeNull();
  });
});

describe('notifications about bookings', () => {
  it('send a mail on cancellation that removes the event from the calendar', async () => {
    const user = await registerUser();
    const event = await anOpenEvent();
    const { id, reference } = await booked(user, event.id);
    await allDone();
    await cancelling(user, id).send({ reason: 'Broke a leg' }).expect(200);
    await allDone();
    expect(await kindsOf(user)).toEqual(['booking.cancelled', 'booking.confirmed']);
    const [, cancelled] = mail.mailsTo(user.user.email);
    expect(cancelled!.text).toContain('as you requested');
    expect(cancelled!.text).toContain('Broke a leg');
    expect(cancelled!.text).toContain(reference);
    const [file] = cancelled!.attachments;
    expect(file).toMatchObject({ method: 'CANCEL' });
    expect(Buffer.from(file!.content as ArrayBuffer).toString()).toMatch(/METHOD:CANCEL[^]*STATUS:CANCELLED/);
  });

  it('send no confirmation if the booking is cancelled before the mail is sent', async () => {
    const user = await registerUser();
    const event = await anOpenEvent();
    const { id } = await booked(user, event.id);
    await allDone();
    mail.mails.length = 0;
    await cancelling(user, id).expect(200);
    await allDone();
    await database('outbox_messages')
      .whereRaw(`topic = 'booking.confirmed' AND payload @> ?`, [JSON.stringify({ bookingId: id })])
      .update({ status: 'new', done_at: null });
    await allDone();
    expect(subjectsTo(user)).toEqual([`Your booking for ${event.title} is cancelled`]);
  });

  it('are sent to the booker when the worker expires a booking', async () => {
    const user = await registerUser();
    const event = await anOpenEvent({ basePrice: '25.00' });
    const { id } = await booked(user, event.id, 2);
    const { held } = await database('event_inventory').where({ event_id: event.id }).first('held');
    expect(held).toBe(2);
    await database('bookings')
      .where({ id })
      .update({
        created_at: database.raw("now() - interval '2 minutes'"),
        expires_at: database.raw("now() - interval '1 minute'"),
      });
    await eventually(async () => (await database('bookings').where({ id }).first('status')).status === 'expired');
    await allDone();
    expect(await kindsOf(user)).toEqual(['booking.expired']);
    expect(mail.mailsTo(user.user.email)[0]!.text).toContain('$50.00');
  });

  it('include only those that the user wants, and required mail', async () => {
    const [noMail, noApp] = await registerUsers(2);
    await prefer(noMail!, { email: { bookings: false } });
    await prefer(noApp!, { inApp: { bookings: false } });
    const event = await anOpenEvent();
    await booked(noMail!, event.id);
    await booked(noApp!, event.id);
    await allDone();
    expect([subjectsTo(noMail!).length, (await notificationsOf(noMail!)).length]).toEqual([1, 1]);
    expect([subjectsTo(noApp!).length, (await notificationsOf(noApp!)).length]).toEqual([1, 0]);
    const { id } = await booked(noMail!, (await anOpenEvent({ basePrice: '5.00' })).id);
    await database('bookings')
      .where({ id })
      .update({ expires_at: database.raw("created_at + interval '1 ms'") });
    await eventually(async () => (await kindsOf(noMail!))[0] === 'booking.expired');
    await allDone();
    expect(subjectsTo(noMail!)).toHaveLength(1);
  });
});

describe('notifications about waitlists', () => {
  it('announce an offer urgently, by mail and in the app, with its deadline and where to book', async () => {
    const { event, owner, held } = await aFullEvent(2, { timezone: 'America/New_York' });
    const user = await registerUser();
    await joined(user, event.id, { ticketsCount: 2 });
    await cancelling(owner, held.id).expect(200);
    await allDone();
    const [offer] = mail.mailsTo(user.user.email);
    expect(offer!.subject).toBe(`2 tickets for ${event.title}: book in time to get them`);
    const { offer_expires_at: deadline } = (await entryOf(user, event.id)) as { offer_expires_at: Date };
    const inZone = new Intl.DateTimeFormat('en', {
      dateStyle: 'full',
      timeStyle: 'short',
      timeZone: 'America/New_York',
    });
    expect(offer!.text).toContain(`Until: ${inZone.format(deadline)} (America/New_York)`);
    expect(offer!.text).toContain(`https://tickets.example/events/${event.id}`);
    const { body } = await as(user).get('/api/waitlist/notifications').expect(200);
    expect(body.data).toEqual([expect.objectContaining({ kind: 'waitlist.offered', eventId: event.id })]);
    expect(await database('outbox_messages').where({ topic: 'waitlist.offered' }).distinct().pluck('priority')).toEqual(
      [1],
    );
  });

  it('announce the end of an offer, which the worker passes on to the next entry', async () => {
    const { event, owner, held } = await aFullEvent();
    const [first, second] = await registerUsers(2);
    await joined(first!, event.id);
    await joined(second!, event.id);
    await cancelling(owner, held.id).expect(200);
    await allDone();
    await database('waitlist_entries')
      .where({ user_id: first!.user.id })
      .update({ offer_expires_at: database.raw("offered_at + interval '1 ms'") });
    await eventually(async () => (await entryOf(second!, event.id)).status === 'offered');
    await allDone();
    expect(await kindsOf(first!)).toEqual(['waitlist.expired', 'waitlist.offered']);
    expect(await kindsOf(second!)).toEqual(['waitlist.offered']);
  });
});

describe('notifications about changes of an event', () => {
  it('reach all bookers in the app, and by mail only if the time or place changes', async () => {
    const users = await registerUsers(3);
    const [, , silent] = users;
    const event = await anOpenEvent({ venueName: 'Old Hall' });
    for (const user of users) await booked(user, event.id);
    await prefer(silent!, { inApp: { events: false }, email: { events: false } });
    await allDone();
    mail.mails.length = 0;
    const update = (fields: object) =>
      theOrganizer().then((organizer) => as(organizer).put(`/api/events/${event.id}`).send(fields).expect(200));

    await update({ description: 'Now with more brass.' });
    await allDone();
    expect(mail.mails).toHaveLength(0);
    expect((await notificationsOf(users[0]!))[0]).toMatchObject({
      kind: 'event.updated',
      title: `${event.title} has changed`,
      body: 'The organizer changed the following: description.',
      eventId: event.id,
    });

    // Changes that attendees cannot see, or that do not affect them, notify nobody.
    const told = (await notificationsOf(users[0]!)).length;
    for (const fields of [
      { metadata: { crew: 4 } },
      { tags: ['new'] },
      { totalTickets: 90 },
      { maxPerUser: 3 },
      { basePrice: '12.00' },
    ])
      await update(fields);
    await allDone();
    expect([mail.mails.length, (await notificationsOf(users[0]!)).length]).toEqual([0, told]);

    await update({ venueName: 'New Hall', startDate: inHours(800) });
    await allDone();
    expect(mail.mails.map(({ to }) => to?.[0]?.address).sort()).toEqual(
      [users[0]!.user.email, users[1]!.user.email].sort(),
    );
    expect(mail.mails[0]!.text).toContain('New Hall');
    expect(mail.mails[0]!.attachments).toHaveLength(1);
    expect((await notificationsOf(users[1]!)).map(({ kind }) => kind)).toEqual([
      'event.updated',
      'event.updated',
      'booking.confirmed',
    ]);
    expect(await kindsOf(silent!)).toEqual(['booking.confirmed']);
  });

  it('resume where they stopped', async () => {
    const users = await registerUsers(4);
    const event = await anOpenEvent();
    const bookings = [];
    for (const user of users) bookings.push(await booked(user, event.id));
    await allDone();
    mail.mails.length = 0;
    const before = { startsAt: 0, endsAt: 1, timezone: 'UTC', venueName: null, venueAddress: null };
    const [change] = await database('event_changes').insert({ event_id: event.id, before }).returning('id');
    for (const [topic, payload] of [
      ['event.updated', { eventId: event.id, changed: ['venueName'] }],
      ['event.rescheduled', { changeId: change!.id as number }],
    ] as const)
      await database('outbox_messages').insert({ topic, payload, progress: bookings[1]!.id });
    await allDone();
    const told = mail.mails.map(({ to }) => to?.[0]?.address);
    expect(told.sort()).toEqual([users[2]!.user.email, users[3]!.user.email].sort());
    expect((await kindsOf(users[1]!))[0]).toBe('booking.confirmed');
    expect((await kindsOf(users[3]!))[0]).toBe('event.updated');
  });

  it('tell everybody once that it is cancelled, with all bookings cancelled and the waitlist closed', async () => {
    const { event, owner } = await aFullEvent(1);
    const waiting = await registerUser();
    await joined(waiting, event.id);
    await allDone();
    mail.mails.length = 0;
    await as(await theOrganizer())
      .post(`/api/events/${event.id}/cancel`)
      .send({ confirm: true })
      .expect(202);
    await allDone();
    expect(await database('bookings').where({ event_id: event.id }).pluck('status')).toEqual(['cancelled']);
    expect((await entryOf(waiting, event.id)).status).toBe('left');
    expect((await notificationsOf(owner))[0]).toMatchObject({
      kind: 'event.cancelled',
      title: `${event.title} is cancelled`,
    });
    expect(await kindsOf(waiting)).toEqual(['waitlist.closed']);
    expect([subjectsTo(owner), subjectsTo(waiting)]).toEqual([
      [`${event.title} is cancelled`],
      [`${event.title} is cancelled`],
    ]);
    expect(mail.mailsTo(owner.user.email)[0]!.attachments[0]).toMatchObject({ method: 'CANCEL' });

    await database('outbox_messages')
      .whereRaw(`topic = 'event.cancelled' AND payload @> ?`, [JSON.stringify({ eventId: event.id })])
      .update({ status: 'new', done_at: null });
    await allDone();
    expect(mail.mails).toHaveLength(2);
  });

  it('tell waiting users that it is deleted', async () => {
    const { event, owner, held } = await aFullEvent(1);
    const waiting = await registerUser();
    await joined(waiting, event.id, { ticketsCount: 1 });
    await cancelling(owner, held.id).expect(200);
    await as(await theOrganizer())
      .delete(`/api/events/${event.id}`)
      .expect(204);
    await allDone();
    expect((await entryOf(waiting, event.id)).status).toBe('left');
    expect((await kindsOf(waiting))[0]).toBe('waitlist.closed');
  });
});

describe('notifications about accounts', () => {
  const account = () => ({
    email: `ada-${Math.random()}@example.com`,
    password: 'a quite long pass phrase',
    firstName: '<Ada>',
  });

  it('contain a working link and token to verify the address', async () => {
    const { email, ...rest } = account();
    await anonymous
      .post('/api/auth/register')
      .send({ email, ...rest })
      .expect(201);
    await allDone();
    const [sent] = mail.mailsTo(email);
    const token = /Token: (\S+)/.exec(sent!.text!)![1]!;
    expect(sent!.text).toContain(`https://tickets.example/verify-email?token=${token}`);
    // The address is not verified, so the mail contains no name.
    expect(sent!.html).toContain('<p>Hello,</p>');
    expect(sent!.html).not.toContain('Ada');
    expect(sent!.attachments).toHaveLength(0);
    await anonymous.post('/api/auth/verify-email').send({ token }).expect(200);
    expect((await database('users').where({ email }).first('email_verified_at')).email_verified_at).not.toBeNull();
  });

  it('send a token to reset the password urgently, and nothing to an address without an account', async () => {
    const { email, ...rest } = account();
    await anonymous
      .post('/api/auth/register')
      .send({ email, ...rest })
      .expect(201);
    await allDone();
    mail.mails.length = 0;
    await anonymous.post('/api/auth/forgot-password').send({ email }).expect(202);
    await anonymous.post('/api/auth/forgot-password').send({ email: 'nobody@example.com' }).expect(202);
    await allDone();
    expect(mail.mails).toHaveLength(1);
    const token = /reset-password\?token=(\S+)/.exec(mail.mails[0]!.text!)![1]!;
    await anonymous.post('/api/auth/reset-password').send({ token, password: 'another long pass phrase' }).expect(200);
    expect((await messagesOf('user.password_reset')).map(({ status }) => status)).toEqual(['done', 'done']);
    expect(
      await database('outbox_messages').where({ topic: 'user.password_reset' }).distinct().pluck('priority'),
    ).toEqual([1]);
  });
});
