import type { Actor } from '../../../lib/actor';
import type { Attendee } from '../../../lib/attendees';
import type { HoldAllowance } from '../../../lib/hold-allowance';
import type { BookingResult, Idempotency, JoinResult, StoredResult } from '../../../models/inventory/types';

interface CommandBase {
  eventId: number;
  /** Names this command; a commit whose reply was lost is found by it. */
  requestId: string;
  /** The id of the request behind it, where it has no actor. */
  causedBy?: string;
}

export interface BookCommand extends CommandBase {
  kind: 'book';
  actor: Actor;
  reference: string;
  /** A number is the short form: so many of the event's only type. */
  wanted: number | { ticketTypeId: number; quantity: number }[];
  /** The seats of all its tickets that have numbered ones, in turn; left out: the best available. */
  seatIds?: number[];
  /** Says that numbered seats are expected. */
  bestAvailable?: boolean;
  attendees?: Attendee[];
  discountCode?: string;
  /** Other accounts of the same person: limits per person count theirs too. */
  alikeUserIds?: number[];
  /** What may be held unpaid; left out: as much as everybody. */
  allowance?: HoldAllowance;
  idempotency?: Idempotency;
}

export interface CancelCommand extends CommandBase {
  kind: 'cancel';
  bookingId: number;
  /** Undefined: the event itself was cancelled. */
  actor: Actor | undefined;
  reason: string | null;
  /** The bank took the money back: nothing is left to be refunded. */
  because?: 'dispute';
}

export interface ExpireCommand extends CommandBase {
  kind: 'expire';
  bookingId: number;
}

export interface ConfirmCommand extends CommandBase {
  kind: 'confirm';
  bookingId: number;
  /** Of the booking. */
  userId: number;
  /** The payment that has arrived. */
  paymentId: number;
}

export interface JoinCommand extends CommandBase {
  kind: 'join';
  actor: Actor;
  ticketTypeId: number | null;
  ticketsCount: number;
  acceptFewer: boolean;
  /** Has paid or attended before. */
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
  /** Left out: stays as it is. Null: unlimited. */
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

/** What a command results in, by its kind: state, which whoever asked for it presents. */
export interface Results {
  book: BookingResult | StoredResult;
  /** Undefined: nothing to say but that it is done. */
  cancel: undefined;
  /** False: it had ended otherwise meanwhile. */
  expire: boolean;
  /** False: the payment cannot be used for it. */
  confirm: boolean;
  join: JoinResult | StoredResult;
  leave: undefined;
  expireOffer: boolean;
  resize: undefined;
}

export type CommandKind = Command['kind'];

/** A refusal is thrown as AppError inside the rules and becomes the command's own outcome. What is inserted has its id once the batch is written. */
export type Outcome<K extends CommandKind = CommandKind> =
  { ok: true; value: Results[K]; isReplay?: boolean } | { ok: false; error: Error };

/** The id of the request that a command follows from. */
export function requestBehind(command: Command): string | undefined {
  const actor = 'actor' in command ? command.actor : undefined;
  return actor?.requestId ?? command.causedBy;
}
