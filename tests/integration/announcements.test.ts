import { database } from '../../src/database';
import { getUnsubscribeUrl } from '../../src/services/unsubscribe/unsubscribe-links';
import { hashAddress } from '../../src/services/unsubscribe/unsubscribe-links';
import type { RunningWorker } from '../../src/worker';
import {
  anOpenEvent,
  booked,
  cancelling,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestUser,
} from '../helpers/bookings';
import { anonymous, as } from '../helpers/client';
import { inHours, makeEvent, type TestTicketType } from '../helpers/events';
import { startMailServer, type MailServer } from '../helpers/servers/mail-server';
import { allDone, messagesOf } from '../helpers/messages';
import { eventually } from '../helpers/servers/processes';
import { transferring } from '../helpers/tickets';
import { startTestWorker } from '../helpers/servers/worker';

interface Progress {
  id: number;
  status: string;
  recipients: number;
  sent: number;
  skipped: number;
  left: number;
}

let mail: MailServer;
let worker: RunningWorker;
const settings = () => ({ SMTP_URL: mail.url, EVENT_MESSAGES_PER_SECOND: '4', PUBLIC_URL: 'https://api.example' });

beforeAll(async () => {
  mail = await startMailServer();
  worker = await startTestWorker(settings());
});
afterAll(async () => {
  await worker.stop();
  await mail.close();
});
beforeEach(async () => {
  await allDone();
  mail.mails.length = 0;
});

const MESSAGE = { subject: 'Doors open at seven', body: 'Please come early.\n\nSee you!' };

async function writing(eventId: number, body: object = MESSAGE): Promise<Progress> {
  const answer = await as(await theOrganizer())
    .post(`/api/events/${eventId}/message`)
    .send(body)
    .expect(202);
  return (answer.body as { data: Progress }).data;
}

async function progressOf(eventId: number, messageId: number): Promise<Progress> {
  const { body } = await as(await theOrganizer())
    .get(`/api/events/${eventId}/messages/${messageId}`)
    .expect(200);
  return (body as { data: Progress }).data;
}

const completed = (eventId: number, messageId: number) =>
  eventually(async () => (await progressOf(eventId, messageId)).status === 'completed');
const readers = (): string[] => mail.mails.map(({ to }) => to![0]!.address!).sort();
const addresses = (...users: TestUser[]): string[] => users.map(({ user }) => user.email).sort();
const linkIn = (text: string): string => /https:\/\/api\.example(\/api\/unsubscribe\/\S+)/.exec(text)![1]!;

describe('sendEventMessage', () => {
  it('reaches each ticket holder once, by mail and in the app, and reports its progress', async () => {
    const [one, two, gone, giving] = (await registerUsers(4)) as [TestUser, TestUser, TestUser, TestUser];
    const event = await anOpenEvent({ allowMultipleBookings: true });
    await booked(one, event.id, 2);
    await booked(one, event.id);
    await booked(two, event.id);
    await cancelling(gone, (await booked(gone, event.id)).id).expect(200);
    const given = await booked(giving, event.id);
    await transferring(giving, given.id, given.tickets[0]!.id, { name: 'Bo', email: 'Bo@Example.com' }).expect(200);
    await allDone();
    mail.mails.length = 0;

    const accepted = await writing(event.id);
    expect(accepted).toMatchObject({ ...MESSAGE, eventId: event.id, status: 'sending', ticketTypeIds: null });
    await completed(event.id, accepted.id);
    await allDone();
    expect(readers()).toEqual([...addresses(one, two), 'bo@example.com'].sort());
    expect(await progressOf(event.id, accepted.id)).toMatchObject({ recipients: 3, sent: 3, skipped: 0, left: 0 });
    const [sent] = mail.mailsTo(one.user.email);
    expect(sent!.subject).toBe(MESSAGE.subject);
    for (const part of ['Please come early.', 'See you!', event.title]) expect(sent!.text).toContain(part);
    const { body } = await as(one).get('/api/notifications').expect(200);
    expect(body.data[0]).toMatchObject({ kind: 'event.message', title: MESSAGE.subject, eventId: event.id });
    const { body: list } = await as(await theOrganizer())
      .get(`/api/events/${event.id}/messages`)
      .expect(200);
    expect(list.data).toEqual([await progressOf(event.id, accepted.id)]);
  });

  it('reaches only holders of the types it names', async () => {
    const [stalls, balcony] = (await registerUsers(2)) as [TestUser, TestUser];
    const event = await makeEvent(await theOrganizer(), { ticketTypes: [{ name: 'Stalls' }, { name: 'Balcony' }] });
    const [first, second] = event.ticketTypes as [TestTicketType, TestTicketType];
    for (const [user, { id }] of [
      [stalls, first],
      [balcony, second],
    ] as const)
      await as(user)
        .post('/api/bookings')
        .send({ eventId: event.id, items: [{ ticketTypeId: id, quantity: 1 }] })
        .expect(201);
    await allDone();
    mail.mails.length = 0;
    const { id } = await writing(event.id, { ...MESSAGE, ticketTypeIds: [second.id] });
    await completed(event.id, id);
    expect(readers()).toEqual(addresses(balcony));
    const other = await anOpenEvent();
    await as(await theOrganizer())
      .post(`/api/events/${other.id}/message`)
      .send({ ...MESSAGE, ticketTypeIds: [second.id] })
      .expect(400);
  });

  it('is sent at a limited rate, does not delay urgent mail, and arrives once even if the worker is killed', async () => {
    const users = await registerUsers(24);
    const event = await anOpenEvent();
    for (const user of users) await booked(user, event.id);
    await allDone();
    mail.mails.length = 0;
    const begun = performance.now();
    const { id } = await writing(event.id);
    await eventually(() => mail.mails.length >= 4);
    const urgent = await registerUser();
    await anonymous.post('/api/auth/forgot-password').send({ email: urgent.user.email }).expect(202);
    await eventually(() => mail.mailsTo(urgent.user.email).length === 1);
    expect((await progressOf(event.id, id)).left).toBeGreaterThan(0);
    await worker.stop();
    // The state after a worker was killed while it collected recipients and added their messages.
    await database('outbox_messages')
      .where({ topic: 'event.message' })
      .update({ status: 'new', done_at: null, progress: 0 });
    worker = await startTestWorker(settings());
    await completed(event.id, id);
    await allDone();
    expect(performance.now() - begun).toBeGreaterThan(4000);
    expect(readers().filter((address) => address !== urgent.user.email)).toEqual(addresses(...users));
    const posted = await messagesOf('event.message_due');
    expect(new Set(posted.map(({ payload }) => payload.recipientId)).size).toBe(posted.length);
  });

  it('400, 401, 403, 404, and 429 after ten announcements a day', async () => {
    const event = await anOpenEvent();
    const organizer = await theOrganizer();
    const post = (user: TestUser, id = event.id, body: object = MESSAGE) =>
      as(user).post(`/api/events/${id}/message`).send(body);
    for (const wrong of [
      {},
      { subject: 'x' },
      { ...MESSAGE, subject: 'a\nBcc: x' },
      { ...MESSAGE, subject: 'Doors \u202enepo' },
      { ...MESSAGE, body: ' ' },
      { ...MESSAGE, to: 'all' },
    ])
      await post(organizer, event.id, wrong).expect(400);
    await anonymous.post(`/api/events/${event.id}/message`).send(MESSAGE).expect(401);
    await post(await registerUser()).expect(403);
    await post(await registerUser({ role: 'organizer' })).expect(403);
    await post(organizer, 2_000_000_000).expect(404);
    const other = await anOpenEvent();
    const { id } = await writing(other.id);
    await as(organizer).get(`/api/events/${event.id}/messages/${id}`).expect(404);
    const all = await Promise.all(Array.from({ length: 12 }, () => post(organizer)));
    expect(all.map(({ status }) => status).sort()).toEqual([...Array<number>(10).fill(202), 429, 429]);
    const refused = all.find(({ status }) => status === 429)!;
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(86_000);
  });
});

describe('unsubscribing', () => {
  async function aMessageTo(
    user: TestUser,
    profile: object = {},
  ): Promise<{ text: string; headers: Map<string, string>; eventId: number }> {
    await as(user)
      .put('/api/auth/profile')
      .send({ firstName: 'Ada', ...profile })
      .expect(200);
    const event = await anOpenEvent();
    await booked(user, event.id);
    const { id } = await writing(event.id);
    await completed(event.id, id);
    const sent = mail.mailsTo(user.user.email).find(({ text }) => text!.includes('Please come early.'))!;
    return {
      text: sent.text!,
      headers: new Map(sent.headers.map(({ key, value }) => [key, value])),
      eventId: event.id,
    };
  }

  it('asks for confirmation, works signed out, and keeps transactional mail', async () => {
    const user = await registerUser();
    const { text, headers, eventId } = await aMessageTo(user, { locale: 'de' });
    const path = linkIn(text);
    expect(headers.get('list-unsubscribe')).toBe(`<https://api.example${path}>`);
    expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(text).toContain('Guten Tag Ada,');

    // Mail programs and scanners open links before people do.
    const page = await anonymous.get(path).expect(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('<html lang="de">');
    expect(page.text).toContain('<form method="post">');
    const wants = async () =>
      (await as(user).get('/api/auth/profile').expect(200)).body.data.notificationPreferences.email as Record<
        string,
        boolean
      >;
    expect((await wants()).messages).toBe(true);

    // Mail programs send either kind of form, with this field only (RFC 8058).
    await anonymous.post(path).field('List-Unsubscribe', 'One-Click').expect(200);
    for (const wrong of [
      anonymous.post(path).field('foo', '1'),
      anonymous.post(path).attach('file', Buffer.from('x'), 'x'),
    ])
      await wrong.expect(400);
    await anonymous.post(path).set('Content-Type', 'multipart/form-data; boundary=a').send('x').expect(400);
    const done = await anonymous.post(path).type('form').send({ 'List-Unsubscribe': 'One-Click' }).expect(200);
    expect(done.text).toContain('role="status"');
    await anonymous.post(path).expect(200);
    expect(await wants()).toEqual({
      bookings: true,
      events: true,
      waitlist: true,
      reminders: true,
      support: true,
      messages: false,
    });

    mail.mails.length = 0;
    const { id } = await writing(eventId);
    await completed(eventId, id);
    expect(await progressOf(eventId, id)).toMatchObject({ recipients: 1, sent: 0, skipped: 1, left: 0 });
    await booked(user, (await anOpenEvent()).id);
    await allDone();
    expect(mail.mails.map(({ subject }) => subject)).toEqual([expect.stringMatching(/^Ihre Buchung/)]);
  });

  it('works for an address without an account, without storing it', async () => {
    const giving = await registerUser();
    const event = await anOpenEvent();
    const { id, tickets } = await booked(giving, event.id);
    await transferring(giving, id, tickets[0]!.id, { name: 'Cy', email: 'cy@example.com' }).expect(200);
    const first = await writing(event.id);
    await completed(event.id, first.id);
    // The mail about the transfer has a link too, and may come later.
    const message = mail.mailsTo('cy@example.com').find(({ text }) => text!.includes('Please come early.'))!;
    await anonymous.post(linkIn(message.text!)).expect(200);
    const second = await writing(event.id);
    await completed(event.id, second.id);
    expect(await progressOf(event.id, second.id)).toMatchObject({ sent: 0, skipped: 1 });
    expect(await database('unsubscribed_addresses').select('address_hash', 'kind')).toEqual([
      { address_hash: hashAddress('CY@example.com'), kind: 'messages' },
    ]);
  });

  it('ends reminders through the link in a reminder', async () => {
    const user = await registerUser();
    const event = await makeEvent(await theOrganizer(), { startDate: inHours(23) });
    const { id } = await booked(user, event.id);
    await database('bookings')
      .where({ id })
      .update({ created_at: database.raw("now() - interval '2 days'") });
    await database('outbox_messages').insert({ topic: 'booking.reminder', payload: { bookingId: id } });
    await allDone();
    const reminder = mail.mailsTo(user.user.email).find(({ subject }) => subject!.includes('starts soon'))!;
    await anonymous.post(linkIn(reminder.text!)).expect(200);
    const { body } = await as(user).get('/api/auth/profile').expect(200);
    expect(body.data.notificationPreferences.email).toMatchObject({ reminders: false, messages: true });
  });

  it('returns 404 for a forged or altered link', async () => {
    const [one, two] = await registerUsers(2);
    const token = getUnsubscribeUrl({ userId: one!.user.id, kind: 'messages' }).split('/').at(-1)!;
    const [, , signature] = token.split('.');
    for (const wrong of [
      'x',
      'messages.u1',
      `messages.u${two!.user.id}.${signature}`,
      `reminders.u${one!.user.id}.${signature}`,
      `${token}x`,
    ]) {
      await anonymous.get(`/api/unsubscribe/${wrong}`).expect(404);
      await anonymous.post(`/api/unsubscribe/${wrong}`).expect(404);
    }
    await anonymous.get(`/api/unsubscribe/${token}`).expect(200);
  });
});
