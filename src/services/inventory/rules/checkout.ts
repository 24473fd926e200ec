import Big from 'big.js';
import { AppError, createValidationError } from '../../../errors';
import type {
  BookingState,
  CheckoutDraft,
  InventoryState,
  ProductState,
  StoreOrderState,
} from '../../../models/inventory/types';
import {
  assertHoldAllowance,
  assertMayHoldGoods,
  MAX_ORDER_TOTAL,
  prepareBooking,
  takeBooking,
  type PreparedBooking,
} from './book';
import type { BookCommand, CheckedOutCart, CheckoutCommand, CheckoutLine, Outcome } from './commands';
import { addMessage, findStoredResult, getVisibleEventState, storeResult, type Context } from './context';
import { captureCredits, decideCredits, holdCredits } from './credits';
import { redeemDiscount } from './discounts';
import { toOrderNumber } from './orders';
import {
  assertShippable,
  findCheckoutDiscount,
  priceCheckout,
  type BasketLine,
  type PricedCheckout,
} from './price-checkout';

type KnownLine = { line: CheckoutLine; quantity: number; product: ProductState | undefined };

/** Returns how many units anyone may buy; Infinity if unlimited. */
export const countAvailableUnits = ({ stock, held, sold }: ProductState): number =>
  stock === null ? Infinity : stock - held - sold;

function createOutOfStockError(lines: { line: CheckoutLine; available: number }[]): AppError {
  return new AppError('OUT_OF_STOCK', undefined, {
    details: lines.map(({ line, available }) => ({
      path: `items.${line.id}`,
      message: available === 0 ? 'none are left' : `${available} are left`,
      itemId: line.id,
      productId: line.productId,
      available,
    })),
  });
}

/** Asserts that the goods are for sale and in stock; lines of one product count together. @throws AppError OUT_OF_STOCK, QUANTITY_LIMIT */
function assertInStock(lines: KnownLine[]): void {
  const goods = lines.filter(({ line }) => line.productId !== null);
  const wanted = new Map<number, number>();
  for (const { line, quantity } of goods) wanted.set(line.productId!, (wanted.get(line.productId!) ?? 0) + quantity);
  const short = goods.flatMap(({ line, product }) => {
    const isSold = product !== undefined && product.status === 'active' && !product.isOrganizerSuspended;
    const available = isSold ? Math.max(0, countAvailableUnits(product)) : 0;
    return wanted.get(line.productId!)! > available ? [{ line, available }] : [];
  });
  if (short.length > 0) throw createOutOfStockError(short);
  const excess = goods.filter(({ line, product }) => wanted.get(line.productId!)! > (product!.maxPerOrder ?? Infinity));
  if (excess.length === 0) return;
  throw new AppError('QUANTITY_LIMIT', undefined, {
    details: excess.map(({ line, product }) => ({
      path: `items.${line.id}`,
      message: `at most ${product!.maxPerOrder} in one order`,
      limit: product!.maxPerOrder,
    })),
  });
}

/** @throws AppError CURRENCY_MISMATCH */
function getCurrency({ state }: Context, lines: KnownLine[]): string {
  const currencies = lines.flatMap(({ line, product }) => {
    const currency = product ? product.currency : state.events.get(line.eventId ?? 0)?.currency;
    return currency === undefined ? [] : [currency];
  });
  const [currency] = currencies;
  if (currency === undefined || currencies.some((each) => each !== currency)) throw new AppError('CURRENCY_MISMATCH');
  return currency;
}

function toBookCommand(command: CheckoutCommand, eventId: number, lines: CheckoutLine[]): BookCommand {
  const { actor, alikeUserIds, bookings } = command;
  const seatIds = lines.flatMap((line) => line.seatIds ?? []);
  return {
    kind: 'book',
    eventId,
    ...bookings.get(eventId)!,
    actor,
    wanted: lines.map(({ ticketTypeId, quantity }) => ({ ticketTypeId: ticketTypeId!, quantity })),
    ...(seatIds.length > 0 ? { seatIds } : {}),
    alikeUserIds,
  };
}

/** Judges the tickets of each event, without taking any. */
function prepareBookings(
  context: Context,
  command: CheckoutCommand,
  lines: CheckoutLine[],
): Map<number, PreparedBooking> {
  const { maxTicketsPerUser } = context.state.rules;
  const prepared = new Map<number, PreparedBooking>();
  for (const eventId of command.eventIds) {
    const linesOfEvent = lines.filter((line) => line.eventId === eventId);
    const bookCommand = toBookCommand(command, eventId, linesOfEvent);
    const event = getVisibleEventState(context, bookCommand);
    if (linesOfEvent.reduce((sum, { quantity }) => sum + quantity, 0) > maxTicketsPerUser)
      throw createValidationError(
        `items.${linesOfEvent[0]!.id}`,
        `at most ${maxTicketsPerUser} tickets in one booking`,
      );
    prepared.set(eventId, prepareBooking(context, bookCommand, event));
  }
  return prepared;
}

/** Gives a booking its share of the order's price, and its order. */
function priceBooking(booking: BookingState, order: StoreOrderState, { lines }: PricedCheckout, now: number): void {
  const own = lines.filter((line) => line.booking === booking);
  const sum = (field: 'total' | 'discount'): string =>
    own.reduce((all, line) => all.plus(line[field]), new Big(0)).toFixed();
  const isPaid = order.status === 'paid';
  booking.totalAmount = sum('total');
  booking.discountAmount = sum('discount');
  booking.status = isPaid ? 'confirmed' : 'pending';
  booking.confirmedAt = isPaid ? now : null;
  booking.expiresAt = order.expiresAt;
  booking.order = order;
}

function makeOrder(
  context: Context,
  command: CheckoutCommand,
  price: PricedCheckout,
  rest: { currency: string; discountId: number | null; creditsApplied: string },
): StoreOrderState {
  const { now, rules } = context.state;
  const isPaid = new Big(price.total).eq(rest.creditsApplied);
  return {
    id: 0,
    orderNumber: toOrderNumber(command.reference),
    userId: command.actor.userId,
    requestId: command.requestId,
    status: isPaid ? 'paid' : 'pending',
    total: price.total,
    paymentId: null,
    ...rest,
    expiresAt: isPaid ? null : now + rules.holdMs,
    paidAt: isPaid ? now : null,
    hold: isPaid ? 'confirmed' : 'pending',
    payments: [],
    claims: price.lines.flatMap(({ kind, productId, quantity }, index) =>
      kind === 'product'
        ? [{ position: index + 1, productId: productId!, quantity, restocked: 0, status: isPaid ? 'sold' : 'held' }]
        : [],
    ),
    bookings: [],
  };
}

/** Adds the claimed units to the counters of their products, or takes them off. */
export function moveClaims({ products }: InventoryState, { claims }: StoreOrderState, sign: 1 | -1): void {
  for (const { productId, quantity, restocked, status } of claims) {
    const product = products.get(productId);
    if (!product || status === 'released') continue;
    product[status] += sign * (status === 'sold' ? quantity - restocked : quantity);
  }
}

const getCommonRate = (lines: PricedCheckout['lines']): string | null =>
  lines.every(({ taxRate }) => Number(taxRate) === Number(lines[0]!.taxRate)) ? lines[0]!.taxRate : null;

function makeDraft(
  command: CheckoutCommand,
  cart: CheckedOutCart,
  order: StoreOrderState,
  { price, now }: { price: PricedCheckout; now: number },
): CheckoutDraft {
  const { customer, billingAddress, shippingAddress, note, hasAcceptedTerms } = command;
  const { subtotal, discount, shippingTotal, tax, total, lines } = price;
  return {
    order,
    cartId: cart.id,
    customer,
    billingAddress,
    shippingAddress,
    subtotal,
    discount,
    shippingTotal,
    tax,
    addedTax: new Big(total).minus(subtotal).plus(discount).minus(shippingTotal).toFixed(),
    taxRate: getCommonRate(lines),
    note,
    hasAcceptedTerms,
    fulfillmentStatus: lines.some(({ productType }) => productType === 'physical') ? 'unfulfilled' : 'none',
    createdAt: now,
    lines,
  };
}

function toKnownLines({ products }: InventoryState, { lines }: CheckedOutCart): KnownLine[] {
  return lines.map((line) => ({
    line,
    quantity: line.quantity,
    product: line.productId === null ? undefined : products.get(line.productId),
  }));
}

/**
 * Checks a cart out: all of it or nothing. Everything is judged before anything is taken, so a refusal leaves the state of the batch
 * as it was. The order of the checks is part of the API contract.
 */
export function checkout(context: Context, command: CheckoutCommand): Outcome<'checkout'> {
  const { state } = context;
  const { cart, actor } = command;
  const existing = context.ordersByRequest.get(command.requestId);
  if (existing) return { ok: true, value: { checkout: null, order: existing } };
  const stored = findStoredResult(context, command);
  if (stored) return { ok: true, value: stored.result, isReplay: true };
  if (!cart || cart.lines.length === 0) throw new AppError('EMPTY_CART');
  if (state.carts.get(cart.id)?.version !== cart.version) return { ok: true, value: undefined };

  const known = toKnownLines(state, cart);
  const currency = getCurrency(context, known);
  assertShippable(command, { lines: known, currency });
  assertInStock(known);
  const prepared = prepareBookings(context, command, cart.lines);
  const lines = known.map(({ line, quantity, product }): BasketLine =>
    product ? { line, quantity, product } : { line, quantity, prepared: prepared.get(line.eventId!)! },
  );
  const discount = findCheckoutDiscount(state, command, { lines, currency });
  const price = priceCheckout(command, { lines, currency, discount, storeTaxRate: state.rules.storeTaxRate });
  if (Math.max(Number(price.subtotal), Number(price.total)) >= MAX_ORDER_TOTAL)
    throw createValidationError('', 'exceeds the maximum amount of one order');

  const hasCredits = lines.some(({ product }) => product?.productType === 'credit');
  const creditsApplied = decideCredits(context, command, { total: price.total, currency, hasCredits });
  const order = makeOrder(context, command, price, { currency, discountId: discount?.id ?? null, creditsApplied });
  for (const each of prepared.values()) {
    priceBooking(each.booking, order, price, state.now);
    assertHoldAllowance(each, command);
  }
  // What has no limited stock keeps nobody else from buying it.
  const isLimited = lines.some(({ product }) => product && product.stock !== null);
  if (order.hold === 'pending' && isLimited) assertMayHoldGoods(command);
  // Nothing is refused from here on.
  for (const each of prepared.values()) {
    takeBooking(context, each);
    order.bookings.push(each.booking);
  }
  moveClaims(state, order, 1);
  if (discount) redeemDiscount(discount, actor.userId);
  holdCredits(context, order);
  if (order.status === 'paid') captureCredits(context, order);
  state.carts.delete(cart.id);
  const draft = makeDraft(command, cart, order, { price, now: state.now });
  context.changes.checkouts.push(draft);
  context.ordersByRequest.set(command.requestId, order);
  if (order.status === 'paid') addMessage(context, () => ({ topic: 'order.paid', payload: { orderId: order.id } }));
  const value = { checkout: draft, order };
  storeResult(context, { userId: actor.userId, idempotency: command.idempotency, result: value });
  return { ok: true, value };
}
