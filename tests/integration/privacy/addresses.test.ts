import { database } from '../../../src/database';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import { anOpenEvent, booked, theOrganizer } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import type { MailServer } from '../../helpers/servers/mail-server';
import { startMailedWorker, type MailedWorker } from '../../helpers/servers/mailed-worker';
import { allDone } from '../../helpers/messages';
import { eventually } from '../../helpers/servers/processes';
import { transferring } from '../../helpers/tickets';

// Anybody can register any address, so data is matched by address only for verified addresses.

let mail: MailServer;
let mailed: MailedWorker;

beforeAll(async () => {
  mailed = await startMailedWorker();
  ({ mail } = mailed);
});
afterAll(() => mailed.stop());

const SUBJECT = 'Doors open at seven';
let number = 0;
const anAddress = (): string => `victim-${(number += 1)}@example.com`;

async function heldBy(user: TestUser): Promise<Record<string, Record<string, unknown>[]>> {
  const { body } = await as(user).get('/api/users/me/export').expect(200);
  return (body as { data: Record<string, Record<string, unknown>[]> }).data;
}

/** Transfers a ticket to this address, optionally with a booking of a squatter before or after, and sends an announcement. */
async function aGuest(email: string, { squatter, order }: { squatter?: TestUser; order?: string } = {}): Promise<void> {
  const booker = await registerUser();
  const event = await anOpenEvent();
  if (squatter && order === 'earlier') await booked(squatter, event.id);
  const booking = await booked(booker, event.id);
  await transferring(booker, booking.id, booking.tickets[0]!.id, { name: 'Grace Hopper', email }).expect(200);
  if (squatter && order === 'later') await booked(squatter, event.id);
  await write(event.id);
}

async function write(eventId: number): Promise<void> {
  await as(await theOrganizer())
    .post(`/api/events/${eventId}/message`)
    .send({ subject: SUBJECT, body: 'Please come early.' })
    .expect(202);
  const isDone = () =>
    database('event_message_recipients AS r')
      .join('event_messages AS m', 'm.id', 'r.event_message_id')
      .where('m.event_id', eventId)
      .whereIn('r.status', ['sent', 'skipped'])
      .first('r.id');
  await eventually(isDone);
  await eventually(
    async () => !(await database('event_message_recipients').whereIn('status', ['waiting', 'queued']).first('id')),
  );
  await allDone();
}

const refusesMail = async (user: TestUser): Promise<unknown> =>
  as(user)
    .put('/api/auth/profile')
    .send({ notificationPreferences: { email: { messages: false } } })
    .expect(200);
// Recipients without a verified address get a neutral subject.
const messagesTo = (email: string) =>
  mail.mailsTo(email).filter(({ subject }) => [SUBJECT, 'A message about Jazz on the Quay'].includes(subject!));
const erasing = (user: TestUser) => as(user).delete('/api/users/me').send({ password: PASSWORD }).expect(204);
const rowsAbout = async (email: string): Promise<number> => {
  const [tickets, recipients] = await Promise.all([
    database('tickets').where({ attendee_email: email }).select('id'),
    database('event_message_recipients').where({ email }).select('id'),
  ]);
  return tickets.length + recipients.length;
};

describe('an unverified address', () => {
  it('does not reveal data of others, suppress their mail, or erase their names', async () => {
    const email = anAddress();
    const squatter = await registerUser({ email, isVerified: false });
    await refusesMail(squatter);
    await aGuest(email);
    expect(messagesTo(email)).toHaveLength(1);
    const held = await heldBy(squatter);
    expect(held.ticketsReceived).toEqual([]);
    expect(held.messagesReceived).toEqual([]);
    const { body } = await as(squatter).get('/api/notifications').expect(200);
    expect(JSON.stringify(body)).not.toContain(SUBJECT);
    await erasing(squatter);
    expect(await rowsAbout(email)).toBe(2);
  });

  it('does not suppress mail to others by booking the same event earlier or later', async () => {
    for (const order of ['earlier', 'later']) {
      const email = anAddress();
      const squatter = await registerUser({ email, isVerified: false });
      await refusesMail(squatter);
      await aGuest(email, { squatter, order });
      expect([order, messagesTo(email).length]).toEqual([order, 1]);
    }
  });

  it('keeps the account’s own mail and preferences', async () => {
    const [reader, refuser] = [await registerUser({ isVerified: false }), await registerUser({ isVerified: false })];
    await refusesMail(refuser);
    const event = await anOpenEvent();
    for (const user of [reader, refuser]) await booked(user, event.id);
    await write(event.id);
    expect(messagesTo(reader.user.email)).toHaveLength(1);
    expect(messagesTo(refuser.user.email)).toEqual([]);
    expect((await heldBy(refuser)).messagesReceived).toHaveLength(1);
  });
});

describe('a verified address', () => {
  it('belongs to the account: in the export, for preferences and for erasure', async () => {
    const email = anAddress();
    const guest = await registerUser({ email });
    await refusesMail(guest);
    await aGuest(email);
    expect(messagesTo(email)).toEqual([]);
    const held = await heldBy(guest);
    expect(held.ticketsReceived).toHaveLength(1);
    expect(held.messagesReceived).toHaveLength(1);
    await erasing(guest);
    expect(await rowsAbout(email)).toBe(0);
  });
});
