import { database } from '../../database';
import { formatMoney } from '../../lib/money/money';
import { getOffset, toPage } from '../../lib/paging';
import {
  listPaymentProblems as listRows,
  type PaymentProblemKind,
  type PaymentProblemRow,
} from '../../models/payments/payment-problems';

export interface ListPaymentProblems {
  page: number;
  limit: number;
  kind?: PaymentProblemKind;
}

function present({ createdAt, captured, refunded, failedRefunds, ...row }: PaymentProblemRow) {
  const money = (amount: string): string => formatMoney(amount, row.currency);
  return {
    ...row,
    captured: money(captured),
    refunded: money(refunded),
    failedRefunds: money(failedRefunds),
    createdAt: createdAt.toISOString(),
  };
}

/** Lists payments that are disputed, differ from ledger, order or provider, or whose refund has failed. */
export async function listPaymentProblems({ page, limit, kind }: ListPaymentProblems) {
  const { rows, total } = await listRows(database, { kind }, { limit, offset: getOffset({ page, limit }) });
  return toPage(rows.map(present), { page, limit }, { total });
}
