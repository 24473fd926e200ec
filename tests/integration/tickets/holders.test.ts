import type { Email } from 'postal-mime';
import { database } from '../../../src/database';
import { remindBookings } from '../../../src/services/notifications/remind-bookings';
import {
  anOpenEvent,
  booked,
  cancelling,
  moveEvent,
  registerUser,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import type { MailServer } from '../../helpers/servers/mail-server';
import { startMailedWorker, type MailedWorker } from '../../helpers/servers/mailed-worker';
import { allDone } from '../../helpers/messages';
import { readPages } from '../../helpers/pdf';
import { transferring } from '../../helpers/tickets';

let mail: MailServer;
let mailed: MailedWorker;

beforeAll(async () => {
  mailed = await startMailedWorker();
  ({ mail } = mailed);
});
afterAll(() => mailed.stop());
beforeEach(async () => {
  await allDone();
  mail.mails.length = 0;
});

let count = 0;
const anAddress = (): string => `holder-${(count += 1)}@stranger.example`;

async function bookedFor(user: TestUser, eventId: number, emails: string[]) {
  const attendees = emails.map((email) => ({ name: 'Bo', email }));
  const { body } = await as(user)
    .post('/api/bookings')
    .send({ eventId, ticketsCount: emails.length, attendees })
    .expect(201);
  return body.data as Awaited<ReturnType<typeof booked>>;
}

const subjectsTo = (email: string): string[] => mail.mailsTo(email).map(({ subject }) => subject ?? '');
const calendarIn = ({ attachments }: Email): string =>
  Buffer.from(attachments.find(({ mimeType }) => mimeType === 'text/calendar')!.content as ArrayBuffer).toString();
const pagesIn = ({ attachments }: Email) =>
  readPages(Buffer.from(attachments.find(({ mimeType }) => mimeType === 'application/pdf')!.content as ArrayBuffer));

/** Books four tickets: one kept, one for a named attendee, one transferred to a user, and one transferred to a stranger. */
async function fourHolders() {
  const event = await anOpenEvent({
    venueName: 'Old hall',
    allowMultipleBookings: true,
    sendTicketsToAttendees: false,
  });
  const [booker, user, attendee, stranger] = [await registerUser(), await registerUser(), anAddress(), anAddress()];
  const made = await bookedFor(booker, event.id, [booker.user.email, attendee, anAddress(), anAddress()]);
  await transferring(booker, made.id, made.tickets[2]!.id, { email: user.user.email }).expect(200);
  await transferring(booker, made.id, made.tickets[3]!.id, { email: stranger }).expect(200);
  await allDone();
  mail.mails.length = 0;
  return {
    event,
    booker,
    made,
    user,
    attendee,
    stranger,
    all: [booker.user.email, user.user.email, attendee, stranger],
  };
}

describe('the holder of a ticket', () => {
  it('gets one mail when the event moves, with the calendar entry of the ticket', async () => {
    const { event, booker, all, user, attendee } = await fourHolders();
    // The same attendee gets another ticket, and the user books one.
    await bookedFor(booker, event.id, [attendee]);
    await booked(user, event.id);
    await allDone();
    mail.mails.length = 0;
    await as(await theOrganizer())
      .put(`/api/events/${event.id}`)
      .send({ venueName: 'New hall' })
      .expect(200);
    await allDone();
    // The booker has two bookings and gets a mail for each.
    expect(mail.mails.map(({ to }) => to![0]!.address).sort()).toEqual([...all, booker.user.email].sort());
    for (const one of mail.mails) {
      expect(one.subject).toBe(`Changed: ${event.title}`);
      expect(one.text).toContain('Venue: was Old hall; is now New hall');
      expect(calendarIn(one)).toContain('METHOD:PUBLISH');
    }
    const uids = mail.mails.map((one) => /^UID:(.*)$/m.exec(calendarIn(one))![1]!.trim());
    expect(new Set(uids).size).toBe(uids.length);
  });

  it('gets a mail when the ticket becomes void, with its booking or its event', async () => {
    for (const end of ['booking', 'event'] as const) {
      const { event, made, user, attendee, stranger, all } = await fourHolders();
      const organizer = await theOrganizer();
      if (end === 'booking') await cancelling(organizer, made.id).expect(200);
      else await as(organizer).post(`/api/events/${event.id}/cancel`).send({ confirm: true });
      await allDone();
      expect(mail.mails.map(({ to }) => to![0]!.address).sort()).toEqual([...all].sort());
      for (const email of [user.user.email, attendee, stranger]) {
        expect(subjectsTo(email)).toEqual([
          end === 'event' ? `${event.title} is cancelled` : `Your ticket for ${event.title} is void`,
        ]);
        expect(calendarIn(mail.mailsTo(email)[0]!)).toMatch(/METHOD:CANCEL[^]*UID:ticket-/);
      }
      const { body } = await as(user).get('/api/notifications').expect(200);
      expect(body.data[0]).toMatchObject({ kind: 'ticket.void', eventId: event.id, bookingId: null });
      mail.mails.length = 0;
    }
  });

  it('gets a reminder, unless they have transferred every ticket', async () => {
    const { event, booker, made, all, stranger } = await fourHolders();
    const giver = await registerUser();
    const given = await booked(giver, event.id);
    await transferring(giver, given.id, given.tickets[0]!.id, { email: stranger }).expect(200);
    await database('bookings')
      .where({ event_id: event.id })
      .update({ created_at: database.raw("now() - interval '2 days'") });
    await moveEvent(event.id, 20);
    await allDone();
    mail.mails.length = 0;
    expect(await remindBookings()).toBe(2);
    await allDone();
    expect(mail.mails.map(({ to }) => to![0]!.address).sort()).toEqual([...all].sort());
    for (const { subject } of mail.mails) expect(subject).toBe(`${event.title} starts soon`);

    mail.mails.length = 0;
    const kept = made.tickets[0]!;
    await transferring(booker, made.id, kept.id, { email: stranger }).expect(200);
    await transferring(booker, made.id, made.tickets[1]!.id, { email: stranger }).expect(200);
    await moveEvent(event.id, 19);
    await allDone();
    mail.mails.length = 0;
    await remindBookings();
    await allDone();
    expect(mail.mails.map(({ to }) => to![0]!.address).sort()).toEqual([stranger, all[1]].sort());
  });

  it('gets no mail about a ticket that they have transferred or never held', async () => {
    const { event, made, user } = await fourHolders();
    const next = anAddress();
    const ticketId = made.tickets[2]!.id;
    await as(user).post(`/api/tickets/${ticketId}/transfer`).send({ name: 'Cy', email: next }).expect(200);
    await allDone();
    mail.mails.length = 0;
    await as(await theOrganizer())
      .put(`/api/events/${event.id}`)
      .send({ venueName: 'New hall' })
      .expect(200);
    await allDone();
    expect(subjectsTo(user.user.email)).toEqual([]);
    expect(subjectsTo(next)).toHaveLength(1);
  });
});

describe('attendees named with an address', () => {
  it('get all their tickets in one mail, with the organizer as Reply-To', async () => {
    const event = await anOpenEvent();
    const booker = await registerUser();
    const [one, two] = [anAddress(), anAddress()];
    const made = await bookedFor(booker, event.id, [one, two, one.toUpperCase(), booker.user.email]);
    await allDone();
    const codes = made.tickets.map(({ code }) => code);
    const pages = (email: string) => pagesIn(mail.mailsTo(email)[0]!).map(({ code }) => code);
    expect([subjectsTo(one), subjectsTo(two)]).toEqual([
      [`Your ticket for ${event.title}`],
      [`Your ticket for ${event.title}`],
    ]);
    expect(pages(one).sort()).toEqual([codes[0], codes[2]].sort());
    expect(pages(two)).toEqual([codes[1]]);
    expect(mail.mailsTo(one)[0]!.replyTo).toMatchObject([{ address: (await theOrganizer()).user.email }]);
    // The booker gets only the confirmation.
    expect(subjectsTo(booker.user.email)).toEqual([`Your booking for ${event.title} is confirmed`]);
  });

  it('get no mail if the event says so, and no more than the limit for strangers', async () => {
    const quiet = await anOpenEvent({ sendTicketsToAttendees: false });
    const booker = await registerUser();
    await bookedFor(booker, quiet.id, [anAddress(), anAddress()]);
    await allDone();
    expect(mail.mails.map(({ to }) => to![0]!.address)).toEqual([booker.user.email]);

    const event = await anOpenEvent({ allowMultipleBookings: true });
    for (let index = 0; index < 3; index += 1) await bookedFor(booker, event.id, Array.from({ length: 10 }, anAddress));
    await allDone();
    expect(mail.mails.filter(({ subject }) => subject === `Your ticket for ${event.title}`)).toHaveLength(20);
  });
});
