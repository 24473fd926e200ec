import type { Actor } from '../../../lib/actor';
import type { Attendee } from '../../../lib/attendees';
import type { HoldAllowance } from '../../../lib/hold-allowance';
import type { BookingResult, Idempotency, JoinResult, StoredResult } from '../../../models/inventory/types';

interface CommandBase {
  eventId: number;
  /** Identifies this command; finds its commit if the reply was lost. */
  requestId: string;
  /** The id of the request that caused this command, if it has no actor. */
  causedBy?: string;
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
  idempotency?: Idempotency;
}

export interface CancelCommand extends CommandBase {
  kind: 'cancel';
  bookingId: number;
  /** Undefined if the event was cancelled. */
  actor: Actor | undefined;
  reason: string | null;
  /** `dispute`: the bank has taken the money back, so nothing is refunded. */
  because?: 'dispute';
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
  /** The payment that succeeded. */
  paymentId: number;
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

export type Command =
  | BookCommand
  | CancelCommand
  | ExpireCommand
  | ConfirmCommand
  | JoinCommand
  | LeaveCommand
  | ExpireOfferCommand
  | ResizeCommand;

/** The result of each kind of command, as state; the caller presents it. */
export interface Results {
  book: BookingResult | StoredResult;
  cancel: undefined;
  /** False if the booking is no longer due. */
  expire: boolean;
  /** False if the payment cannot be used for the booking and must be refunded. */
  confirm: boolean;
  join: JoinResult | StoredResult;
  leave: undefined;
  expireOffer: boolean;
  resize: undefined;
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
