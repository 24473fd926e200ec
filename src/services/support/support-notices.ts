import { database, type Trx } from '../../database';
import { toSupportNumber } from '../../lib/support';
import { findMessageData, findTicketData, listStaff, type StaffRow } from '../../models/support/support-people';
import { notify, links, type Sent } from '../notifications/notify';
import { composeSupportMessage, composeSupportOverdue, composeSupportResolved } from '../notifications/mail/support';
import { addMessages } from '../outbox/add-messages';
import type { LeasedMessage } from '../outbox/handle-messages';
import { notifySupportChanged } from '../realtime/realtime-updates';

/** Those whose task it is: the assignee, else the organizers it concerns, else the admins. */
function chooseResponsible(staff: StaffRow[]): number[] {
  const chosen = [staff.filter(({ isAssignee }) => isAssignee), staff.filter(({ isOrganizer }) => isOrganizer), staff];
  return chosen.find((some) => some.length > 0)?.map(({ userId }) => userId) ?? [];
}

interface NewMessage {
  supportTicketId: number;
  supportMessageId: number;
  customerId: number;
  isFromStaff: boolean;
  requestId: string;
}

/** Step: has the other side notified of a message. Each recipient gets a message of their own, so that one failure repeats no other mail. */
export async function addSupportMessageNotices(trx: Trx, notice: NewMessage): Promise<void> {
  const { supportTicketId, supportMessageId, customerId, isFromStaff, requestId } = notice;
  const userIds = isFromStaff ? [customerId] : chooseResponsible(await listStaff(trx, supportTicketId));
  await addMessages(
    trx,
    userIds.map((userId) => ({ topic: 'support.message', payload: { supportMessageId, userId }, requestId })),
  );
}

/** Step: has the staff notified that nobody has responded in time: admins too, whoever's task it is. */
export async function addOverdueNotices(trx: Trx, supportTicketIds: number[]): Promise<void> {
  for (const supportTicketId of supportTicketIds) {
    const staff = await listStaff(trx, supportTicketId);
    await addMessages(
      trx,
      staff.map(({ userId }) => ({ topic: 'support.overdue', payload: { supportTicketId, userId } })),
    );
  }
}

/** Publishes to open pages of both sides that a support ticket has changed. Call after the commit. */
export async function publishSupportChange(supportTicketId: number, customerId: number): Promise<void> {
  const staff = await listStaff(database, supportTicketId);
  notifySupportChanged(
    [customerId, ...staff.map(({ userId }) => userId)].map((userId) => ({ supportTicketId, userId })),
  );
}

const IN_NO_EVENT = { preferenceKind: 'support', eventId: null, bookingId: null } as const;

/** Notifies a user of a message in a support ticket, in the app and by mail. */
export async function notifySupportMessage(message: LeasedMessage<'support.message'>): Promise<Sent> {
  const { supportMessageId, userId } = message.payload;
  const data = await findMessageData(database, { id: supportMessageId, userId });
  if (!data) return undefined;
  const { recipient, isCustomer } = data;
  const content = composeSupportMessage({ ...data, number: toSupportNumber(data.id) }, links);
  const kind = isCustomer ? 'support.reply' : 'support.message';
  return notify(message, { ...IN_NO_EVENT, recipient, kind, content });
}

/** Notifies staff that a support ticket waits too long, unless somebody has responded in the meantime. */
export async function notifySupportOverdue(message: LeasedMessage<'support.overdue'>): Promise<Sent> {
  const { supportTicketId, userId } = message.payload;
  const data = await findTicketData(database, { id: supportTicketId, userId });
  if (!data || data.isAnswered || data.status === 'closed') return undefined;
  const content = composeSupportOverdue({ ...data, number: toSupportNumber(data.id) }, links);
  return notify(message, { ...IN_NO_EVENT, recipient: data.recipient, kind: 'support.overdue', content });
}

/** Notifies the customer that a support ticket is resolved. */
export async function notifySupportResolved(message: LeasedMessage<'support.resolved'>): Promise<Sent> {
  const data = await findTicketData(database, { id: message.payload.supportTicketId });
  if (data?.status !== 'resolved') return undefined;
  const content = composeSupportResolved({ ...data, number: toSupportNumber(data.id) }, links);
  return notify(message, { ...IN_NO_EVENT, recipient: data.recipient, kind: 'support.resolved', content });
}
