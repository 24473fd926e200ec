import { database } from '../../../src/database';
import type { RunningWorker } from '../../../src/worker';
import { anOpenEvent, codeOf, booked, registerUser, theOrganizer, type TestUser } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { fetching, PDF, picture, uploaded } from '../../helpers/files';
import { makeLicenseProduct } from '../../helpers/licenses';
import { allDone } from '../../helpers/messages';
import { anUnpaidOrder } from '../../helpers/orders';
import { startMailServer, type MailServer } from '../../helpers/servers/mail-server';
import { startTestWorker } from '../../helpers/servers/worker';
import { age, at, changing, dataOf, openSupportTicket, QUESTION, reading, writing } from '../../helpers/support';

let mail: MailServer;
let worker: RunningWorker;
let customer: TestUser;
let stranger: TestUser;
let organizer: TestUser;
let other: TestUser;
let admin: TestUser;

beforeAll(async () => {
  mail = await startMailServer();
  worker = await startTestWorker({ SMTP_URL: mail.url });
  [stranger, other, admin, organizer] = await Promise.all([
    registerUser(),
    registerUser({ role: 'organizer' }),
    registerUser({ role: 'admin' }),
    theOrganizer(),
  ]);
});
beforeEach(async () => {
  // Everybody may open ten an hour.
  customer = await registerUser();
});
afterAll(async () => {
  await worker.stop();
  await mail.close();
});

const mailsTo = async ({ user }: TestUser) => {
  await allDone();
  return mail.mailsTo(user.email);
};

/** Opens a support ticket about an event of the organizer. */
const aboutEvent = async (fields: object = {}) =>
  openSupportTicket(customer, { eventId: (await anOpenEvent()).id, ...fields });

describe('openSupportTicket', () => {
  it('201 with every field, and a number', async () => {
    const file = await uploaded(customer, PDF, 'letter.pdf');
    const response = await as(customer)
      .post('/api/support/tickets')
      .send({ subject: ' A question ', message: 'One.\n\nTwo.', category: 'access', fileIds: [file.id] })
      .expect(201);
    const ticket = dataOf(response);
    expect(response.headers.location).toBe(at(ticket.id));
    expect(ticket).toEqual({
      id: expect.any(Number),
      number: `S-${String(ticket.id).padStart(6, '0')}`,
      subject: 'A question',
      category: 'access',
      status: 'open',
      priority: 'normal',
      orderId: null,
      bookingId: null,
      eventId: null,
      licenseId: null,
      user: { id: customer.user.id, firstName: 'Ada', lastName: 'Lovelace' },
      assigneeId: null,
      tags: [],
      messages: [
        {
          id: expect.any(Number),
          author: { id: customer.user.id, firstName: 'Ada', isStaff: false },
          body: 'One.\n\nTwo.',
          files: [expect.objectContaining({ id: file.id, originalName: 'letter.pdf' })],
          createdAt: expect.any(String),
        },
      ],
      firstResponseDueAt: expect.any(String),
      breachedAt: null,
      rating: null,
      mergedIntoId: null,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      closedAt: null,
    });
    // Staff can open what is attached, without an account of the customer.
    const [attached] = (await reading(admin, ticket.id)).messages[0]!.files;
    await fetching(attached!.url).expect(200);
  });

  it('binds it to an order, a booking, an event or a license, whose organizer sees it too', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const event = await anOpenEvent();
    const grant = { userId: owner.user.id, productId: await makeLicenseProduct() };
    const { body } = await as(admin).post('/api/admin/licenses').send(grant).expect(201);
    const { id: licenseId } = (body as { data: { id: number } }).data;
    for (const about of [{ orderId }, { bookingId: booking.id }, { eventId: event.id }, { licenseId }]) {
      const ticket = await openSupportTicket(owner, about);
      expect(ticket).toMatchObject(about);
      expect(await reading(organizer, ticket.id)).toMatchObject(about);
      await as(other).get(at(ticket.id)).expect(404);
      await as(stranger).get(at(ticket.id)).expect(404);
    }
    const nobodys = await openSupportTicket(customer);
    await as(organizer).get(at(nobodys.id)).expect(404);
    await reading(admin, nobodys.id);
  });

  it('404 for somebody else’s order or booking, even for admins, for a draft, and for files of others', async () => {
    const { orderId, booking } = await anUnpaidOrder();
    const draft = await makeEvent(organizer, { status: 'draft' });
    const file = await uploaded(stranger, await picture());
    for (const user of [customer, admin])
      for (const body of [{ orderId }, { bookingId: booking.id }, { licenseId: 2_000_000_000 }, { fileIds: [file.id] }])
        await as(user)
          .post('/api/support/tickets')
          .send({ ...QUESTION, ...body })
          .expect(404);
    await as(customer)
      .post('/api/support/tickets')
      .send({ ...QUESTION, eventId: draft.id })
      .expect(404);
    const ticket = await openSupportTicket(customer);
    await writing(customer, ticket.id, { message: 'See this', fileIds: [file.id] }).expect(404);
  });

  it('400 for what is missing, too long or about two things', async () => {
    for (const body of [
      { subject: '' },
      { subject: 'x'.repeat(201) },
      { subject: 'Two\nlines' },
      { message: ' \u200b ' },
      { message: 'x'.repeat(10_001) },
      { fileIds: [1, 2, 3, 4, 5, 6] },
      { orderId: 1, eventId: 1 },
      { priority: 'urgent' },
    ]) {
      const response = await as(customer)
        .post('/api/support/tickets')
        .send({ ...QUESTION, ...body })
        .expect(400);
      expect(codeOf(response)).toBe('VALIDATION_ERROR');
    }
  });

  it('429 RATE_LIMITED for the eleventh within an hour, also of twelve at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => as(customer).post('/api/support/tickets').send(QUESTION)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(codeOf(refused)).toBe('RATE_LIMITED');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3500);
    await database('support_tickets')
      .where({ user_id: customer.user.id })
      .update({ created_at: database.raw("now() - interval '61 minutes'") });
    await openSupportTicket(customer);
  });
});

describe('messages', () => {
  it('go to the other side by mail, in their language, and change the status', async () => {
    await database('users').where({ id: customer.user.id }).update({ locale: 'de' });
    const ticket = await aboutEvent();
    const [asked] = (await mailsTo(organizer)).filter(({ subject }) => subject?.startsWith(ticket.number));
    expect(asked!.text).toContain('Ada writes:');
    expect(asked!.text).toContain(`/admin/support/${ticket.id}`);
    expect(asked!.text).toContain(QUESTION.message);
    expect((await mailsTo(admin)).filter(({ subject }) => subject?.includes(ticket.number))).toEqual([]);

    const answer = dataOf(
      await writing(organizer, ticket.id, { message: 'There is a ramp.\n\n<b>Left</b>' }).expect(201),
    );
    expect(answer).toMatchObject({ author: { id: organizer.user.id, isStaff: true }, supportTicketId: ticket.id });
    expect(await reading(customer, ticket.id)).toMatchObject({ status: 'pending', messages: [{}, { id: answer.id }] });
    const [replied] = await mailsTo(customer);
    expect(replied).toMatchObject({ subject: `Re: ${QUESTION.subject} (${ticket.number})` });
    expect(replied!.text).toContain('Wir haben Ihre Anfrage beantwortet:');
    expect(replied!.text).not.toContain('/admin/');
    expect(replied!.html).toContain('&lt;b&gt;Left&lt;/b&gt;');
    const { body } = await as(customer).get('/api/notifications').expect(200);
    expect(body.data).toMatchObject([{ kind: 'support.reply', eventId: null }]);

    await writing(customer, ticket.id).expect(201);
    expect((await reading(organizer, ticket.id)).status).toBe('open');
    const [entry] = await database('audit_entries').where({ action: 'support_ticket.reply', subject_id: ticket.id });
    expect(entry).toMatchObject({ actor_id: organizer.user.id });
  });

  it('about no organizer’s business go to the admins, and to the assignee alone once there is one', async () => {
    const ticket = await openSupportTicket(customer, { subject: 'For the admins' });
    const subjects = async (user: TestUser) =>
      (await mailsTo(user)).map(({ subject }) => subject).filter((subject) => subject?.includes('For the admins'));
    expect(await subjects(admin)).toHaveLength(1);
    const second = await registerUser({ role: 'admin' });
    await changing(second, ticket.id, { assigneeId: second.user.id }).expect(200);
    await writing(customer, ticket.id).expect(201);
    expect(await subjects(admin)).toHaveLength(1);
    expect(await subjects(second)).toHaveLength(1);
    await database('users').where({ id: second.user.id }).update({ role: 'customer' });
  });
});

describe('close, reopen and rate', () => {
  it('closes, and reopens for 14 days, else 409 TICKET_CLOSED', async () => {
    const ticket = await openSupportTicket(customer);
    const closing = (name: string, user = customer) => as(user).put(at(ticket.id, name));
    expect(dataOf(await closing('close').expect(200))).toMatchObject({
      status: 'closed',
      closedAt: expect.any(String),
    });
    await closing('close').expect(200);
    expect(dataOf(await closing('reopen').expect(200))).toMatchObject({ status: 'open', closedAt: null });
    await closing('close', admin).expect(200);
    await age(ticket.id, { closed_at: '13 days' });
    await writing(customer, ticket.id).expect(201);
    expect((await reading(customer, ticket.id)).status).toBe('open');
    await closing('close').expect(200);
    await age(ticket.id, { closed_at: '15 days' });
    expect(codeOf(await closing('reopen').expect(409))).toBe('TICKET_CLOSED');
    expect(codeOf(await writing(customer, ticket.id).expect(409))).toBe('TICKET_CLOSED');
    // Staff may.
    await changing(admin, ticket.id, { status: 'open' }).expect(200);
  });

  it('rates once', async () => {
    const ticket = await aboutEvent();
    const rating = (score: unknown, user = customer) => as(user).post(at(ticket.id, 'rating')).send({ score });
    for (const score of [0, 6, 2.5, '5']) await rating(score).expect(400);
    for (const user of [organizer, admin, stranger]) await rating(5, user).expect(404);
    const answers = await Promise.all([rating(5), rating(4)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(codeOf(answers.find(({ status }) => status === 409)!)).toBe('ALREADY_RATED');
    expect(await reading(organizer, ticket.id)).toMatchObject({ rating: { comment: null } });
  });
});

describe('privacy', () => {
  it('exports the messages of both sides, and erases what the customer wrote', async () => {
    const file = await uploaded(customer, PDF);
    const ticket = await aboutEvent({ subject: 'My secret subject', message: 'My secret text', fileIds: [file.id] });
    await booked(customer, (await anOpenEvent()).id);
    await writing(organizer, ticket.id, { message: 'Our answer' }).expect(201);
    await as(organizer).post(at(ticket.id, 'notes')).send({ message: 'About Ada' }).expect(201);
    const { text } = await as(customer).get('/api/users/me/export').expect(200);
    for (const part of ['My secret subject', 'My secret text', 'Our answer']) expect(text).toContain(part);
    const erased = await openSupportTicket(stranger, { message: 'Forget me' });
    await as(stranger).delete('/api/users/me').send({ password: 'a long enough pass phrase' }).expect(204);
    const gone = await reading(admin, erased.id);
    expect(gone).toMatchObject({ status: 'closed', subject: '–', messages: [{ body: '–' }] });
    expect(JSON.stringify(gone)).not.toContain('Forget me');
  });
});
