import type { AuditValues } from '../../lib/audit-values';
import type { DiscountTerms } from '../../lib/discount-rules';
import type { RefundPolicy } from '../../lib/booking-terms';
import type { Attendee } from '../../lib/bookings/attendees';
import type { SeatName } from '../../lib/seats/seat-label';
import type { SeatRow } from '../../lib/seats/choose-seats';
import type { Message } from '../outbox/messages';
import type { RowOf } from '../statement';
import type { Address, BillingAddress } from '../../lib/address';
import type { BOOKING, WAITLIST_ENTRY } from './columns';
import type { PRODUCT } from './products';
import type { STORE_ORDER } from './store-orders';
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

export interface EventState {
  id: number;
  organizerId: number;
  /** Events of a suspended organizer are not sold. */
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
  /** The version of the seating plan, which changes with its seats; null without numbered seats. */
  seating: number | null;
  /** Ordered by id, without deleted types. */
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
  /** The id of the accessible seat that this companion seat belongs to. */
  companionOf: number | null;
  isBlocked: boolean;
}

/** The numbered seats of an event. Shared by batches, which never change it. */
export interface SeatingPlan {
  /** The `seating` of the event at the time this plan was read. */
  version: number;
  seats: Map<number, Seat>;
  /** By ticket type, best row first. Types without numbered seats are missing. */
  rows: Map<number, SeatRow<Seat>[]>;
}

export interface SeatingState {
  /** By event, for events whose seats the batch may assign. */
  seatingPlans: Map<number, SeatingPlan>;
  /** Ids of seats in active bookings, among the seats requested by id and all seats of events where best available may be assigned. */
  taken: Set<number>;
}

/** A discount that a new booking requests, or that a booking which may end was made with. */
export interface DiscountState extends DiscountTerms {
  id: number;
  /** In lower case. */
  code: string;
  /** Uses by each requesting user; counted only if uses per user are limited. */
  uses: Map<number, number>;
}

export type { BookingStatus };

export interface BookingItem {
  ticketTypeId: number;
  name: string;
  quantity: number;
  unitPrice: string;
  /** One per ticket, in order; undefined if nobody is named, and for bookings read from the database. */
  attendees?: (Attendee | null)[];
  /** One per ticket, in order; null if the type has no numbered seats. */
  seats: SeatPlace[] | null;
}

export interface TicketState {
  id: number;
  ticketTypeId: number;
  nonce: string;
  status: 'valid' | 'void';
  /** Someone other than the customer holds it. */
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
  userId: number;
  status: 'pending' | 'processing' | 'paid' | 'cancelled' | 'expired' | 'refunded' | 'partially_refunded' | 'disputed';
  total: string;
  /** What credits pay of the total. */
  creditsApplied: string;
  currency: string;
  /** The payment that paid for the order. */
  paymentId: number | null;
  payments: PaymentFacts[];
}

/** A product as the list of its columns declares it. */
export type ProductState = RowOf<typeof PRODUCT>;

/** A claim of an order on units of a product. */
export interface ClaimState {
  /** The position of the order item, which is its id within the order. */
  position: number;
  productId: number;
  quantity: number;
  /** Units that came back and can be sold again. */
  restocked: number;
  status: 'held' | 'sold' | 'released';
}

/** An order made by a checkout, with everything that it holds. */
export interface StoreOrderState extends Omit<RowOf<typeof STORE_ORDER>, 'bookingIds'> {
  /** In the order of their events. */
  bookings: BookingState[];
}

/** One line of a new order, priced. */
export interface OrderLineDraft {
  kind: 'ticket' | 'product' | 'shipping';
  ticketTypeId: number | null;
  productId: number | null;
  /** The booking that has the tickets. */
  booking: BookingState | null;
  sellerId: number | null;
  sku: string | null;
  name: string;
  productType: ProductState['productType'] | null;
  quantity: number;
  unitPrice: string;
  taxRate: string;
  isTaxInclusive: boolean;
  discount: string;
  tax: string;
  total: string;
}

/** What is written of a new order besides its state. */
export interface CheckoutDraft {
  order: StoreOrderState;
  /** The cart to empty. */
  cartId: number;
  customer: { name: string; email: string };
  billingAddress: BillingAddress | null;
  shippingAddress: Address | null;
  subtotal: string;
  discount: string;
  shippingTotal: string;
  tax: string;
  /** The part of the tax that the prices do not include. */
  addedTax: string;
  /** The rate of all lines; null if they differ. */
  taxRate: string | null;
  note: string | null;
  hasAcceptedTerms: boolean;
  fulfillmentStatus: 'none' | 'unfulfilled';
  createdAt: number;
  lines: OrderLineDraft[];
}

/** One line of a cart. */
export interface CheckoutLine {
  /** The id of the cart's item, for error details. */
  id: number;
  productId: number | null;
  ticketTypeId: number | null;
  /** The event of the ticket type. */
  eventId: number | null;
  quantity: number;
  seatIds: number[] | null;
}

export interface CartState {
  id: number;
  /** Changes with every change of the cart. */
  version: string;
}

/** The amounts to write with an order: totals, and the share of each booking item. */
export interface OrderDraft {
  subtotal: string;
  discount: string;
  tax: string;
  taxRate: string;
  isTaxInclusive: boolean;
  lines: { discount: string; tax: string }[];
}

/** A booking as the list of its columns declares it. */
export type BookingState = RowOf<typeof BOOKING>;

export type { WaitlistEntryStatus };

export interface WaitlistEntryState extends RowOf<typeof WAITLIST_ENTRY> {
  /** The user has paid or attended before; known only for waiting entries. */
  hasHistory?: boolean;
}

export interface BookingResult {
  booking: BookingState;
  event: EventState;
}

export interface JoinResult {
  waitlistEntry: WaitlistEntryState;
  event: EventState;
  /** Null if no longer known. */
  position: number | null;
}

export interface CheckoutResult {
  /** Null if the order was made by an earlier try of the same command. */
  checkout: CheckoutDraft | null;
  order: StoreOrderState;
}

/** The stored response to the first request with this idempotency key. */
export interface StoredResult {
  stored: unknown;
}

export interface IdempotentResult {
  fingerprint: string;
  result: BookingResult | JoinResult | CheckoutResult | StoredResult;
}

/** The settings that `decide` depends on. */
export interface Rules {
  maxTicketsPerUser: number;
  holdMs: number;
  offerMs: number;
  /** How long an offer lasts for users without a history. */
  firstOfferMs: number;
  cancellationWindowHours: number;
  /** In percent; for goods without a rate of their own. */
  storeTaxRate: string;
}

/** A user's active bookings for an event that the batch does not read one by one. */
export interface Holding {
  userId: number;
  eventId: number;
  /** The number of tickets, counted up to the event's limit per user. */
  tickets: number;
  /** All tickets of the bookings that are not paid yet. */
  unpaidTickets: number;
  /** One of the bookings. */
  booking: Pick<BookingState, 'id' | 'reference'>;
}

/** Everything that a batch's decisions depend on. `decide` updates it in place. */
export interface InventoryState {
  now: number;
  rules: Rules;
  events: Map<number, EventState>;
  /** Bookings that commands refer to by id or request. */
  bookings: Map<number, BookingState>;
  /** Other active bookings of the requesting users. */
  holdings: Holding[];
  /** Entries that commands refer to, and the head of each queue that could be offered tickets; in order of joining. */
  waitlistEntries: Map<number, WaitlistEntryState>;
  /** Discounts that the batch may redeem or release, by id. */
  discounts: Map<number, DiscountState>;
  seating: SeatingState;
  /** Products that checkouts want, or that an order may give back. */
  products: Map<number, ProductState>;
  /** Orders by checkout that commands refer to by id or request. */
  storeOrders: Map<number, StoreOrderState>;
  /** The carts that are checked out. */
  carts: Map<number, CartState>;
  /** What users who pay with credits can spend, by user and currency. */
  credits: Map<string, string>;
  /** By `user:key`. */
  idempotentResults: Map<string, IdempotentResult>;
}

export interface BatchState extends InventoryState {
  /** Ids for new bookings. */
  newIds: number[];
  /** Ids for the orders of checkouts. */
  newOrderIds: number[];
}

export interface Idempotency {
  key: string;
  fingerprint: string;
}

/** `extend` has credits pay all of an order instead of a part or nothing. */
export type CreditMove = 'hold' | 'extend' | 'capture' | 'release';

/** The changes of a batch, as final rows. */
export interface Changes {
  insertedBookings: BookingState[];
  updatedBookings: Set<BookingState>;
  /** Expired bookings that were paid late and got other seats. */
  reseatedBookings: Set<BookingState>;
  /** The orders of new bookings. */
  insertedOrders: Map<BookingState, OrderDraft>;
  updatedOrders: Set<OrderState>;
  /** The orders of checkouts. */
  checkouts: CheckoutDraft[];
  /** Orders by checkout whose claims have changed. */
  reclaimedOrders: Set<StoreOrderState>;
  /** Tickets that were refunded one by one. */
  returnedTickets: TicketState[];
  /** What becomes of the credits of orders, in this order. */
  creditMoves: { order: OrderState; move: CreditMove }[];
  insertedEntries: WaitlistEntryState[];
  updatedEntries: Set<WaitlistEntryState>;
  /** The waitlist entry that each booking claimed. */
  claims: Map<BookingState, WaitlistEntryState>;
  resizedEvents: Set<EventState>;
  resizedTypes: Set<TypeState>;
  /** Built when ids are known. */
  messages: (() => Message)[];
  /** Entries for the audit log. */
  activities: AuditValues[];
  idempotentResults: (IdempotentResult & { key: string; userId: number; booking?: BookingState })[];
}

/** Changes whose idempotent results are already presented as responses. */
export interface PresentedChanges extends Omit<Changes, 'idempotentResults'> {
  idempotentResults: (Idempotency & { userId: number; data: () => unknown; booking?: BookingState })[];
}
