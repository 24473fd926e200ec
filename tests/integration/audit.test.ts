import type { Knex } from 'knex';
import { createKnex, database, runInTransaction } from '../../src/database';
import { chainAuditEntries, verifyAuditChain } from '../../src/services/audit/audit-chain';
import { recordActivity } from '../../src/services/audit/record-activity';
import { completePastEvents } from '../../src/services/events/cancel-event';
import { rotateTicketKey } from '../../src/services/tickets/signing-keys';
import { registerUser, type TestUser } from '../helpers/accounts';
import { booked, cancelling, moveEvent } from '../helpers/bookings';
import { as } from '../helpers/client';
import { makeEvent } from '../helpers/events';
import { PDF, picture, uploaded, uploading } from '../helpers/files';
import { aPaidOrder, refunding } from '../helpers/orders';
import { definingSeats, STALLS } from '../helpers/seats';

interface Entry {
  id: number;
  action: string;
  subjectId: number;
  details: Record<string, unknown>;
  ip: string;
  userAgent: string;
  requestId: string;
  isChained: boolean;
}

let admin: TestUser;
let organizer: TestUser;
beforeAll(async () => {
  admin = await registerUser({ role: 'admin' });
  organizer = await registerUser({ role: 'organizer' });
});

async function entries(query: string): Promise<Entry[]> {
  const { body } = await as(admin).get(`/api/admin/audit-log?${query}`).expect(200);
  return (body as { data: Entry[] }).data;
}

const actionsOf = async (query: string): Promise<string[]> =>
  (await entries(query)).map(({ action }) => action).reverse();

describe('the audit log', () => {
  it('records who changed what, how, and from which address', async () => {
    const event = await makeEvent(organizer, { title: 'Jazz' });
    await as(admin)
      .put(`/api/events/${event.id}`)
      .set('X-Request-Id', 'the-request')
      .set('User-Agent', 'a browser')
      .send({ title: 'Blues', totalTickets: 5 })
      .expect(200);
    const [entry] = await entries(`subjectType=event&subjectId=${event.id}&actorId=${admin.user.id}`);
    expect(entry).toMatchObject({
      actorEmail: admin.user.email,
      actorRole: 'admin',
      action: 'event.update',
      details: { title: { from: 'Jazz', to: 'Blues' }, totalTickets: { from: null, to: 5 } },
      ip: '127.0.0.1',
      requestId: 'the-request',
    });
    expect(entry!.userAgent).toContain('browser');
  });

  it('has an entry for each change by organizers and admins, and none for refused ones', async () => {
    const event = await makeEvent(organizer, { totalTickets: 5 });
    const path = `/api/events/${event.id}`;
    const { body } = await as(organizer).post(`${path}/ticket-types`).send({ name: 'Box', price: 0 }).expect(201);
    const typeId = (body as { data: { id: number } }).data.id;
    await as(organizer).put(`${path}/ticket-types/${typeId}`).send({ name: 'Lodge' }).expect(200);
    await as(organizer).delete(`${path}/ticket-types/${typeId}`).expect(204);
    const discount = await as(organizer)
      .post('/api/discounts')
      .send({ code: 'AUDIT', type: 'percentage', value: 10 })
      .expect(201);
    const discountId = (discount.body as { data: { id: number } }).data.id;
    await as(organizer).put(`/api/discounts/${discountId}`).send({ value: 20 }).expect(200);
    await as(organizer).delete(`/api/discounts/${discountId}`).expect(204);
    const user = await registerUser();
    const first = await booked(user, event.id);
    const [ticket] = first.tickets;
    await as(organizer).post(`${path}/check-in`).send({ code: ticket!.code }).expect(200);
    await as(organizer).post(`${path}/check-in`).send({ code: ticket!.code }).expect(409);
    await as(organizer).delete(`${path}/check-in`).send({ code: ticket!.code }).expect(200);
    await cancelling(organizer, first.id).send({ reason: 'Double' }).expect(200);
    await cancelling(user, (await booked(user, event.id)).id).expect(200);
    await as(organizer).post(`${path}/cancel`).send({ confirm: true }).expect(202);
    await as(organizer).put(path).send({ title: 'Too late' }).expect(409);
    expect(await actionsOf(`actorId=${organizer.user.id}&limit=100`)).toEqual([
      'event.create',
      'event.create',
      'ticket_type.create',
      'ticket_type.update',
      'ticket_type.delete',
      'discount.create',
      'discount.update',
      'discount.delete',
      'ticket.check_in',
      'ticket.undo_check_in',
      'booking.cancel',
      'event.cancel',
    ]);
    expect(await entries('action=booking.cancel')).toMatchObject([
      { subjectId: first.id, details: { reason: 'Double' } },
    ]);
    expect(await entries(`actorId=${user.user.id}`)).toEqual([]);
  });

  it('records announcements and changes of seating plans, covers and files', async () => {
    const boss = await registerUser({ role: 'organizer' });
    const event = await makeEvent(boss, { totalTickets: 12 });
    await definingSeats(boss, event.id, STALLS).expect(201);
    await uploading(boss, await picture(), { to: `/api/events/${event.id}/cover` }).expect(200);
    await as(boss).delete(`/api/events/${event.id}/cover`).expect(204);
    const { id } = await uploaded(boss, PDF);
    await as(boss).delete(`/api/files/${id}`).expect(204);
    await as(boss).post(`/api/events/${event.id}/message`).send({ subject: 'Doors', body: 'At seven.' }).expect(202);
    expect(await actionsOf(`actorId=${boss.user.id}`)).toEqual([
      'event.create',
      'event.change_seats',
      'event.change_cover',
      'event.remove_cover',
      'file.delete',
      'event.message',
    ]);
  });

  it('records what admins, schedules and commands do', async () => {
    const user = await registerUser();
    await as(admin).put(`/api/admin/users/${user.user.id}`).send({ role: 'organizer' }).expect(200);
    expect(await entries(`subjectType=user&subjectId=${user.user.id}`)).toMatchObject([
      { action: 'user.update', details: { role: { from: 'customer', to: 'organizer' } } },
    ]);
    const { orderId } = await aPaidOrder();
    await refunding(admin, orderId, { amount: '1.00', reason: 'Kindness' }).expect(200);
    expect(await entries('action=order.refund')).toMatchObject([
      { subjectId: orderId, details: { amount: '1.00', currency: 'USD', reason: 'Kindness' } },
    ]);
    const past = await makeEvent(organizer);
    await moveEvent(past.id, -5);
    await completePastEvents();
    expect(await entries('action=event.complete')).toMatchObject([
      { subjectId: past.id, actorId: null, actorRole: 'schedule' },
    ]);
    const keyId = await rotateTicketKey();
    expect(await entries('action=ticket_key.rotate')).toMatchObject([{ subjectId: keyId, actorRole: 'terminal' }]);
  });

  it('records nothing for a change that is rolled back', async () => {
    const activity = { action: 'event.update', subjectId: 77 };
    await expect(
      runInTransaction(async (trx) => {
        await recordActivity(trx, 'terminal', activity);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await entries('subjectType=event&subjectId=77')).toEqual([]);
  });

  it.each([
    ['changed', "UPDATE audit_entries SET action = 'event.other'"],
    ['taken out of', 'DELETE FROM audit_entries'],
    ['unchained', 'DELETE FROM audit_chain'],
    ['forged', "UPDATE audit_chain SET hash = '\\x00'"],
  ])('cannot be %s: the database refuses it', async (_what, statement) => {
    await expect(database.raw(statement)).rejects.toThrow(/is not allowed/);
  });
});

describe('the chain', () => {
  it('includes every entry, even one that commits after later ones', async () => {
    const late = await database.transaction();
    await recordActivity(late, 'terminal', { action: 'event.late', subjectId: 1 });
    await runInTransaction((trx) => recordActivity(trx, 'terminal', { action: 'event.early', subjectId: 2 }));
    await Promise.all([chainAuditEntries(), chainAuditEntries()]);
    expect(await verifyAuditChain()).toMatchObject({ unchained: 0, broken: undefined });
    await late.commit();
    expect(await verifyAuditChain()).toMatchObject({ unchained: 1, broken: undefined });
    await chainAuditEntries();
    const { checked, unchained, broken, head } = await verifyAuditChain();
    expect({ unchained, broken }).toEqual({ unchained: 0, broken: undefined });
    expect(checked).toBe((await database('audit_entries').count<{ n: number }[]>('* as n'))[0]!.n);
    expect((await verifyAuditChain(head)).broken).toBeUndefined();
    expect((await verifyAuditChain('00')).broken).toEqual({ entryId: null, why: 'the known link is missing' });
    expect((await entries('action=event.late'))[0]!.isChained).toBe(true);
  });

  let owner: Knex;
  beforeAll(() => {
    owner = createKnex(process.env.DATABASE_OWNER_URL ?? '', { max: 1, applicationName: 'tampering' });
  });
  afterAll(() => owner.destroy());

  // Changes the log as the owner of the database could.
  async function tampered(statement: string): Promise<unknown> {
    const trx = await owner.transaction();
    try {
      for (const table of ['audit_entries', 'audit_chain']) await trx.raw(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      await trx.raw(`ALTER TABLE audit_chain DROP CONSTRAINT audit_chain_entry_id_fkey`);
      await trx.raw(statement);
      return (await verifyAuditChain(undefined, trx)).broken;
    } finally {
      await trx.rollback();
    }
  }

  it.each([
    [
      'an entry that was changed',
      "UPDATE audit_entries SET details = '{}' WHERE id = :id",
      'the entry or its link was changed',
    ],
    [
      'an entry with another date',
      "UPDATE audit_entries SET created_at = created_at + interval '1 microsecond' WHERE id = :id",
      'the entry or its link was changed',
    ],
    ['a deleted entry', 'DELETE FROM audit_entries WHERE id = :id', 'the entry is missing'],
    [
      'a link that was changed',
      "UPDATE audit_chain SET hash = sha256('x') WHERE entry_id = :id",
      'the entry or its link was changed',
    ],
  ])('names %s', async (_what, statement, why) => {
    await chainAuditEntries();
    const [row] = await database('audit_chain').where('position', 3).select<{ entry_id: number }[]>('entry_id');
    const { entry_id: entryId } = row!;
    expect(await tampered(statement.replace(':id', String(entryId)))).toEqual({ entryId, why });
  });

  it('names the entry after a missing link', async () => {
    const [row] = await database('audit_chain').where('position', 4).select<{ entry_id: number }[]>('entry_id');
    const gone = 'DELETE FROM audit_chain WHERE position = 3';
    expect(await tampered(gone)).toEqual({ entryId: row!.entry_id, why: 'the previous link is missing' });
    const last = 'DELETE FROM audit_chain WHERE position = (SELECT max(position) FROM audit_chain)';
    expect(await tampered(last)).toMatchObject({ why: 'its link is missing' });
  });
});
