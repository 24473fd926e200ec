import { AppError, createValidationError } from '../../errors';

export type CartIssue = 'UNAVAILABLE' | 'SALES_CLOSED' | 'OUT_OF_STOCK' | 'PRICE_CHANGED';

/** A line of a cart with what it sells, as of now. */
export interface CartLine {
  id: number;
  productId: number | null;
  ticketTypeId: number | null;
  /** The event of the ticket type, or the one that the product belongs to. */
  eventId: number | null;
  organizerId: number;
  name: string;
  imageKey: string | null;
  /** Null for tickets. */
  productType: 'physical' | 'digital' | 'license' | 'credit' | null;
  weightGrams: number | null;
  quantity: number;
  seatIds: number[] | null;
  /** The chosen seats that exist. */
  seats: { id: number; section: string; row: string; number: string; ticketTypeId: number }[];
  /** The price when the line was last changed. */
  seenPrice: string;
  unitPrice: string;
  currency: string;
  /** In percent; null for that of the store. */
  taxRate: string | null;
  isTaxInclusive: boolean;
  /** Anyone may know of it: it is neither a draft nor deleted. */
  isVisible: boolean;
  /** It is active, or its event is published and not over. */
  isOffered: boolean;
  isWithinSales: boolean;
  /** How many of it are left; null for no limit. */
  available: number | null;
  /** How many tickets of its event are left; null for no limit. */
  availableOfEvent: number | null;
  /** How many of its seats are taken or not for sale. */
  seatsTaken: number;
  /** How many of its seats are not seats of its ticket type. */
  seatsUnknown: number;
  minQuantity: number;
  maxQuantity: number | null;
  /** The most tickets of its event that a user may have. */
  maxPerUser: number | null;
}

export interface CartLimits {
  maxTicketsPerUser: number;
}

/** The most lines of a cart. */
export const MAX_LINES = 100;
/** The most units of one line. */
export const MAX_QUANTITY = 1000;

const isTicket = ({ ticketTypeId }: CartLine): boolean => ticketTypeId !== null;

const sumQuantities = (lines: CartLine[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);

const listTicketsOf = (lines: CartLine[], eventId: number | null): CartLine[] =>
  lines.filter((line) => isTicket(line) && line.eventId === eventId);

/** Returns the currency of a cart: that of its first line that can be bought, else of its first line. */
export function getCartCurrency(lines: CartLine[]): string | null {
  return (lines.find(({ isOffered }) => isOffered) ?? lines[0])?.currency ?? null;
}

function isOutOfStock(line: CartLine, lines: CartLine[]): boolean {
  const { quantity, available, availableOfEvent, seatsTaken, seatsUnknown } = line;
  if (quantity > (available ?? Infinity) || seatsTaken + seatsUnknown > 0) return true;
  return isTicket(line) && sumQuantities(listTicketsOf(lines, line.eventId)) > (availableOfEvent ?? Infinity);
}

/** Returns what keeps a line from being bought as it is, or has changed since it was added; null if nothing. */
export function findIssue(line: CartLine, lines: CartLine[]): CartIssue | null {
  if (!line.isOffered || line.currency !== getCartCurrency(lines)) return 'UNAVAILABLE';
  if (!line.isWithinSales) return 'SALES_CLOSED';
  if (isOutOfStock(line, lines)) return 'OUT_OF_STOCK';
  return Number(line.seenPrice) === Number(line.unitPrice) ? null : 'PRICE_CHANGED';
}

/** Returns the most units that a line may have beside the others. */
export function getMaxQuantity(line: CartLine, lines: CartLine[], { maxTicketsPerUser }: CartLimits): number {
  const ofLine = Math.min(MAX_QUANTITY, line.maxQuantity ?? Infinity);
  if (!isTicket(line)) return ofLine;
  const ofEvent = Math.min(maxTicketsPerUser, line.maxPerUser ?? Infinity);
  const others = listTicketsOf(lines, line.eventId).filter(({ id }) => id !== line.id);
  return Math.min(ofLine, ofEvent - sumQuantities(others));
}

const createLimitError = (message: string, limit: number): AppError =>
  new AppError('QUANTITY_LIMIT', undefined, { details: [{ path: 'quantity', message, limit }] });

/** @throws AppError QUANTITY_LIMIT */
export function assertLineCount(lines: unknown[]): void {
  if (lines.length > MAX_LINES) throw createLimitError(`a cart has at most ${MAX_LINES} lines`, MAX_LINES);
}

/**
 * Asserts that a cart may have this line, which was just added or changed.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR, CURRENCY_MISMATCH, QUANTITY_LIMIT
 */
export function assertAllowed(line: CartLine, lines: CartLine[], limits: CartLimits): void {
  if (!line.isVisible)
    throw new AppError('NOT_FOUND', isTicket(line) ? 'Ticket type not found.' : 'Product not found.');
  if (line.seatsUnknown > 0) throw createValidationError('seatIds', 'must be seats of this ticket type');
  const others = lines.filter(({ id }) => id !== line.id);
  const currency = getCartCurrency(others);
  if (currency !== null && currency !== line.currency)
    throw new AppError('CURRENCY_MISMATCH', `This cart is in ${currency}, and this is sold in ${line.currency}.`);
  assertLineCount(lines);
  const { quantity, minQuantity } = line;
  if (quantity < minQuantity) throw createLimitError(`at least ${minQuantity}`, minQuantity);
  const most = getMaxQuantity(line, lines, limits);
  if (quantity <= most) return;
  const isShared = isTicket(line) && most < Math.min(MAX_QUANTITY, line.maxQuantity ?? Infinity);
  const limit = isShared ? Math.min(limits.maxTicketsPerUser, line.maxPerUser ?? Infinity) : most;
  throw createLimitError(isShared ? `at most ${limit} tickets of this event` : `at most ${limit} of this`, limit);
}

interface Amount {
  quantity: number;
  seatIds: number[] | null;
}

/** Adds to what a line has. Seats that it has already are not counted again. @throws AppError VALIDATION_ERROR */
export function addToLine(line: Amount | undefined, { quantity, seatIds }: Amount): Amount {
  if (seatIds && seatIds.length !== quantity)
    throw createValidationError('quantity', `is ${quantity}, but seatIds has ${seatIds.length} seats`);
  if (!line) return { quantity, seatIds };
  if ((line.seatIds === null) !== (seatIds === null))
    throw createValidationError(
      'seatIds',
      line.seatIds
        ? 'is required: the tickets in the cart have chosen seats'
        : 'the tickets in the cart have no chosen seats',
    );
  if (!line.seatIds || !seatIds) return { quantity: line.quantity + quantity, seatIds: null };
  const all = [...new Set([...line.seatIds, ...seatIds])];
  return { quantity: all.length, seatIds: all };
}

/** Adds two lines for the same thing up. If only one has chosen seats, the best that are free are chosen for both. */
export function mergeLines(first: Amount, second: Amount): Amount {
  if (!first.seatIds || !second.seatIds) return { quantity: first.quantity + second.quantity, seatIds: null };
  return addToLine(first, second);
}

/** Sets the quantity of a line; of chosen seats, it keeps the first. @throws AppError VALIDATION_ERROR */
export function resizeLine({ seatIds }: Pick<Amount, 'seatIds'>, quantity: number): Amount {
  if (seatIds && quantity > seatIds.length)
    throw createValidationError('quantity', `is more than the ${seatIds.length} chosen seats: add seats instead`);
  return { quantity, seatIds: seatIds?.slice(0, quantity) ?? null };
}

/** Returns the lines that have more than is allowed, with the most that they may have. */
export function listExcess(lines: CartLine[], limits: CartLimits): { line: CartLine; most: number }[] {
  const kept: CartLine[] = [];
  const excess: { line: CartLine; most: number }[] = [];
  for (const line of lines) {
    const most = Math.max(0, getMaxQuantity(line, [...kept, line], limits));
    const quantity = Math.min(line.quantity, most);
    if (quantity < line.quantity) excess.push({ line, most });
    kept.push({ ...line, quantity });
  }
  return excess;
}
