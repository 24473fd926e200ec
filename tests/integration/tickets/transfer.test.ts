import { database } from '../../../src/database';
import type { RunningWorker } from '../../../src/worker';
import {
  anOpenEvent,
  booked,
  cancelling,
  codeOf,
  messagesAbout,
  moveEvent,
  registerUser,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { violations } from '../../helpers/invariants';
import { startMailServer, type MailServer } from '../../helpers/servers/mail-server';
import { allDone } from '../../helpers/messages';
import { readPages } from '../../helpers/pdf';
import {
  checkingIn,
  heldBy,
  takingBack,
  ticketsOf,
  transferring,
  transferringHeld,
  type TestTicket,
} from '../../helpers/tickets';
import { startTestWorker } from '../../helpers/servers/worker';

const aBooking = async (count = 1, fields: Record<string, unknown> = {}) => {
  const event = await anOpenEvent({ venueName: 'Pier 4', ...fields });
  const owner = await registerUser();
  const made = await booked(owner, event.id, count);
  return { event, owner, made, ticket: made.tickets[0]!, organizer: await theOrganizer() };
};

const to = ({ user }: TestUser) => ({ name: 'Grace Hopper', email: user.email.toUpperCase() });

/** Books two tickets and transfers one of them to a user. */
const aTransferred = async () => {
  const sale = await aBooking(2);
  const holder = await registerUser();
  await transferring(sale.owner, sale.made.id, sale.ticket.id, to(holder)).expect(200);
  return { ...sale, holder, kept: sale.made.tickets[1]! };
};

afterAll(async () => expect(await violations(database)).toEqual([]));

describe('transferTicket', () => {
  let mail: MailServer;
  let worker: RunningWorker;
  beforeAll(async () => {
    mail = await startMailServer();
    worker = await startTestWorker({ SMTP_URL: mail.url });
  });
  afterAll(async () => {
    await allDone();
    await worker.stop();
    await mail.close();
  });

  const mailedCode = async (email: string): Promise<string | null> => {
    await allDone();
    const pdf = mail
      .mailsTo(email)
      .at(-1)!
      .attachments.find(({ mimeType }) => mimeType === 'application/pdf');
    return readPages(Buffer.from(pdf!.content as ArrayBuffer))[0]!.code;
  };

  it('mails a new code to the new holder only, and voids the old one', async () => {
    const { event, owner, made, ticket, organizer } = await aBooking(2);
    const email = `grace-${ticket.id}@example.com`;
    const { body } = await transferring(owner, made.id, ticket.id, { email }).expect(200);
    const given = { ...ticket, code: null, attendeeName: 'Grace Hopper', status: 'transferred' };
    expect(body.data).toEqual(given);
    expect(await messagesAbout({ ticketId: ticket.id })).toEqual([
      { topic: 'ticket.transferred', payload: { ticketId: ticket.id, transfer: 1 } },
    ]);
    const code = await mailedCode(email);
    expect(mail.mailsTo(email)).toMatchObject([{ subject: `Your ticket for ${event.title}` }]);
    // The address is not verified, so the mail contains no text by other users.
    expect(mail.mailsTo(email)[0]!.text).toMatch(/^Hello,\n/);

    const seen = [
      await as(owner).get(`/api/bookings/${made.id}`).expect(200),
      await as(owner).get(`/api/bookings/reference/${made.reference}`).expect(200),
      await as(owner).get('/api/bookings').expect(200),
      await as(owner).get('/api/bookings/my-bookings').expect(200),
      await as(owner).get('/api/tickets').expect(200),
      await as(owner).get('/api/users/me/export').expect(200),
      await as(organizer).get(`/api/bookings/${made.id}`).expect(200),
      await as(organizer).get(`/api/events/${event.id}/attendees`).expect(200),
      await as(organizer).get(`/api/events/${event.id}/check-in`).expect(200),
    ];
    for (const { text } of seen) expect(text).not.toContain(code);
    expect(await ticketsOf(owner, made.id)).toEqual([given, made.tickets[1]]);
    const pdf = await as(owner).get(`/api/bookings/${made.id}/tickets.pdf`).expect(200);
    expect(readPages(pdf.body as Buffer).map((page) => page.code)).toEqual([made.tickets[1]!.code]);

    expect(codeOf(await checkingIn(organizer, event.id, ticket.code).expect(409))).toBe('TICKET_VOID');
    await checkingIn(organizer, event.id, code).expect(200);
  });

  it('returns the same response for the same idempotency key, without a code', async () => {
    const { owner, made, ticket } = await aBooking();
    const first = await transferring(owner, made.id, ticket.id).set('Idempotency-Key', 'to Grace').expect(200);
    const again = await transferring(owner, made.id, ticket.id).set('Idempotency-Key', 'to Grace').expect(200);
    expect(again.body).toEqual(first.body);
    expect(again.body.data.code).toBeNull();
    expect(await messagesAbout({ ticketId: ticket.id })).toHaveLength(1);
  });

  it('can be repeated from holder to holder and back, through either route', async () => {
    const { event, made, owner, ticket, holder, organizer } = await aTransferred();
    const third = await registerUser();
    const [held] = await heldBy(holder);
    const { body } = await transferringHeld(holder, ticket.id, to(third)).expect(200);
    expect(body.data).toMatchObject({ code: null, status: 'transferred' });
    expect(await heldBy(holder)).toEqual([]);
    expect(codeOf(await checkingIn(organizer, event.id, held!.code).expect(409))).toBe('TICKET_VOID');
    for (const transfer of [transferringHeld(holder, ticket.id), transferring(holder, made.id, ticket.id)])
      await transfer.expect(404);
    for (const transfer of [transferringHeld(owner, ticket.id), transferring(owner, made.id, ticket.id)])
      expect(codeOf(await transfer.expect(409))).toBe('TICKET_TRANSFERRED');

    await transferring(third, made.id, ticket.id, to(owner)).expect(200);
    const back = (await ticketsOf(owner, made.id)).find(({ id }) => id === ticket.id)!;
    expect(back).toMatchObject({ status: 'valid', code: expect.any(String) });
    expect((await heldBy(owner)).map(({ code }) => code)).toContain(back.code);
    await checkingIn(organizer, event.id, back.code).expect(200);
  });

  it('to the holder themselves creates a new code', async () => {
    const { event, owner, made, ticket, organizer } = await aBooking();
    const { body } = await transferring(owner, made.id, ticket.id, to(owner)).expect(200);
    const fresh = body.data as TestTicket;
    expect(fresh).toMatchObject({ id: ticket.id, status: 'valid', code: expect.any(String) });
    expect(fresh.code).not.toBe(ticket.code);
    expect(await ticketsOf(owner, made.id)).toEqual([fresh]);
    await checkingIn(organizer, event.id, ticket.code).expect(409);
    await checkingIn(organizer, event.id, fresh.code).expect(200);
  });

  it('succeeds for one of many concurrent requests', async () => {
    const { owner, made, ticket, event, organizer } = await aBooking();
    const receivers = await Promise.all(Array.from({ length: 5 }, () => registerUser()));
    const answers = await Promise.all(receivers.map((user) => transferring(owner, made.id, ticket.id, to(user))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    const held = (await Promise.all(receivers.map((user) => heldBy(user)))).flat();
    expect(held).toMatchObject([{ id: ticket.id }]);
    await checkingIn(organizer, event.id, held[0]!.code).expect(200);
  });

  it('ALREADY_CHECKED_IN, TICKET_VOID, EVENT_NOT_BOOKABLE: for checked-in and void tickets, and past events', async () => {
    const { event, owner, made, ticket, organizer } = await aBooking(2);
    await checkingIn(organizer, event.id, ticket.code).expect(200);
    expect(codeOf(await transferring(owner, made.id, ticket.id).expect(409))).toBe('ALREADY_CHECKED_IN');
    await moveEvent(event.id, -3);
    expect(codeOf(await transferring(owner, made.id, made.tickets[1]!.id).expect(409))).toBe('EVENT_NOT_BOOKABLE');
    await moveEvent(event.id, -1);
    await transferring(owner, made.id, made.tickets[1]!.id).expect(200);
    await cancelling(organizer, made.id).expect(200);
    expect(codeOf(await transferring(owner, made.id, ticket.id).expect(409))).toBe('TICKET_VOID');
    expect(await messagesAbout({ ticketId: ticket.id })).toEqual([]);
  });

  it('either checks in or transfers if both are requested at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { event, owner, made, ticket, organizer } = await aBooking();
      const [scan, passing] = await Promise.all([
        checkingIn(organizer, event.id, ticket.code),
        transferring(owner, made.id, ticket.id),
      ]);
      expect([scan.status, passing.status].sort()).toEqual([200, 409]);
    }
  });

  it('404: for users who neither booked nor hold it, and for a ticket of another booking', async () => {
    const { made, owner, ticket, organizer } = await aBooking();
    const other = await aBooking();
    for (const user of [organizer, other.owner, await registerUser({ role: 'admin' })]) {
      await transferring(user, made.id, ticket.id).expect(404);
      await transferringHeld(user, ticket.id).expect(404);
    }
    await transferring(owner, made.id, other.ticket.id).expect(404);
    await transferring(owner, made.id, 2_000_000_000).expect(404);
    expect(await ticketsOf(owner, made.id)).toEqual([ticket]);
  });

  it.each([[{ name: '' }], [{ name: undefined }], [{ email: 'grace' }], [{ email: undefined }], [{ id: 1 }]])(
    '400: %p',
    async (fields) => {
      const { owner, made, ticket } = await aBooking();
      for (const transfer of [
        transferring(owner, made.id, ticket.id, fields),
        transferringHeld(owner, ticket.id, fields),
      ])
        expect(codeOf(await transfer.expect(400))).toBe('VALIDATION_ERROR');
    },
  );
});

describe('listTickets', () => {
  it('lists the tickets that a user kept or received; only the holder gets documents', async () => {
    const { event, made, owner, ticket, holder, kept, organizer } = await aTransferred();
    const [received, ...more] = await heldBy(holder);
    expect(more).toEqual([]);
    expect(received).toMatchObject({
      id: ticket.id,
      code: expect.stringMatching(/^[A-Z2-7]{143}$/),
      ticketTypeName: 'General admission',
      attendeeName: 'Grace Hopper',
      status: 'valid',
      bookingId: made.id,
      reference: made.reference,
      event: { id: event.id, title: event.title },
    });
    expect(await heldBy(owner)).toMatchObject([{ id: kept.id, code: kept.code, transferredAt: null }]);

    const pdf = await as(holder).get(`/api/tickets/${ticket.id}.pdf`).expect(200);
    expect(readPages(pdf.body as Buffer)).toMatchObject([{ code: received!.code }]);
    const { text } = await as(holder).get(`/api/tickets/${ticket.id}/calendar.ics`).expect(200);
    expect(text).toContain(`SUMMARY:${event.title}`);
    for (const user of [owner, organizer, await registerUser()]) {
      await as(user).get(`/api/tickets/${ticket.id}.pdf`).expect(404);
      await as(user).get(`/api/tickets/${ticket.id}/calendar.ics`).expect(404);
    }
    await checkingIn(organizer, event.id, received!.code).expect(200);
    expect((await heldBy(holder))[0]!.checkedInAt).toEqual(expect.any(String));
  });

  it('lists nothing for an unverified address, and everything once it is verified', async () => {
    const { owner, made, ticket } = await aBooking();
    const claimant = await registerUser({ isVerified: false });
    await transferring(owner, made.id, ticket.id, to(claimant)).expect(200);
    expect(await heldBy(claimant)).toEqual([]);
    await as(claimant).get(`/api/tickets/${ticket.id}.pdf`).expect(404);
    await transferringHeld(claimant, ticket.id).expect(404);
    await database('users').where({ id: claimant.user.id }).update({ email_verified_at: new Date() });
    expect(await heldBy(claimant)).toMatchObject([{ id: ticket.id, status: 'valid' }]);
  });

  it('does not list a ticket that a booker transfers to their own unverified address', async () => {
    const event = await anOpenEvent();
    const owner = await registerUser({ isVerified: false });
    const made = await booked(owner, event.id);
    expect(await heldBy(owner)).toMatchObject([{ code: made.tickets[0]!.code }]);
    await transferring(owner, made.id, made.tickets[0]!.id, to(owner)).expect(200);
    expect(await ticketsOf(owner, made.id)).toMatchObject([{ status: 'transferred', code: null }]);
    expect(await heldBy(owner)).toEqual([]);
  });

  it('filters by event, time and status', async () => {
    const { event, owner, made } = await aBooking(2);
    const later = await booked(owner, (await anOpenEvent()).id);
    await moveEvent(event.id, -4);
    const ids = (held: { id: number }[]) => held.map(({ id }) => id);
    expect(ids(await heldBy(owner, { upcoming: true }))).toEqual([later.tickets[0]!.id]);
    expect(ids(await heldBy(owner, { upcoming: false }))).toEqual(ids(made.tickets).reverse());
    expect(ids(await heldBy(owner, { eventId: event.id, limit: 1 }))).toEqual([made.tickets[1]!.id]);
    await cancelling(owner, later.id).expect(200);
    expect(await heldBy(owner, { status: 'void' })).toMatchObject([{ id: later.tickets[0]!.id, code: null }]);
    await as(owner).get(`/api/tickets/${later.tickets[0]!.id}.pdf`).expect(404);
    expect(codeOf(await as(owner).get('/api/tickets?status=gone').expect(400))).toBe('VALIDATION_ERROR');
  });
});

describe('cancelBooking', () => {
  it('TICKET_TRANSFERRED: for the booker while another person holds a ticket; not for the organizer', async () => {
    const { made, owner, ticket, holder, organizer } = await aTransferred();
    const refused = await cancelling(owner, made.id).expect(409);
    expect(codeOf(refused)).toBe('TICKET_TRANSFERRED');
    expect(refused.body.error.details).toMatchObject([{ ticketId: ticket.id }]);
    await cancelling(holder, made.id).expect(404);
    await transferringHeld(holder, ticket.id, to(owner)).expect(200);
    await cancelling(owner, made.id).expect(200);

    const other = await aTransferred();
    await cancelling(organizer, other.made.id).expect(200);
    expect(await heldBy(other.holder)).toEqual([]);
    expect((await ticketsOf(other.owner, other.made.id)).map(({ status }) => status)).toEqual(['void', 'void']);
  });

  it('ALREADY_CHECKED_IN: for the booker until a check-in is undone; not for admins', async () => {
    const { made, owner, event, organizer } = await aBooking(2);
    const code = made.tickets[1]!.code;
    await checkingIn(organizer, event.id, code).expect(200);
    const refused = await cancelling(owner, made.id).expect(409);
    expect(codeOf(refused)).toBe('ALREADY_CHECKED_IN');
    expect(refused.body.error.details).toMatchObject([{ ticketId: made.tickets[1]!.id }]);
    await takingBack(organizer, event.id, code).expect(200);
    await cancelling(owner, made.id).expect(200);

    const other = await aBooking();
    await checkingIn(organizer, other.event.id, other.ticket.code).expect(200);
    await cancelling(await registerUser({ role: 'admin' }), other.made.id).expect(200);
  });

  it('either cancels or checks in, and either cancels or transfers, if both are requested at once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { event, owner, made, ticket, organizer } = await aBooking();
      const change =
        round % 2 === 0 ? checkingIn(organizer, event.id, ticket.code) : transferring(owner, made.id, ticket.id);
      const [cancelled, changed] = await Promise.all([cancelling(owner, made.id), change]);
      expect([cancelled.status, changed.status].sort()).toEqual([200, 409]);
    }
  });
});
