import Big from 'big.js';
import { renderInvoice, type Invoice } from '../integrations/pdf';
import type { Actor } from '../lib/actor';
import { formatMoney } from '../lib/money';
import { seatLabels } from '../lib/seat-label';
import type { OrderDetailRow } from '../models/orders.model';
import { isoTime } from './bookings.present';
import { lineTotal } from './orders.present';
import { getOrderRow } from './orders.service';

const dateOf = (time: number): string => isoTime(time).slice(0, 10);

function sumsOf(order: OrderDetailRow): Invoice['sums'] {
  const { currency, isTaxInclusive, taxRate, payments } = order;
  const money = (amount: string | Big): string => `${formatMoney(amount.toString(), currency)} ${currency}`;
  const sum = (field: 'captured' | 'refunded'): Big =>
    payments
      .filter((payment) => payment.currency === currency)
      .reduce((total, payment) => total.plus(payment[field]), new Big(0));
  const rate = `${Number(taxRate)} %`;
  const sums: Invoice['sums'] = [['Subtotal', money(order.subtotal)]];
  if (Number(order.discount) > 0) sums.push(['Discount', `-${money(order.discount)}`]);
  if (Number(taxRate) > 0)
    sums.push([isTaxInclusive ? `Tax within, ${rate}` : `Tax on top, ${rate}`, money(order.tax)]);
  sums.push(['Total', money(order.total), true], ['Paid', money(sum('captured'))]);
  if (sum('refunded').gt(0)) sums.push(['Refunded', `-${money(sum('refunded'))}`]);
  return sums;
}

function stateOf({ status, paidAt }: OrderDetailRow): string {
  const state = status.replace('_', ' ');
  if (paidAt === null) return state;
  return status === 'paid' ? `paid on ${dateOf(paidAt)}` : `${state}, paid on ${dateOf(paidAt)}`;
}

function contentOf(order: OrderDetailRow): Invoice {
  const { orderNumber, currency, customerName, customerEmail, createdAt, eventTitle, organizerName, items } = order;
  const money = (amount: string): string => formatMoney(amount, currency);
  const facts: Invoice['facts'] = [
    ['Order', orderNumber],
    ['Date', dateOf(createdAt)],
    ['Customer', customerName === customerEmail ? customerEmail : `${customerName}, ${customerEmail}`],
    ['Event', eventTitle ?? ''],
    ['Seats', seatLabels(order.seats)],
    ['Seller', organizerName ?? ''],
    ['Status', stateOf(order)],
  ];
  return {
    title: `Invoice ${orderNumber}`,
    facts: facts.filter(([, value]) => value !== ''),
    columns: ['What', 'Number', 'Each', 'Tax', 'Total'],
    lines: items.map((item) => [
      item.name,
      String(item.quantity),
      money(item.unitPrice),
      money(item.tax),
      lineTotal(item, order),
    ]),
    sums: sumsOf(order),
    footer: `All amounts are in ${currency}.`,
  };
}

/** For whoever may see the order. @throws AppError NOT_FOUND, UNAVAILABLE */
export async function getInvoice(actor: Actor, orderId: number): Promise<{ content: Buffer; orderNumber: string }> {
  const order = await getOrderRow(actor, orderId);
  return { content: await renderInvoice(contentOf(order)), orderNumber: order.orderNumber };
}
