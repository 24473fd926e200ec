import Big from 'big.js';
import { getDecimals, takePercent } from './money';

/** A line of an order, and what was refunded of it; amounts include the tax. */
export interface RefundableLine {
  quantity: number;
  total: string;
  refundedQuantity: number;
  refundedAmount: string;
}

const atLeastZero = (amount: Big): Big => (amount.lt(0) ? new Big(0) : amount);

/** Returns how much of a line can still be refunded. */
export const getLineRest = ({ total, refundedAmount }: RefundableLine): Big =>
  atLeastZero(new Big(total).minus(refundedAmount));

/** Returns what so many more units of a line cost. All units together cost exactly the line, whatever the steps. */
export function getUnitsRefund(line: RefundableLine, units: number, currency: string): Big {
  const { quantity, total, refundedQuantity, refundedAmount } = line;
  const after = new Big(total).times(refundedQuantity + units).div(quantity);
  return atLeastZero(after.round(getDecimals(currency), Big.roundHalfUp).minus(refundedAmount));
}

/** Returns what is left to refund of this share of a line, in percent. */
export function getShareRefund({ total, refundedAmount }: RefundableLine, percent: number, currency: string): Big {
  const share = takePercent(new Big(total), percent).round(getDecimals(currency), Big.roundHalfUp);
  return atLeastZero(share.minus(refundedAmount));
}
