import type { StoredPreferences } from '../../lib/notification-preferences';
import type { SeatName } from '../../lib/seats/seat-label';
import type { BookingStatus } from '../../lib/statuses';

/** The recipient of a notification. Times in this file are in milliseconds since the epoch. */
export interface Recipient {
  userId: number;
  email: string;
  /** Whether the address is verified. */
  isVerified: boolean;
  firstName: string | null;
  phone: string | null;
  locale: string;
  timezone: string;
  preferences: StoredPreferences;
}

export interface EventNotificationData {
  id: number;
  title: string;
  status: string;
  startsAt: number;
  endsAt: number;
  timezone: string;
  venueName: string | null;
  venueAddress: string | null;
  version: number;
  updatedAt: number;
  organizer: {
    id: number;
    name: string | null;
    /** The reply-to address; null if it is not verified. */
    email: string | null;
    /** The key of the logo in the store. */
    logoKey: string | null;
  };
}

/** The time and place of an event. Times are in milliseconds since the epoch. */
export type TimeAndPlace = Pick<
  EventNotificationData,
  'startsAt' | 'endsAt' | 'timezone' | 'venueName' | 'venueAddress'
>;

export interface BookingNotificationData {
  id: number;
  reference: string;
  status: BookingStatus;
  /** It expired unpaid, and may have been paid later. */
  hasExpired: boolean;
  ticketsCount: number;
  totalAmount: string;
  currency: string;
  cancelReason: string | null;
  /** True if something was paid. */
  hasInvoice: boolean;
  /** Whether the customer holds a ticket of the confirmed booking. */
  holdsTickets: boolean;
  /** Whether others were named as attendees or got a ticket transferred. */
  hasOtherHolders: boolean;
  /** The numbered seats of its tickets. */
  seats: SeatName[];
  event: EventNotificationData;
  recipient: Recipient;
}

export interface WaitlistNotificationData {
  id: number;
  status: string;
  ticketsCount: number;
  offeredCount: number | null;
  offerExpiresAt: number | null;
  event: EventNotificationData;
  recipient: Recipient;
}

export interface TicketNotificationData {
  id: number;
  status: string;
  transfers: number;
  attendeeName: string | null;
  attendeeEmail: string | null;
  reference: string;
  ticketTypeName: string;
  seat: SeatName | null;
  /** The reason why the booking was cancelled. */
  cancelReason: string | null;
  /** Whether the event mails tickets to attendees. */
  sendsToAttendees: boolean;
  bookerId: number;
  /** The account that has verified the attendee's address; null if none has. */
  recipient: Recipient | null;
  /** Whether any account has this address, verified or not. */
  hasAccount: boolean;
  /** The customer's. */
  locale: string;
  event: EventNotificationData;
}

/** An announcement to one recipient. */
export interface MessageNotificationData {
  subject: string;
  body: string;
  event: EventNotificationData;
  recipient: Pick<Recipient, 'locale' | 'timezone' | 'isVerified'>;
}

export interface PaymentNotificationData {
  status: string;
  amount: string;
  currency: string;
  orderId: number;
  orderNumber: string;
  /** Null, like the following, for an order that a checkout made. */
  bookingId: number | null;
  reference: string | null;
  /** The status of the booking, or of everything in the order. */
  bookingStatus: string;
  ticketsCount: number | null;
  expiresAt: number | null;
  event: EventNotificationData | null;
  recipient: Recipient;
}

export interface RefundNotificationData extends PaymentNotificationData {
  cause: 'request' | 'cancellation' | 'unusable' | 'provider';
  reason: string | null;
  claimUrl: string | null;
  isToCredits: boolean;
}

/** An order that a checkout made. */
export interface OrderNotificationData {
  orderId: number;
  orderNumber: string;
  total: string;
  currency: string;
  isPaid: boolean;
  items: { name: string; quantity: number; kind: 'ticket' | 'product' | 'shipping' }[];
  recipient: Recipient;
}
