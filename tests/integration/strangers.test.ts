import type { Email } from 'postal-mime';
import { database } from '../../src/database';
import { anOpenEvent, booked, cancelling, registerUser, theOrganizer, type TestUser } from '../helpers/bookings';
import { anonymous, as } from '../helpers/client';
import { inHours, makeEvent, type TestEvent } from '../helpers/events';
import type { MailServer } from '../helpers/servers/mail-server';
import { startMailedWorker, type MailedWorker } from '../helpers/servers/mailed-worker';
import { allDone } from '../helpers/messages';
import { anUnpaidOrderAt, paid, type PricedBooking } from '../helpers/orders';
import { eventually } from '../helpers/servers/processes';
import { readPages } from '../helpers/pdf';
import { transferring } from '../helpers/tickets';

let mail: MailServer;
let mailed: MailedWorker;

beforeAll(async () => {
  mailed = await startMailedWorker({
    PUBLIC_URL: 'https://api.example',
    MAIL_TICKETS: 'attach',
    EVENT_MESSAGES_PER_SECOND: '100',
  });
  ({ mail } = mailed);
});
afterAll(() => mailed.stop());
beforeEach(async () => {
  await allDone();
  mail.mails.length = 0;
});

const LURE = 'You won! https://evil.example';
const bodies = ({ text = '', html = '' }: Email): string => `${text}\n${html}`;
const headerOf = (sent: Email, name: string) => sent.headers.find(({ key }) => key === name)?.value;
const wayOutOf = (sent: Email): string =>
  /^<https:\/\/api\.example(\/\S+)>$/.exec(headerOf(sent, 'list-unsubscribe') ?? '')![1]!;

/** Sets a name that the API would refuse now, as in rows from before it checked names. */
const rename = (user: TestUser, name: string) =>
  database('users').where({ id: user.user.id }).update({ first_name: name });

async function anEventFor(organizer: TestUser, fields: object = {}): Promise<TestEvent> {
  return makeEvent(organizer, { totalTickets: 200, allowMultipleBookings: true, ...fields });
}

describe('names', () => {
  const refused = [
    'Win at bit.ly/x',
    'A\u202eda',
    'hxxp://evil.example',
    '[win](evil)',
    'bit。ly',
    'evil .com',
    'localhost:3000/x',
  ];
  const taken = ["Seán O'Brien", 'J. R. R. Tolkien', 'Dr. med. Ana-Maria'];

  it.each(['firstName', 'lastName', 'name'])('of accounts are checked: %s', async (field) => {
    const user = await registerUser();
    const account = { email: `${Math.random()}@example.com`, password: 'a long enough pass phrase' };
    for (const name of refused) {
      const { body } = await anonymous
        .post('/api/auth/register')
        .send({ ...account, [field]: name })
        .expect(400);
      expect(body.error.details[0]).toMatchObject({ path: field });
      if (field !== 'name')
        await as(user)
          .put('/api/auth/profile')
          .send({ [field]: name })
          .expect(400);
    }
    for (const name of field === 'name' ? [] : taken)
      await as(user)
        .put('/api/auth/profile')
        .send({ [field]: name })
        .expect(200);
  });

  it('of attendees, new holders, events, ticket types and seats are checked', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const user = await registerUser();
    const event = await anEventFor(organizer);
    const made = await booked(user, event.id);
    const startDate = inHours(700);
    const attempts = (name: string) => [
      as(user)
        .post('/api/bookings')
        .send({
          eventId: event.id,
          items: [{ ticketTypeId: event.ticketTypes[0]!.id, quantity: 1 }],
          attendees: [{ name }],
        }),
      transferring(user, made.id, made.tickets[0]!.id, { name }),
      as(organizer)
        .post('/api/events')
        .send({ title: name, startDate, ticketTypes: [{ name }] }),
      as(organizer).put(`/api/events/${event.id}`).send({ title: name }),
      as(organizer).post(`/api/events/${event.id}/ticket-types`).send({ name }),
      as(organizer).put(`/api/events/${event.id}/ticket-types/${event.ticketTypes[0]!.id}`).send({ name }),
    ];
    for (const name of refused) {
      for (const attempt of attempts(name)) await attempt.expect(400);
      const seats = (section: object) =>
        as(organizer)
          .post(`/api/events/${event.id}/seats`)
          .send({ sections: [{ name: 'S', rows: [{ name: 'A', count: 1 }], ...section }] });
      await seats({ name }).expect(400);
      await seats({ rows: [{ name: name.slice(0, 20), count: 1 }] }).expect(400);
    }
    for (const name of taken) for (const attempt of attempts(name)) expect((await attempt).status).not.toBe(400);
  });
});

describe('mail to an unverified address', () => {
  it('contains no text by other users: registering, booking, cancelling', async () => {
    const organizer = await theOrganizer();
    const victim = await registerUser({ isVerified: false });
    await rename(victim, LURE);
    const event = await anEventFor(organizer);
    await anonymous.post('/api/auth/forgot-password').send({ email: victim.user.email }).expect(202);
    await as(victim).post('/api/auth/resend-verification').expect(202);
    const { id } = await booked(victim, event.id);
    await allDone();
    await cancelling(organizer, id).send({ reason: LURE }).expect(200);
    await allDone();
    const sent = mail.mailsTo(victim.user.email);
    expect(sent).toHaveLength(4);
    for (const one of sent) {
      expect(`${one.subject} ${bodies(one)}`).not.toMatch(/evil|You won/);
      expect(one.text).toMatch(/^Hello,/);
    }
  });

  it('greets users with a verified address', async () => {
    const user = await registerUser();
    const { id } = await booked(user, (await anOpenEvent()).id);
    await allDone();
    await cancelling(await theOrganizer(), id)
      .send({ reason: 'The hall is too small' })
      .expect(200);
    await allDone();
    for (const one of mail.mailsTo(user.user.email)) expect(one.text).toMatch(/^Hello Ada,/);
    expect(mail.mailsTo(user.user.email)[1]!.text).toContain('The hall is too small');
  });

  it('removes links from existing rows, and from the venue', async () => {
    const user = await registerUser();
    const event = await anEventFor(await theOrganizer(), { venueName: 'Hall, see evil.example/map' });
    await database('events').where({ id: event.id }).update({ title: LURE });
    const [{ id, tickets }, victim] = [await booked(user, event.id, 2), await registerUser({ isVerified: false })];
    await booked(victim, event.id);
    await transferring(user, id, tickets[0]!.id, { name: 'Bo', email: 'bo@stranger.example' }).expect(200);
    await allDone();
    const [sent] = mail.mailsTo('bo@stranger.example');
    expect(`${sent!.subject} ${bodies(sent!)}`).not.toContain('evil');
    expect(sent!.text).toMatch(/^Hello,\n[^]*Hall, see/);
    const printedFor = (email: string): string => {
      const files = mail.mailsTo(email).flatMap(({ attachments }) => attachments);
      const pdf = files.find(({ mimeType }) => mimeType === 'application/pdf')!;
      return JSON.stringify(readPages(Buffer.from(pdf.content as ArrayBuffer)));
    };
    for (const email of ['bo@stranger.example', victim.user.email]) {
      expect(printedFor(email)).toContain('Hall, see');
      expect(printedFor(email)).not.toContain('evil');
    }
    expect(printedFor(user.user.email)).toContain('evil.example/map');
  });

  it('can be stopped permanently with one click; after that, tickets cannot be transferred to the address', async () => {
    const [user, victim] = [await registerUser(), await registerUser({ isVerified: false })];
    // This user will get no mail. The invariants expect mail only for users with default preferences.
    await database('users')
      .where({ id: victim.user.id })
      .update({ notification_preferences: { sms: {} } });
    const event = await anEventFor(await theOrganizer());
    const { id, tickets } = await booked(user, event.id, 2);
    const to = { name: 'Cy', email: 'Cy@Stranger.example' };
    await transferring(user, id, tickets[0]!.id, to).expect(200);
    await booked(victim, event.id);
    await allDone();
    const [toStranger] = mail.mailsTo('cy@stranger.example');
    const [toVictim] = mail.mailsTo(victim.user.email);
    for (const one of [toStranger!, toVictim!]) {
      expect(headerOf(one, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
      expect(bodies(one)).toContain(wayOutOf(one));
      const page = await anonymous.get(wayOutOf(one)).expect(200);
      expect(page.text).toContain('Stop all email from Bilten');
      const done = await anonymous.post(wayOutOf(one)).expect(200);
      expect(done.text).toContain('no longer send email to this address');
    }
    const refusal = await transferring(user, id, tickets[1]!.id, to).expect(400);
    expect(refusal.body.error.details[0]).toMatchObject({ path: 'email' });
    await booked(victim, event.id);
    // Mail about account security still arrives, and verifying the address enables other mail again.
    await anonymous.post('/api/auth/forgot-password').send({ email: victim.user.email }).expect(202);
    await allDone();
    expect(mail.mailsTo('cy@stranger.example')).toHaveLength(1);
    expect(mail.mailsTo(victim.user.email).map(({ subject }) => subject)).toEqual([
      expect.stringContaining('is confirmed'),
      'Reset your password',
    ]);
    await database('users').where({ id: victim.user.id }).update({ email_verified_at: new Date() });
    await booked(victim, event.id);
    await allDone();
    const last = mail.mailsTo(victim.user.email).at(-1)!;
    expect(last.subject).toContain('is confirmed');
    expect(headerOf(last, 'list-unsubscribe')).toBeUndefined();
  });
});

describe('mail to strangers per day', () => {
  it('from a booker: 20 until a payment, even concurrently; addresses with an account do not count', async () => {
    const organizer = await theOrganizer();
    const user = await registerUser();
    const event = await anEventFor(organizer);
    const [known, ...bookings] = [
      await registerUser(),
      ...(await Promise.all([10, 10, 6].map((count) => booked(user, event.id, count)))),
    ];
    const tickets = bookings.flatMap(({ id: bookingId, tickets: own }) => own.map(({ id }) => ({ bookingId, id })));
    const pass = ({ bookingId, id }: { bookingId: number; id: number }, email = `passed-${id}@stranger.example`) =>
      transferring(user, bookingId, id, { name: 'Bo', email });
    const [forKnown, spare, last, ...many] = tickets;
    await pass(forKnown!, known.user.email).expect(200);
    const answers = await Promise.all(many.map((ticket) => pass(ticket)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(3);
    expect(Number(refused[0]!.headers['retry-after'])).toBeLessThanOrEqual(86_400);
    // The refused transfers have changed nothing.
    expect(await database('tickets').where({ event_id: event.id }).sum('transfers as sum')).toEqual([{ sum: 21 }]);
    await pass(spare!, known.user.email).expect(200);

    const bought = (await booked(user, (await anEventFor(organizer, { basePrice: '10.00' })).id)) as PricedBooking;
    await paid({ owner: user, orderId: bought.order.id });
    await pass(last!).expect(200);
  });

  it('from an organizer: 50 until a sale; each mail names its author and has an unsubscribe link', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const event = await anEventFor(organizer, { title: 'Jazz', sendTicketsToAttendees: false });
    const user = await registerUser();
    for (let booking = 0; booking < 6; booking += 1)
      await as(user)
        .post('/api/bookings')
        .send({
          eventId: event.id,
          ticketsCount: 9,
          attendees: Array.from({ length: 9 }, (_, seat) => ({
            name: 'Bo',
            email: `named-${booking}-${seat}@stranger.example`,
          })),
        })
        .expect(201);
    await allDone();
    mail.mails.length = 0;
    const message = { subject: 'You won', body: 'Doors at seven.\n\nClaim it at bit.ly/x, now.' };
    const send = async () => {
      const { body } = await as(organizer).post(`/api/events/${event.id}/message`).send(message).expect(202);
      const path = `/api/events/${event.id}/messages/${body.data.id}`;
      await eventually(async () => (await as(organizer).get(path)).body.data.status === 'completed');
      return (await as(organizer).get(path)).body.data as object;
    };
    expect(await send()).toMatchObject({ recipients: 54, sent: 50, skipped: 4 });
    const [sent] = mail.mails;
    expect(sent!.subject).toBe('A message about Jazz');
    expect(sent!.text).toMatch(
      /^Hello,\n\nAda Lovelace, who organizes Jazz, writes:\n\nYou won\n\nDoors at seven\.\n\nClaim it at … now\./,
    );
    expect(bodies(sent!)).not.toContain('bit.ly');
    expect(bodies(sent!)).toContain(wayOutOf(sent!));
    mail.mails.length = 0;
    expect(await send()).toMatchObject({ sent: 0, skipped: 54 });
    const priced = await anEventFor(organizer, { basePrice: '10.00' });
    await paid(await anUnpaidOrderAt(priced));
    expect(await send()).toMatchObject({ sent: 54, skipped: 0 });
  });
});
