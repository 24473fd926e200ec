import type { StoredPreferences } from '../../lib/notification-preferences';
import type { SeatName } from '../../lib/seats/seat-label';
import type { BookingStatus } from '../../lib/statuses';

/** Whom to tell. Times in this file are milliseconds since the epoch. */
export interface Recipient {
  userId: number;
  email: string;
  /** Whether somebody has shown that this address is theirs. */
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
    /** Where answers go; null where the address is not verified. */
    email: string | null;
    /** Of its logo in the store. */
    logoKey: string | null;
  };
}

/** What guests plan by. Times in milliseconds. */
export type TimeAndPlace = Pick<
  EventNotificationData,
  'startsAt' | 'endsAt' | 'timezone' | 'venueName' | 'venueAddress'
>;

export interface BookingNotificationData {
  id: number;
  reference: string;
  status: BookingStatus;
  /** It was given up unpaid, and may have been paid later. */
  hasExpired: boolean;
  ticketsCount: number;
  totalAmount: string;
  currency: string;
  cancelReason: string | null;
  /** Something was paid, so there is an invoice. */
  hasInvoice: boolean;
  /** Whether its booker holds a ticket of it, now that it is confirmed. */
  holdsTickets: boolean;
  /** Whether others were named, or have had one transferred. */
  hasOtherHolders: boolean;
  /** The numbered ones of its tickets. */
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
  /** Why its booking was cancelled. */
  cancelReason: string | null;
  /** Whether the event has attendees mailed their own tickets. */
  sendsToAttendees: boolean;
  bookerId: number;
  /** Of the account that has verified the attendee's address; null where none has. */
  recipient: Recipient | null;
  /** Whether there is any account with that address. */
  hasAccount: boolean;
  /** Of who booked it. */
  locale: string;
  event: EventNotificationData;
}

/** What an organizer writes to one of those who come. */
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
  bookingId: number;
  reference: string;
  bookingStatus: string;
  ticketsCount: number;
  expiresAt: number | null;
  event: EventNotificationData;
  recipient: Recipient;
}

export interface RefundNotificationData extends PaymentNotificationData {
  cause: 'request' | 'cancellation' | 'unusable' | 'provider';
  reason: string | null;
  claimUrl: string | null;
}
