import type { Actor } from '../../../lib/actor';
import type { Attendee } from '../../../lib/bookings/attendees';
import type { HoldAllowance } from '../../../lib/bookings/hold-allowance';
import type { Address, BillingAddress } from '../../../lib/address';
import type { ShippingTerms } from '../../../lib/money/shipping';
import type { TaxRate } from '../../../lib/money/taxes';
import type {
  BookingResult,
  CheckoutLine,
  CheckoutResult,
  Idempotency,
  JoinResult,
  StoredResult,
} from '../../../models/inventory/types';

interface CommandIdentity {
  /** Identifies this command; finds its commit if the reply was lost. */
  requestId: string;
  /** The id of the request that caused this command, if it has no actor. */
  causedBy?: string;
}

interface CommandBase extends CommandIdentity {
  eventId: number;
}

/** What a command on several events and products may change. */
interface Scope {
  eventIds: number[];
  productIds: number[];
}

export interface BookCommand extends CommandBase {
  kind: 'book';
  actor: Actor;
  reference: string;
  /** A number is the short form: that many tickets of the event's only type. */
  wanted: number | { ticketTypeId: number; quantity: number }[];
  /** Seat ids for all tickets with numbered seats, in order; undefined picks the best available. */
  seatIds?: number[];
  /** The client expects numbered seats. */
  bestAvailable?: boolean;
  attendees?: Attendee[];
  discountCode?: string;
  /** Other accounts of the same person; limits per user count their tickets too. */
  alikeUserIds?: number[];
  /** How many unpaid tickets the user may hold; undefined applies the usual limits. */
  allowance?: HoldAllowance;
  /** Credits pay all of it at once. */
  creditsAmount?: 'all';
  idempotency?: Idempotency;
}

export interface CancelCommand extends CommandBase {
  kind: 'cancel';
  bookingId: number;
  /** Undefined if the event was cancelled. */
  actor: Actor | undefined;
  reason: string | null;
  /** `dispute`: the bank has taken the money back; `refund`: it was refunded already. In both cases nothing is refunded. */
  because?: 'dispute' | 'refund';
}

/** Takes tickets that were refunded one by one out of a confirmed booking, and offers them. */
export interface ReturnTicketsCommand extends CommandBase {
  kind: 'returnTickets';
  bookingId: number;
  /** How many tickets of each type the booking keeps; at least one in all. */
  kept: { ticketTypeId: number; quantity: number }[];
}

export interface ExpireCommand extends CommandBase {
  kind: 'expire';
  bookingId: number;
}

export interface ConfirmCommand extends CommandBase {
  kind: 'confirm';
  bookingId: number;
  /** The customer of the booking. */
  userId: number;
  /** The payment that succeeded; null if credits pay what is due. */
  paymentId: number | null;
}

export interface JoinCommand extends CommandBase {
  kind: 'join';
  actor: Actor;
  ticketTypeId: number | null;
  ticketsCount: number;
  acceptFewer: boolean;
  /** The user has paid or attended before. */
  hasHistory?: boolean;
  idempotency?: Idempotency;
}

export interface LeaveCommand extends CommandBase {
  kind: 'leave';
  userId: number;
}

export interface ExpireOfferCommand extends CommandBase {
  kind: 'expireOffer';
  waitlistEntryId: number;
}

export interface ResizeCommand extends CommandBase {
  kind: 'resize';
  /** Undefined keeps the current capacity; null means unlimited. */
  capacity?: number | null;
  types?: { ticketTypeId: number; capacity: number | null }[];
}

export type { CheckoutLine };

export interface CheckedOutCart {
  id: number;
  /** As read; the command has no effect if the cart has another version by now. */
  version: string;
  discountCode: string | null;
  lines: CheckoutLine[];
}

export interface CheckoutCommand extends CommandIdentity, Scope {
  kind: 'checkout';
  actor: Actor;
  /** Undefined if there is none, as after an earlier checkout. */
  cart: CheckedOutCart | undefined;
  customer: { name: string; email: string };
  reference: string;
  /** What the booking of each event gets. */
  bookings: Map<number, { requestId: string; reference: string }>;
  billingAddress: BillingAddress | null;
  shippingAddress: Address | null;
  /** The options to choose the cheapest of, or the one that was chosen. */
  shippingOptions: (ShippingTerms & { id: number; name: string })[];
  taxRates: TaxRate[];
  /** How much the customer wants to pay with credits; `all` if credits pay the whole order. */
  creditsAmount: string | null;
  note: string | null;
  hasAcceptedTerms: boolean;
  alikeUserIds?: number[];
  allowance?: HoldAllowance;
  idempotency?: Idempotency;
}

/** An order made by a checkout, and what it holds. */
interface StoreOrderCommand extends CommandIdentity, Scope {
  orderId: number;
  userId: number;
  bookingIds: number[];
}

export interface ConfirmOrderCommand extends StoreOrderCommand {
  kind: 'confirmOrder';
  /** The payment that succeeded; null if credits pay what is due. */
  paymentId: number | null;
}

export interface ExpireOrderCommand extends StoreOrderCommand {
  kind: 'expireOrder';
}

/** Cancels an unpaid order as a whole; of a paid one, one booking, or all of them if the bank has taken the money back. */
export interface CancelOrderCommand extends StoreOrderCommand {
  kind: 'cancelOrder';
  /** Undefined for all bookings. */
  bookingId?: number;
  actor: Actor | undefined;
  reason: string | null;
  because?: 'dispute' | 'refund';
}

export type StoreCommand = CheckoutCommand | ConfirmOrderCommand | ExpireOrderCommand | CancelOrderCommand;

export type EventCommand =
  | BookCommand
  | CancelCommand
  | ReturnTicketsCommand
  | ExpireCommand
  | ConfirmCommand
  | JoinCommand
  | LeaveCommand
  | ExpireOfferCommand
  | ResizeCommand;

export type Command = EventCommand | StoreCommand;

/** Returns the events that a command may change. */
export const getEventIds = (command: Command): number[] =>
  'eventId' in command ? [command.eventId] : command.eventIds;

/** Returns the products that a command may change. */
export const getProductIds = (command: Command): number[] => ('productIds' in command ? command.productIds : []);

/** Names the inventory rows that a command locks: that of an event by its id, that of a product by its negated id. */
export const getInventoryKeys = (command: Command): number[] =>
  'eventId' in command ? [command.eventId] : [...command.eventIds, ...command.productIds.map((id) => -id)];

/** The result of each kind of command, as state; the caller presents it. */
export interface Results {
  book: BookingResult | StoredResult;
  cancel: undefined;
  returnTickets: undefined;
  /** False if the booking is no longer due. */
  expire: boolean;
  /** False if the payment cannot be used for the booking and must be refunded, or if an open payment has to be closed before credits pay. */
  confirm: boolean;
  join: JoinResult | StoredResult;
  leave: undefined;
  expireOffer: boolean;
  resize: undefined;
  /** Undefined if the cart has changed since it was read. */
  checkout: CheckoutResult | StoredResult | undefined;
  /** The same for an order that a checkout made. */
  confirmOrder: boolean;
  /** False if the order is no longer due. */
  expireOrder: boolean;
  cancelOrder: undefined;
}

export type CommandKind = Command['kind'];

/** The rules throw refusals as AppError, which become the outcome of the command. New rows get their ids when the batch is written. */
export type Outcome<K extends CommandKind = CommandKind> =
  { ok: true; value: Results[K]; isReplay?: boolean } | { ok: false; error: Error };

/** Returns the id of the request that caused a command. */
export function getRequestId(command: Command): string | undefined {
  const actor = 'actor' in command ? command.actor : undefined;
  return actor?.requestId ?? command.causedBy;
}
