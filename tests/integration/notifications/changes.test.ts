import { database } from '../../../src/database';
import { remindBookings } from '../../../src/services/notifications/remind-bookings';
import type { RunningWorker } from '../../../src/worker';
import {
  anOpenEvent,
  booked,
  cancelling,
  joined,
  moveEvent,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { inHours, makeEvent } from '../../helpers/events';
import { startMailServer, type MailServer } from '../../helpers/servers/mail-server';
import { allDone, hurryDelayed, messagesOf } from '../../helpers/messages';
import { startTestWorker } from '../../helpers/servers/worker';

let mail: MailServer;
let worker: RunningWorker;

beforeAll(async () => {
  mail = await startMailServer();
  worker = await startTestWorker({ SMTP_URL: mail.url });
});
afterAll(async () => {
  await worker.stop();
  await mail.close();
});
beforeEach(async () => {
  await hurryDelayed();
  await allDone();
  mail.mails.length = 0;
});

const update = async (eventId: number, fields: object) =>
  as(await theOrganizer())
    .put(`/api/events/${eventId}`)
    .send(fields)
    .expect(200);

async function aGuest(fields: object = {}) {
  const event = await anOpenEvent({ venueName: 'Old hall', ...fields });
  const guest = await registerUser();
  await booked(guest, event.id);
  await allDone();
  mail.mails.length = 0;
  return { event, guest };
}

/** Makes changes that one mail announces together, even on a slow machine. */
async function changing(eventId: number, ...steps: object[]): Promise<void> {
  const ahead = inHours(1);
  for (const fields of steps) {
    await update(eventId, fields);
    // Postpone the mail after each step, so that the worker does not send it yet.
    await database('outbox_messages')
      .where({ topic: 'event.rescheduled', status: 'delayed' })
      .update({ available_at: ahead });
  }
  await hurryDelayed();
  await allDone();
}

const textsTo = ({ user }: TestUser): string[] => mail.mailsTo(user.email).map(({ text }) => text ?? '');

describe('changes of time and place', () => {
  it('made together send one mail that shows the old and the new state', async () => {
    const { event, guest } = await aGuest();
    await changing(
      event.id,
      { venueName: 'Town hall' },
      { startDate: inHours(800) },
      { venueName: 'New hall', title: 'Jazz indoors' },
    );
    expect(textsTo(guest)).toEqual([expect.stringContaining('Venue: was Old hall; is now New hall')]);
    expect(textsTo(guest)[0]).toMatch(/Time: was .+; is now .+\n/);
    expect(textsTo(guest)[0]).not.toContain('Town hall');
  });

  it('made within five minutes of a mail send one more mail after that time', async () => {
    const { event, guest } = await aGuest();
    await update(event.id, { venueName: 'Town hall' });
    await allDone();
    await update(event.id, { venueName: 'New hall' });
    await update(event.id, { venueAddress: 'Pier 4' });
    const waiting = (await messagesOf('event.rescheduled')).at(-1) as unknown as { status: string; available_at: Date };
    expect(waiting.status).toBe('delayed');
    expect(waiting.available_at.getTime() - Date.now()).toBeGreaterThan(200_000);
    expect(textsTo(guest)).toHaveLength(1);
    await hurryDelayed();
    await allDone();
    expect(textsTo(guest).slice(1)).toEqual([expect.stringContaining('Venue: was Town hall; is now New hall, Pier 4')]);
  });

  it('that are reverted send no mail', async () => {
    const { event, guest } = await aGuest();
    await changing(event.id, { venueName: 'Town hall' }, { venueName: 'Old hall' });
    expect(textsTo(guest)).toEqual([]);
  });

  it('made concurrently create one row and one message', async () => {
    const { event, guest } = await aGuest();
    await update(event.id, { venueName: 'Town hall' });
    await allDone();
    mail.mails.length = 0;
    // A mail has just been sent, so the next changes are collected for one later mail.
    const seatingPlans = ['Hall A', 'Hall B', 'Hall C', 'Hall D'];
    await Promise.all(seatingPlans.map((venueName) => update(event.id, { venueName })));
    expect(await database('event_changes').where({ event_id: event.id, told_at: null })).toHaveLength(1);
    expect(await database('outbox_messages').where({ topic: 'event.rescheduled', status: 'delayed' })).toHaveLength(1);
    await hurryDelayed();
    await allDone();
    expect(textsTo(guest)).toEqual([expect.stringContaining('Venue: was Town hall; is now Hall ')]);
  });
});

describe('reminders', () => {
  it('are sent once on the day before, and not for later bookings', async () => {
    const [early, late, gone] = await registerUsers(3);
    const event = await anOpenEvent();
    await booked(early!, event.id);
    const { id } = await booked(gone!, event.id);
    await cancelling(gone!, id).expect(200);
    await database('bookings')
      .where({ event_id: event.id })
      .update({ created_at: database.raw("now() - interval '2 days'") });
    await moveEvent(event.id, 23);
    await booked(late!, event.id);
    await allDone();
    mail.mails.length = 0;
    expect(await remindBookings()).toBe(1);
    expect(await remindBookings()).toBe(0);
    await allDone();
    // After the event moves, it sends a new reminder.
    await moveEvent(event.id, 22);
    expect(await remindBookings()).toBe(1);
    expect(await remindBookings()).toBe(0);
    await moveEvent(event.id, 100);
    expect(await remindBookings()).toBe(0);
    await allDone();
    expect(mail.mails).toHaveLength(2);
    mail.mails.pop();
    expect(mail.mails.map(({ to }) => to?.[0]?.address)).toEqual([early!.user.email]);
    expect(mail.mails[0]!.subject).toBe(`${event.title} starts soon`);
    const { body } = await as(early!).get('/api/notifications').expect(200);
    expect(body.data[0]).toMatchObject({ kind: 'booking.reminder' });
  });
});

describe('a ticket type that is withdrawn', () => {
  it('notifies users who waited for it, and nobody else', async () => {
    const organizer = await theOrganizer();
    const event = await makeEvent(organizer, {
      ticketTypes: [
        { name: 'Stalls', quantity: 0 },
        { name: 'Balcony', quantity: 0 },
      ],
    });
    const [stalls, balcony] = event.ticketTypes;
    const [waiting, other] = [await registerUser(), await registerUser()];
    await joined(waiting, event.id, { ticketTypeId: stalls!.id });
    await joined(other, event.id, { ticketTypeId: balcony!.id });
    await as(organizer).delete(`/api/events/${event.id}/ticket-types/${stalls!.id}`).expect(204);
    await allDone();
    expect(mail.mails.map(({ to, subject }) => [to![0]!.address, subject])).toEqual([
      [waiting.user.email, `You are no longer on the waitlist for ${event.title}`],
    ]);
    const { body } = await as(waiting).get('/api/notifications').expect(200);
    expect(body.data[0]).toMatchObject({ kind: 'waitlist.closed', eventId: event.id });
  });
});
