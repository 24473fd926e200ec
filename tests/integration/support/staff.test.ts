import { config } from '../../../src/config';
import { database } from '../../../src/database';
import { closeResolvedSupportTickets, markLateSupportTickets } from '../../../src/services/support/support-schedules';
import type { RunningWorker } from '../../../src/worker';
import { anOpenEvent, codeOf, registerUser, registerUsers, theOrganizer, type TestUser } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { PDF, uploaded } from '../../helpers/files';
import { allDone, messagesOf } from '../../helpers/messages';
import { startMailServer, type MailServer } from '../../helpers/servers/mail-server';
import { startTestWorker } from '../../helpers/servers/worker';
import {
  age,
  at,
  changing,
  dataOf,
  openSupportTicket,
  QUESTION,
  reading,
  writing,
  type TestSupportTicket,
} from '../../helpers/support';

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

describe('staff', () => {
  it('change status, priority, assignee, category and tags, and the customer is told of the end', async () => {
    const ticket = await aboutEvent();
    const body = {
      status: 'resolved',
      priority: 'urgent',
      assigneeId: admin.user.id,
      category: 'access',
      tags: ['ramp'],
    };
    expect(dataOf(await changing(organizer, ticket.id, body).expect(200))).toMatchObject(body);
    const [resolved] = await mailsTo(customer);
    expect(resolved!.subject).toBe(`Resolved: ${QUESTION.subject} (${ticket.number})`);
    await changing(organizer, ticket.id, { assigneeId: organizer.user.id }).expect(200);
    for (const wrong of [{ assigneeId: other.user.id }, { assigneeId: customer.user.id }, { status: 'new' }, {}])
      await changing(organizer, ticket.id, wrong).expect(400);
    await changing(customer, ticket.id, { status: 'closed' }).expect(403);
    await changing(other, ticket.id, { status: 'closed' }).expect(404);
    const [entry] = await database('audit_entries').where({ action: 'support_ticket.update', subject_id: ticket.id });
    expect(entry).toMatchObject({ details: { priority: { from: 'normal', to: 'urgent' } } });
  });

  it('see who a support ticket can be assigned to', async () => {
    const ticket = await aboutEvent();
    const { body } = await as(organizer).get(at(ticket.id, 'staff')).expect(200);
    const ids = (body as { data: { id: number }[] }).data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([organizer.user.id, admin.user.id]));
    for (const { user } of [other, customer]) expect(ids).not.toContain(user.id);
  });

  it('write notes that the customer never sees', async () => {
    const ticket = await aboutEvent();
    const SECRET = 'This customer is difficult.';
    await as(organizer).post(at(ticket.id, 'notes')).send({ message: SECRET }).expect(201);
    await as(customer).post(at(ticket.id, 'notes')).send({ message: 'Me too' }).expect(403);
    await as(customer).get(at(ticket.id, 'notes')).expect(403);
    await as(other).get(at(ticket.id, 'notes')).expect(404);
    const { body } = await as(admin).get(at(ticket.id, 'notes')).expect(200);
    expect(body.data).toMatchObject([{ body: SECRET, author: { id: organizer.user.id, isStaff: true } }]);
    await writing(organizer, ticket.id).expect(201);
    const seen = await Promise.all(
      [at(ticket.id), '/api/support/tickets', '/api/users/me/export', '/api/notifications'].map((path) =>
        as(customer).get(path).expect(200),
      ),
    );
    for (const { text } of seen) expect(text).not.toContain(SECRET);
    expect(JSON.stringify(await mailsTo(customer))).not.toContain(SECRET);
    const { rows } = await database.raw<{ rows: { text: string }[] }>(
      'SELECT payload::text AS text FROM outbox_messages',
    );
    expect(rows.map(({ text }) => text).join()).not.toContain(SECRET);
  });

  it('merge the requests of one customer, whose messages, notes and files move', async () => {
    const file = await uploaded(customer, PDF);
    const into = await aboutEvent();
    const from = await aboutEvent({ fileIds: [file.id] });
    await as(organizer).post(at(from.id, 'notes')).send({ message: 'Twice the same.' }).expect(201);
    const merging = (id: number, intoId: number, user = organizer) => as(user).post(at(id, 'merge')).send({ intoId });
    const merged = dataOf(await merging(from.id, into.id).expect(200));
    expect(merged).toMatchObject({ id: into.id, messages: [{ files: [] }, { files: [{ id: file.id }] }] });
    expect(await reading(customer, from.id)).toMatchObject({ status: 'closed', mergedIntoId: into.id, messages: [] });
    expect((await as(admin).get(at(into.id, 'notes'))).body.data).toHaveLength(1);
    for (const refused of [
      writing(customer, from.id),
      writing(admin, from.id),
      as(customer).put(at(from.id, 'reopen')),
    ])
      expect(codeOf(await refused.expect(409))).toBe('TICKET_CLOSED');
    await merging(from.id, into.id).expect(409);
    await merging(into.id, from.id).expect(409);
    await merging(into.id, into.id).expect(400);
    const another = await openSupportTicket(stranger, { eventId: (await anOpenEvent()).id });
    await merging(another.id, into.id).expect(400);
    await merging(another.id, into.id, other).expect(404);
  });

  it('find what concerns them in the queue, the most urgent first', async () => {
    const seller = await registerUser({ role: 'organizer' });
    const eventId = (await makeEvent(seller)).id;
    const [low, urgent, normal] = [
      await openSupportTicket(customer, { eventId, subject: 'Where is the Ölmühle?' }),
      await openSupportTicket(customer, { eventId, message: 'About turnstiles.' }),
      await openSupportTicket(customer, { eventId, category: 'parking' }),
    ];
    await changing(seller, low.id, { priority: 'low', assigneeId: seller.user.id }).expect(200);
    await changing(seller, urgent.id, { priority: 'urgent' }).expect(200);
    await age(normal.id, { first_response_due_at: '1 minute' });
    const queue = async (query: string, user = seller): Promise<number[]> => {
      const { body } = await as(user).get(`/api/support/queue?${query}`).expect(200);
      expect(body.pagination.total).toBe((body.data as unknown[]).length);
      return (body.data as TestSupportTicket[]).map(({ id }) => id);
    };
    expect(await queue('')).toEqual([urgent.id, normal.id, low.id]);
    expect(await queue('priority=low')).toEqual([low.id]);
    expect(await queue(`assigneeId=${seller.user.id}`)).toEqual([low.id]);
    expect(await queue('category=parking')).toEqual([normal.id]);
    expect(await queue('overdue=true')).toEqual([normal.id]);
    expect(await queue('overdue=false')).toEqual([urgent.id, low.id]);
    for (const [search, id] of [
      [urgent.number, urgent.id],
      [`s-${urgent.id}`, urgent.id],
      ['olmuhle', low.id],
      ['turnst', urgent.id],
    ] as const)
      expect(await queue(`search=${encodeURIComponent(search)}`)).toEqual([id]);
    expect(await queue('search=lovelace')).toHaveLength(3);
    expect(await queue(`search=${customer.user.email}`)).toHaveLength(3);
    await as(customer).put(at(low.id, 'close')).expect(200);
    expect(await queue('')).toEqual([urgent.id, normal.id]);
    expect(await queue('status=closed')).toEqual([low.id]);
    expect(await queue('', other)).toEqual([]);
    expect((await as(admin).get('/api/support/queue?limit=100')).body.data.length).toBeGreaterThan(2);
    await as(customer).get('/api/support/queue').expect(403);
  });

  it('keep canned replies: their own, and those that admins share', async () => {
    const [ada, bob] = await registerUsers(2, { role: 'organizer' });
    const creating = async (user: TestUser, title: string): Promise<number> => {
      const { body } = await as(user).post('/api/support/replies').send({ title, body: 'Text' }).expect(201);
      return (body as { data: { id: number } }).data.id;
    };
    const [own, shared] = [await creating(ada!, 'B own'), await creating(admin, 'A shared')];
    const { body } = await as(ada!).get('/api/support/replies').expect(200);
    expect(body.data).toMatchObject([
      { id: shared, isShared: true },
      { id: own, isShared: false },
    ]);
    expect((await as(bob!).get('/api/support/replies')).body.data).toMatchObject([{ id: shared }]);
    for (const [user, id] of [
      [ada, shared],
      [bob, own],
    ] as const) {
      await as(user!).put(`/api/support/replies/${id}`).send({ title: 'Mine' }).expect(404);
      await as(user!).delete(`/api/support/replies/${id}`).expect(404);
    }
    await as(ada!).put(`/api/support/replies/${own}`).send({ title: 'Mine' }).expect(200);
    for (const id of [own, shared]) await as(admin).delete(`/api/support/replies/${id}`).expect(204);
  });
});

describe('schedules', () => {
  it('mark late ones once, by priority, and tell staff', async () => {
    const hoursOf = ({ firstResponseDueAt }: TestSupportTicket, createdAt: string): number =>
      Math.round((Date.parse(firstResponseDueAt) - Date.parse(createdAt)) / 3_600_000);
    const ticket = await aboutEvent();
    for (const [priority, hours] of [
      ['low', 48],
      ['high', 8],
      ['urgent', 4],
      ['normal', 24],
    ] as const) {
      const changed = dataOf(await changing(admin, ticket.id, { priority }).expect(200)) as TestSupportTicket & {
        createdAt: string;
      };
      expect(hoursOf(changed, changed.createdAt)).toBe(hours);
    }
    expect(config.supportFirstResponseHours).toBe(24);
    await markLateSupportTickets();
    expect((await reading(admin, ticket.id)).breachedAt).toBeNull();
    await age(ticket.id, { first_response_due_at: '1 second' });
    expect(await markLateSupportTickets()).toBeGreaterThanOrEqual(1);
    expect(await markLateSupportTickets()).toBe(0);
    expect((await reading(admin, ticket.id)).breachedAt).not.toBeNull();
    const notices = (await messagesOf('support.overdue')).filter(
      ({ payload }) => payload.supportTicketId === ticket.id,
    );
    expect(notices.map(({ payload }) => payload.userId)).toEqual(
      expect.arrayContaining([organizer.user.id, admin.user.id]),
    );
    const mails = (await mailsTo(admin)).filter(({ subject }) => subject?.includes(ticket.number));
    expect(mails.map(({ subject }) => subject)).toEqual([expect.stringMatching(/^Overdue: S-/)]);
    // A response ends it, and a late one is marked even before the schedule runs.
    const second = await aboutEvent();
    await age(second.id, { first_response_due_at: '1 second' });
    await writing(organizer, second.id).expect(201);
    expect((await reading(admin, second.id)).breachedAt).not.toBeNull();
    expect(await markLateSupportTickets()).toBe(0);
  });

  it('close what was resolved 7 days ago', async () => {
    const [old, fresh] = [await aboutEvent(), await aboutEvent()];
    for (const { id } of [old, fresh]) await changing(organizer, id, { status: 'resolved' }).expect(200);
    await age(old.id, { resolved_at: '7 days' });
    await age(fresh.id, { resolved_at: '6 days' });
    expect(await closeResolvedSupportTickets()).toBe(1);
    expect(await reading(customer, old.id)).toMatchObject({ status: 'closed' });
    expect(await reading(customer, fresh.id)).toMatchObject({ status: 'resolved' });
  });
});
