import type { AuditValues } from '../audit/entries';
import type { Attendee } from '../../lib/attendees';
import type { SeatName } from '../../lib/seats/seat-label';
import type { SeatRow } from '../../lib/seats/choose-seats';
import type { Message } from '../outbox/messages';
import type { BookingStatus, EventStatus, WaitlistEntryStatus } from '../../lib/statuses';

/** All times are milliseconds since the epoch, by the database's clock. */
export interface TypeState {
  id: number;
  name: string;
  price: string;
  salesStartAt: number | null;
  salesEndAt: number | null;
  minPerBooking: number;
  maxPerBooking: number | null;
  capacity: number | null;
  sold: number;
  held: number;
}

/** What is paid back of a cancelled booking; without one, everything. */
export interface RefundPolicy {
  fullUntilHours: number;
  thenPercent: number;
}

export interface EventState {
  id: number;
  organizerId: number;
  /** Nothing of theirs is sold. */
  isOrganizerSuspended: boolean;
  title: string;
  status: EventStatus;
  isDeleted: boolean;
  startsAt: number;
  endsAt: number;
  timezone: string;
  venueName: string | null;
  venueAddress: string | null;
  coverKey: string | null;
  currency: string;
  taxRate: string;
  isTaxInclusive: boolean;
  cancellationWindowHours: number | null;
  refundPolicy: RefundPolicy | null;
  maxPerUser: number | null;
  allowMultipleBookings: boolean;
  rescheduledAt: number | null;
  capacity: number | null;
  sold: number;
  held: number;
  waiting: number;
  /** Another number whenever its seats change; null where none are numbered. */
  seating: number | null;
  /** In order of their ids; deleted ones are left out. */
  types: TypeState[];
}

/** A numbered seat, as bookings and tickets carry it. */
export interface SeatPlace extends SeatName {
  id: number;
  ticketTypeId: number;
}

export interface Seat extends SeatPlace {
  position: number;
  isAccessible: boolean;
  /** The accessible seat that it is beside. */
  companionOf: number | null;
  isBlocked: boolean;
}

/** The numbered seats of an event; shared by batches, and never changed by them. */
export interface SeatingPlan {
  /** The `seating` of the event that it is true for. */
  version: number;
  seats: Map<number, Seat>;
  /** By ticket type, best first. A type that is not here has no numbered seats. */
  rows: Map<number, SeatRow<Seat>[]>;
}

export interface SeatingState {
  /** By event, of those whose seats the batch may give out. */
  seatingPlans: Map<number, SeatingPlan>;
  /** Seats of active bookings: of those asked for by id, and all of the events where the best available may be given. */
  taken: Set<number>;
}

/** A discount that a booking asks for, or that one which may end was made with. */
export interface DiscountState {
  id: number;
  organizerId: number;
  eventId: number | null;
  /** In lower case. */
  code: string;
  type: 'percentage' | 'fixed';
  value: string;
  currency: string | null;
  maxUses: number | null;
  maxUsesPerUser: number | null;
  usedCount: number;
  startsAt: number | null;
  endsAt: number | null;
  isActive: boolean;
  /** By user, of those who ask for it; counted only where uses per user are limited. */
  uses: Map<number, number>;
}

export type { BookingStatus };

export interface BookingItem {
  ticketTypeId: number;
  name: string;
  quantity: number;
  unitPrice: string;
  /** Of its tickets in turn; left out where nobody is named, and where it has been read. */
  attendees?: (Attendee | null)[];
  /** Of its tickets in turn; null where its type has no numbered seats. */
  seats: SeatPlace[] | null;
}

export interface TicketState {
  id: number;
  ticketTypeId: number;
  nonce: string;
  status: 'valid' | 'void';
  /** Somebody else than the booker holds it. */
  isTransferred: boolean;
  checkedInAt: number | null;
  attendeeName: string | null;
  seatId: number | null;
}

/** A payment as the rules see it. */
export interface PaymentFacts {
  id: number;
  provider: string;
  intentId: string | null;
  status: 'pending' | 'processing' | 'succeeded' | 'failed' | 'cancelled';
  amount: string;
  currency: string;
  captured: string;
  refunded: string;
  isDisputed: boolean;
}

export interface OrderState {
  /** 0 until it is written. */
  id: number;
  orderNumber: string;
  status: 'pending' | 'processing' | 'paid' | 'cancelled' | 'expired' | 'refunded' | 'partially_refunded' | 'disputed';
  total: string;
  currency: string;
  /** The payment that it was confirmed for. */
  paymentId: number | null;
  payments: PaymentFacts[];
}

/** What an order is written with: sums, and the share of each of its booking's items in them. */
export interface OrderDraft {
  subtotal: string;
  discount: string;
  tax: string;
  taxRate: string;
  isTaxInclusive: boolean;
  lines: { discount: string; tax: string }[];
}

export interface BookingState {
  /** 0 until it is written. */
  id: number;
  reference: string;
  userId: number;
  eventId: number;
  ticketsCount: number;
  items: BookingItem[];
  /** They come with confirmation: of a booking that is written in a batch, once that has been committed. */
  tickets: TicketState[];
  status: BookingStatus;
  totalAmount: string;
  discountAmount: string;
  discountId: number | null;
  currency: string;
  isExclusive: boolean;
  /** Terms of the sale; null as with events. */
  cancellationWindowHours: number | null;
  refundPolicy: RefundPolicy | null;
  requestId: string;
  cancelRequestId: string | null;
  cancelReason: string | null;
  expiresAt: number | null;
  createdAt: number;
  confirmedAt: number | null;
  cancelledAt: number | null;
  expiredAt: number | null;
  /** Null where it costs nothing. */
  order: OrderState | null;
}

export type { WaitlistEntryStatus };

export interface WaitlistEntryState {
  /** 0 until it is written. */
  id: number;
  userId: number;
  eventId: number;
  ticketTypeId: number | null;
  ticketsCount: number;
  acceptFewer: boolean;
  status: WaitlistEntryStatus;
  offeredCount: number | null;
  offeredTicketTypeId: number | null;
  offerExpiresAt: number | null;
  requestId: string;
  joinedAt: number;
  /** Has paid or attended before; known only of those who wait. */
  hasHistory?: boolean;
}

export interface BookingResult {
  booking: BookingState;
  event: EventState;
}

export interface JoinResult {
  waitlistEntry: WaitlistEntryState;
  event: EventState;
  /** Null where it is not known any more. */
  position: number | null;
}

/** The response that the first request with this idempotency key got, as it was stored. */
export interface StoredResult {
  stored: unknown;
}

export interface IdempotentResult {
  fingerprint: string;
  result: BookingResult | JoinResult | StoredResult;
}

/** What can be tuned, as `decide` needs it. */
export interface Rules {
  maxTicketsPerUser: number;
  holdMs: number;
  offerMs: number;
  /** The same for accounts without a history. */
  firstOfferMs: number;
  cancellationWindowHours: number;
}

/** What a user has of an event in active bookings that the batch does not read one by one. */
export interface Holding {
  userId: number;
  eventId: number;
  /** As many as matter: counting stops where the event's limit per user is reached. */
  tickets: number;
  /** One of the bookings. */
  booking: Pick<BookingState, 'id' | 'reference'>;
}

/** All that a batch's decisions depend on. `decide` works on it in place. */
export interface InventoryState {
  now: number;
  rules: Rules;
  events: Map<number, EventState>;
  /** Bookings asked for by id or request. */
  bookings: Map<number, BookingState>;
  /** Of the users who ask, beside those bookings. */
  holdings: Holding[];
  /** Entries asked for, and the head of each line that tickets could be offered to; in order of joining. */
  waitlistEntries: Map<number, WaitlistEntryState>;
  /** Those that the batch may use or give back, by id. */
  discounts: Map<number, DiscountState>;
  seating: SeatingState;
  /** By `user:key`. */
  answers: Map<string, IdempotentResult>;
}

export interface BatchState extends InventoryState {
  /** For the bookings that are made. */
  newIds: number[];
}

export interface Idempotency {
  key: string;
  fingerprint: string;
}

/** What a batch changes, as final rows. */
export interface Changes {
  insertedBookings: BookingState[];
  updatedBookings: Set<BookingState>;
  /** Expired ones that come back, on these seats. */
  reseatedBookings: Set<BookingState>;
  /** Orders of bookings that are made. */
  insertedOrders: Map<BookingState, OrderDraft>;
  updatedOrders: Set<OrderState>;
  insertedEntries: WaitlistEntryState[];
  updatedEntries: Set<WaitlistEntryState>;
  /** The place in line that a booking used up. */
  claims: Map<BookingState, WaitlistEntryState>;
  resizedEvents: Set<EventState>;
  resizedTypes: Set<TypeState>;
  /** Made when ids are known. */
  messages: (() => Message)[];
  /** For the audit log. */
  activities: AuditValues[];
  answers: (IdempotentResult & { key: string; userId: number; booking?: BookingState })[];
}

/** Changes whose results are responses already. */
export interface PresentedChanges extends Omit<Changes, 'answers'> {
  answers: (Idempotency & { userId: number; data: () => unknown; booking?: BookingState })[];
}
