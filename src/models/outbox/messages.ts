import { PRIORITY } from '../../lib/priority';
import type { Db, Trx } from '../../database';
import { getCurrentJob } from '../../runtime/job-context';
import type { SmsTopic } from '../../lib/notification-kinds';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { traceparents } from '../../runtime/traceparents';
import { pipeline, statement } from '../statement';

export interface TicketNotice {
  ticketId: number;
  transfers: number;
  about: 'issued' | 'reminder' | 'rescheduled' | 'void';
  notice: string;
  changeId?: number;
  because?: 'customer' | 'organizer' | 'event' | 'dispute';
}

/** The payload of each topic. It contains ids rather than data, because the handler reads the current state. */
export interface Payloads {
  'booking.confirmed': { bookingId: number };
  'booking.cancelled': { bookingId: number; because?: 'customer' | 'organizer' | 'event' | 'dispute' };
  'booking.expired': { bookingId: number };
  'booking.reminder': { bookingId: number };
  /** Mails a customer that the time or place of the event changed. */
  'booking.rescheduled': { bookingId: number; changeId?: number };
  /** `changed` names the fields as in the API: `startDate`, `venueName`, `title` … */
  'event.updated': { eventId: number; changed: string[] };
  /** The time or place has changed; all changes until the message is handled become one mail. */
  'event.rescheduled': { changeId: number };
  /** `reason` is the organizer's; the handler passes it on to bookings and waitlist entries. */
  'event.cancelled': { eventId: number; reason?: string };
  'waitlist.offered': { entryId: number };
  'waitlist.expired': { entryId: number };
  /** To a waiting user when the event was cancelled, or the wanted ticket type was deleted. */
  'waitlist.closed': { entryId: number; because?: 'type'; reason?: string };
  /** To the new holder; `transfer` is a counter that reveals outdated messages. */
  'ticket.transferred': { ticketId: number; transfer: number };
  /**
   * To a holder who is not the customer; `transfers` identifies the holder. Each `notice` is sent once per address and event:
   * `reminder …`, `rescheduled …`, `void …`, `issued …`.
   */
  'ticket.notice': TicketNotice;
  /**
   * The booking was cancelled; `refundPercent` is the share to refund by the policy at that time. Of an order made by a checkout,
   * `bookingId` names the booking; it is missing if the whole order has ended.
   */
  'order.closed': { orderId: number; refundPercent: number; bookingId?: number };
  /** An order made by a checkout was paid. */
  'order.paid': { orderId: number };
  /** An unpaid order that a checkout made has ended; one with bookings has a message for each of them instead. */
  'order.expired': { orderId: number };
  /** Units of what was ordered were refunded; their tickets are to be taken back. */
  'order.items_refunded': { orderId: number };
  /** Goods of an order were sent. */
  'order.fulfilled': { fulfillmentId: number };
  /** A customer has withdrawn from a purchase. */
  'order.withdrawn': { withdrawalId: number };
  /** To one of those who sold what was withdrawn. */
  'order.withdrawal_received': { withdrawalId: number; sellerId: number };
  'payment.captured': { paymentId: number };
  'payment.disputed': { paymentId: number };
  /** The payment can be retried while the booking holds its tickets. */
  'payment.failed': { paymentId: number };
  'refund.requested': { refundId: number };
  /** The refund was sent, or can be claimed if the provider cannot send it. */
  'refund.sent': { refundId: number };
  /** An admin gave credits. */
  'credits.granted': { creditEntryId: number };
  /** Credits of the user in this currency end soon. */
  'credits.expiring': { userId: number; currency: string };
  /** Licenses were paid for together, or an admin gave one. */
  'license.issued': { licenseIds: number[] };
  /** The row was deleted; `keys` are the objects to remove. */
  'file.deleted': { keys: string[] };
  /** A text message about a waitlist entry or a booking. */
  'sms.due': { about: SmsTopic; bookingId?: number; entryId?: number };
  /** An organizer's announcement, whose recipients are to be collected. */
  'event.message': { eventMessageId: number };
  /** An announcement to one recipient. */
  'event.message_due': { recipientId: number };
  /** Notifies a user, the customer or staff, of a message in a support ticket. */
  'support.message': { supportMessageId: number; userId: number };
  /** Notifies staff that nobody responded in time. */
  'support.overdue': { supportTicketId: number; userId: number };
  /** Notifies the customer that a support ticket is resolved. */
  'support.resolved': { supportTicketId: number };
  'user.verification': { userTokenId: number };
  'user.password_reset': { userTokenId: number };
}

export type Topic = keyof Payloads;

/** Topics whose messages somebody waits for. All others are `normal`. */
const PRIORITIES: Partial<Record<Topic, number>> = {
  'user.verification': PRIORITY.urgent,
  'user.password_reset': PRIORITY.urgent,
  'waitlist.offered': PRIORITY.urgent,
  'payment.failed': PRIORITY.urgent,
  'payment.captured': PRIORITY.money,
  'payment.disputed': PRIORITY.money,
  'order.closed': PRIORITY.money,
  'refund.requested': PRIORITY.money,
};

interface Options {
  /** In place of the topic's. */
  priority?: number;
  requestId?: string | null;
}

export type Message = { [T in Topic]: { topic: T; payload: Payloads[T] } & Options }[Topic];

/** Adds the current trace, which continues where the message is handled. */
function withTrace(payload: object, requestId: string | null): object {
  const traceparent = requestId === null ? undefined : traceparents.get(requestId);
  return traceparent === undefined ? payload : { ...payload, traceparent };
}

const INSERT_MESSAGES = statement({
  name: 'outbox-insert',
  isPrepared: true,
  columns: {},
  sql: () => `
  INSERT INTO outbox_messages (topic, payload, priority, request_id)
  SELECT topic, payload, priority, request_id
  FROM unnest(:topics::text[], :payloads::jsonb[], :priorities::smallint[], :requestIds::text[])
    AS m (topic, payload, priority, request_id)`,
});

/** Inserts messages in one statement. Messages from a job carry the request id of the job. */
export async function insertMessages(trx: Trx, messages: Message[]): Promise<void> {
  if (messages.length === 0) return;
  const requestIds = messages.map(({ requestId }) => requestId ?? getCurrentJob()?.requestId ?? null);
  await pipeline(trx, INSERT_MESSAGES, {
    topics: toTextArray(messages.map((message) => message.topic)),
    payloads: toTextArray(messages.map(({ payload }, i) => JSON.stringify(withTrace(payload, requestIds[i]!)))),
    priorities: toNumberArray(messages.map(({ topic, priority }) => priority ?? PRIORITIES[topic] ?? PRIORITY.normal)),
    requestIds: toTextArray(requestIds),
  });
}

export const RELAY_CHANNEL = 'bilten_outbox';

/** What a notification on the channel says during a rush of sales; otherwise it is empty. */
export const RUSH = 'rush';

/** Notifies the relay outside of any transaction: see `wakeRelay`. */
export async function notifyRelay(db: Db, { isRush }: { isRush: boolean }): Promise<void> {
  await db.raw(`NOTIFY ${RELAY_CHANNEL}, '${isRush ? RUSH : ''}'`);
}
