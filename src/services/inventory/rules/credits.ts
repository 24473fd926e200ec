import Big from 'big.js';
import { AppError, createValidationError } from '../../../errors';
import { fitsCurrency, formatMoney } from '../../../lib/money/money';
import type { InventoryState, OrderState, StoreOrderState } from '../../../models/inventory/types';
import type { CheckoutCommand } from './commands';
import type { Context } from './context';

export const toCreditKey = ({ userId, currency }: { userId: number; currency: string }): string =>
  `${userId} ${currency}`;

const getAvailable = ({ credits }: InventoryState, account: { userId: number; currency: string }): Big =>
  new Big(credits.get(toCreditKey(account)) ?? '0');

/**
 * Returns how much of an order credits pay: what was asked for, at most the total.
 * @throws AppError VALIDATION_ERROR, CREDITS_NOT_ALLOWED, INSUFFICIENT_CREDITS with what there is
 */
export function decideCredits(
  { state }: Context,
  { actor, creditsAmount }: Pick<CheckoutCommand, 'actor' | 'creditsAmount'>,
  { total, currency, hasCredits }: { total: string; currency: string; hasCredits: boolean },
): string {
  if (creditsAmount === null || Number(creditsAmount) === 0) return '0';
  if (hasCredits) throw new AppError('CREDITS_NOT_ALLOWED');
  if (creditsAmount !== 'all' && !fitsCurrency(creditsAmount, currency))
    throw createValidationError('creditsAmount', `has more decimals than ${currency}`);
  const wanted = creditsAmount === 'all' || new Big(creditsAmount).gt(total) ? new Big(total) : new Big(creditsAmount);
  const available = getAvailable(state, { userId: actor.userId, currency });
  if (wanted.lte(available)) return wanted.toFixed();
  throw createInsufficientCreditsError(available, currency);
}

/** Says how much there is. */
function createInsufficientCreditsError(available: Big, currency: string): AppError {
  const left = formatMoney(available.toFixed(), currency);
  return new AppError('INSUFFICIENT_CREDITS', undefined, {
    details: [{ path: 'credits', message: `${left} ${currency} is available`, available: left, currency }],
  });
}

const hasHold = ({ creditsApplied }: OrderState): boolean => Number(creditsApplied) > 0;

/** True if an order that gave its credits back can take them again. */
export const canHoldCredits = ({ state }: Context, order: OrderState): boolean =>
  getAvailable(state, order).gte(order.creditsApplied);

function addToBalance({ state }: Context, order: OrderState, sign: 1 | -1): void {
  const after = getAvailable(state, order).plus(new Big(order.creditsApplied).times(sign));
  state.credits.set(toCreditKey(order), after.toFixed());
}

export function holdCredits(context: Context, order: OrderState): void {
  if (!hasHold(order)) return;
  addToBalance(context, order, -1);
  context.changes.creditMoves.push({ order, move: 'hold' });
}

export function captureCredits(context: Context, order: OrderState): void {
  if (hasHold(order)) context.changes.creditMoves.push({ order, move: 'capture' });
}

export function releaseCredits(context: Context, order: OrderState): void {
  if (!hasHold(order)) return;
  addToBalance(context, order, 1);
  context.changes.creditMoves.push({ order, move: 'release' });
}

/** Asserts that the customer can pay with credits what is due of an order. @throws AppError CREDITS_NOT_ALLOWED, INSUFFICIENT_CREDITS */
export function assertCanPayWithCredits({ state }: Context, order: OrderState & Partial<StoreOrderState>): void {
  const { claims = [], total, creditsApplied, currency } = order;
  if (claims.some(({ productId }) => state.products.get(productId)?.productType === 'credit'))
    throw new AppError('CREDITS_NOT_ALLOWED');
  const available = getAvailable(state, order);
  if (available.lt(new Big(total).minus(creditsApplied))) throw createInsufficientCreditsError(available, currency);
}

/** Has credits pay all of an order; what it has set aside of them is a part of that. */
export function extendCredits(context: Context, order: OrderState): void {
  addToBalance(context, order, 1);
  order.creditsApplied = order.total;
  addToBalance(context, order, -1);
  context.changes.creditMoves.push({ order, move: 'extend' });
}
