import { PRIORITY } from '../../lib/priority';
import { getPreparedName, send, type Db, type Trx } from '../../database';
import { getCurrentJob } from '../../runtime/job-context';
import type { SmsTopic } from '../../lib/notification-kinds';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { traceparents } from '../../runtime/traceparents';

export interface TicketNotice {
  ticketId: number;
  transfers: number;
  about: 'issued' | 'reminder' | 'rescheduled' | 'void';
  notice: string;
  changeId?: number;
  because?: 'customer' | 'organizer' | 'event' | 'dispute';
}

/** What a message of each topic carries: ids only, since its handler reads how things stand by then. */
export interface Payloads {
  'booking.confirmed': { bookingId: number };
  'booking.cancelled': { bookingId: number; because?: 'customer' | 'organizer' | 'event' | 'dispute' };
  'booking.expired': { bookingId: number };
  'booking.reminder': { bookingId: number };
  /** To one who has booked, when time or place of the event changed. */
  'booking.rescheduled': { bookingId: number; changeId?: number };
  /** `changed` names the fields as the contract does: `startDate`, `venueName`, `title` … */
  'event.updated': { eventId: number; changed: string[] };
  /** Time or place have changed: by mail, what changed until then in one. */
  'event.rescheduled': { changeId: number };
  /** `reason` is the organizer's; its handler passes it on to bookings and places in line. */
  'event.cancelled': { eventId: number; reason?: string };
  'waitlist.offered': { entryId: number };
  'waitlist.expired': { entryId: number };
  /** To one who was in line when the event was cancelled, or the only ticket type that was wanted went. */
  'waitlist.closed': { entryId: number; because?: 'type'; reason?: string };
  /** To its new attendee; `transfer` counts, so that one that has been overtaken is known. */
  'ticket.transferred': { ticketId: number; transfer: number };
  /**
   * To who holds a ticket without having booked it; `transfers` tells holders apart. `notice` is said once to an address and event:
   * `reminder …`, `rescheduled …`, `void …`, `issued …`.
   */
  'ticket.notice': TicketNotice;
  /** Its booking was cancelled; `refundPercent` is what the event's policy gave back at that moment. */
  'order.closed': { orderId: number; refundPercent: number };
  'payment.captured': { paymentId: number };
  'payment.disputed': { paymentId: number };
  /** It can be tried again, as long as the booking holds its tickets. */
  'payment.failed': { paymentId: number };
  'refund.requested': { refundId: number };
  /** Or can be fetched, where the provider can't send it. */
  'refund.sent': { refundId: number };
  /** Its row is gone: the objects that are to follow. */
  'file.deleted': { keys: string[] };
  /** What somebody is to be told by a text message; about an entry of the waitlist, or a booking. */
  'sms.due': { about: SmsTopic; bookingId?: number; entryId?: number };
  /** An organizer has written to those who come: to be put down for each of them. */
  'event.message': { eventMessageId: number };
  /** To one of them. */
  'event.message_due': { recipientId: number };
  'user.verification': { userTokenId: number };
  'user.password_reset': { userTokenId: number };
}

export type Topic = keyof Payloads;

interface Options {
  priority?: number;
  requestId?: string | null;
}

export type Message = { [T in Topic]: { topic: T; payload: Payloads[T] } & Options }[Topic];

/** A trace goes on where the message is handled. */
function withTrace(payload: object, requestId: string | null): object {
  const traceparent = requestId === null ? undefined : traceparents.get(requestId);
  return traceparent === undefined ? payload : { ...payload, traceparent };
}

/** One statement, however many. What a job leads to has the request id that the job came with. */
export async function insertMessages(trx: Trx, messages: Message[]): Promise<void> {
  if (messages.length === 0) return;
  const requestIds = messages.map(({ requestId }) => requestId ?? getCurrentJob()?.requestId ?? null);
  await send(
    trx,
    trx
      .raw(
        `INSERT INTO outbox_messages (topic, payload, priority, request_id)
       SELECT topic, payload, priority, request_id
       FROM unnest(:topics::text[], :payloads::jsonb[], :priorities::smallint[], :requestIds::text[]) AS m (topic, payload, priority, request_id)`,
        {
          topics: toTextArray(messages.map((message) => message.topic)),
          payloads: toTextArray(messages.map(({ payload }, i) => JSON.stringify(withTrace(payload, requestIds[i]!)))),
          priorities: toNumberArray(messages.map((message) => message.priority ?? PRIORITY.normal)),
          requestIds: toTextArray(requestIds),
        },
      )
      .options(getPreparedName('outbox-insert')),
  );
}

export const RELAY_CHANNEL = 'bilten_outbox';

/** A statement of its own: see `wakeRelay`. */
export async function notifyRelay(db: Db): Promise<void> {
  await db.raw(`NOTIFY ${RELAY_CHANNEL}`);
}
