import { database } from '../../src/database';
import { violations } from '../helpers/invariants';
import type { Told } from './buyers';
import type { Stage } from './stage';

interface BookingRow {
  id: number;
  userId: number;
  eventId: number;
  reference: string;
  status: string;
  orderStatus: string | null;
}

async function listBookings(): Promise<BookingRow[]> {
  return database('bookings as b').leftJoin('orders as o', 'o.booking_id', 'b.id').select<BookingRow[]>({
    id: 'b.id',
    userId: 'b.user_id',
    eventId: 'b.event_id',
    reference: 'b.reference',
    status: 'b.status',
    orderStatus: 'o.status',
  });
}

/** Compares what one customer was told with the rows of this customer. */
function compare(told: Told, rows: BookingRow[]): string[] {
  const who = `user ${told.user.user.id} at event ${told.eventId}`;
  // A waiting customer may have been offered a ticket, which is not a booking.
  if (rows.length > 1) return [`doubled: ${who} has ${rows.length} bookings from one key`];
  const [row] = rows;
  if (told.isUnknown) return [];
  if (!told.booking) return row ? [`doubled: ${who} was refused (${told.refusal}) and has a booking`] : [];
  if (!row || row.reference !== told.booking.reference) return [`lost: ${who} was told ${told.booking.reference}`];
  if (told.isCancelled && row.status !== 'cancelled')
    return [`lost: ${who} was told of a cancellation; it is ${row.status}`];
  if (told.isPaid && (row.status !== 'confirmed' || row.orderStatus !== 'paid'))
    return [`lost: ${who} was told of a payment; the booking is ${row.status}, the order ${row.orderStatus}`];
  return [];
}

interface SentRow {
  id: number;
  topic: string;
}

/** Returns what is wrong with the mail: none for a message that is done, or more than one, not counting the transport's repeats. */
async function examineMail(stage: Stage): Promise<{ problems: string[]; mails: number; repeats: number }> {
  const rows = await database('outbox_messages as m')
    .join('message_effects as f', (join) => join.on('f.message_id', 'm.id').andOnVal('f.handler', 'email'))
    .select<SentRow[]>({ id: 'm.id', topic: 'm.topic' });
  const delivered = new Map<number, { total: number; ids: Set<string> }>();
  for (const { messageId = '' } of stage.mail.mails) {
    const id = Number(/message-(\d+)-/.exec(messageId)?.[1]);
    const known = delivered.get(id) ?? { total: 0, ids: new Set() };
    known.total += 1;
    known.ids.add(messageId);
    delivered.set(id, known);
  }
  const problems = rows.flatMap(({ id, topic }) => {
    const mails = delivered.get(id);
    if (!mails) return [`lost: message ${id} (${topic}) is recorded as mailed, and no mail arrived`];
    return mails.ids.size > 1 ? [`doubled: message ${id} (${topic}) was mailed under ${mails.ids.size} ids`] : [];
  });
  let repeats = 0;
  for (const { total } of delivered.values()) repeats += total - 1;
  return { problems, mails: delivered.size, repeats };
}

/** Returns the events that have tickets for those who wait for them. */
async function listUnoffered(): Promise<string[]> {
  const rows = await database('event_inventory as i')
    .join('waitlist_entries as w', (join) => join.on('w.event_id', 'i.event_id').andOnVal('w.status', 'waiting'))
    .whereRaw('i.capacity - i.sold - i.held >= w.tickets_count')
    .distinct<{ eventId: number }[]>({ eventId: 'i.event_id' });
  return rows.map(({ eventId }) => `lost: event ${eventId} has free tickets, and customers wait for them`);
}

export interface Findings {
  problems: string[];
  acknowledged: number;
  lost: number;
  doubled: number;
  mails: number;
  repeatedMails: number;
  parked: number;
}

/** Compares what clients were told, what the database holds and what was mailed. */
export async function examine(stage: Stage, ledger: Told[]): Promise<Findings> {
  const rows = new Map<string, BookingRow[]>();
  for (const row of await listBookings()) {
    const key = `${row.userId}:${row.eventId}`;
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  const problems = ledger.flatMap((told) => compare(told, rows.get(`${told.user.user.id}:${told.eventId}`) ?? []));
  const mail = await examineMail(stage);
  problems.push(...mail.problems, ...(await listUnoffered()));
  for (const { name, broken } of await violations(database)) problems.push(`invariant: ${name}: violated by ${broken}`);
  const parked = (await database('outbox_messages').where('status', 'parked').select<SentRow[]>('id', 'topic')).length;
  if (parked > 0) problems.push(`parked: ${parked} messages failed ten times`);
  const count = (kind: string) => problems.filter((problem) => problem.startsWith(kind)).length;
  return {
    problems,
    acknowledged: ledger.filter(({ booking }) => booking).length,
    lost: count('lost'),
    doubled: count('doubled'),
    mails: mail.mails,
    repeatedMails: mail.repeats,
    parked,
  };
}
