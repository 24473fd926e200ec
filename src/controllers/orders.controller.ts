import { Reply, type Download, type RouteRequest } from '../http/route';
import type { Paging } from '../schemas/common.schemas';
import type { BillingAddress } from '../lib/address';
import { checkout as checkoutCart, type Checkout } from '../services/orders/checkout';
import { setBillingAddress } from '../services/orders/update-billing-address';
import { getInvoice } from '../services/orders/get-invoice';
import {
  getOrder,
  listEventOrders,
  listOrders,
  listOrganizerOrders,
  type ListOrders,
} from '../services/orders/get-orders';
import { listDownloads, openDownload, startDownload } from '../services/orders/download-item';
import { fulfillOrder, type FulfillOrder } from '../services/orders/fulfill-order';
import { getWithdrawal } from '../services/orders/withdrawals';
import { payOrder, type PayOrder } from '../services/payments/pay-order';
import { previewRefund as preview, refundOrder, type RefundOrder } from '../services/payments/refund-order';
import { withdrawOrder, type WithdrawOrder } from '../services/payments/withdraw-order';

import { exportEventOrders, type ReportRange } from '../services/reports.service';
import { commandReply } from './bookings.controller';

interface Id {
  id: number;
}

interface ItemId extends Id {
  itemId: number;
}

export async function checkout({ actor, body, idempotency }: RouteRequest<'user', unknown, unknown, Checkout>) {
  return commandReply(await checkoutCart(actor, body, idempotency));
}

export function list({ actor, query }: RouteRequest<'user', unknown, ListOrders>) {
  return listOrders(actor, query);
}

export function listOfEvent({ actor, params, query }: RouteRequest<'organizer', Id, Omit<ListOrders, 'eventId'>>) {
  return listEventOrders(actor, { ...query, eventId: params.id });
}

export async function eventOrdersCsv({
  actor,
  params,
  query,
}: RouteRequest<'organizer', Id, ReportRange>): Promise<Download> {
  const content = await exportEventOrders(actor, { ...query, eventId: params.id });
  return { content, contentType: 'text/csv; charset=utf-8', filename: `orders-${params.id}.csv` };
}

export function listOfOrganizer({ actor, query }: RouteRequest<'organizer', unknown, ListOrders>) {
  return listOrganizerOrders(actor, query);
}

export function get({ actor, params }: RouteRequest<'user', Id>) {
  return getOrder(actor, params.id);
}

export async function invoice({
  actor,
  params,
  query,
}: RouteRequest<'user', Id, { sellerId?: number }>): Promise<Download> {
  const { content, orderNumber } = await getInvoice(actor, { orderId: params.id, ...query });
  return { content, contentType: 'application/pdf', filename: `invoice-${orderNumber}.pdf` };
}

export function setAddress({ actor, params, body }: RouteRequest<'user', Id, unknown, BillingAddress>) {
  return setBillingAddress(actor, { ...body, orderId: params.id });
}

export function pay({ actor, params, body }: RouteRequest<'user', Id, unknown, Omit<PayOrder, 'orderId'>>) {
  return payOrder(actor, { ...body, orderId: params.id });
}

export function refund({ actor, params, body }: RouteRequest<'organizer', Id, unknown, Omit<RefundOrder, 'orderId'>>) {
  return refundOrder(actor, { ...body, orderId: params.id });
}

export function previewRefund({
  actor,
  params,
  body,
}: RouteRequest<'organizer', Id, unknown, Omit<RefundOrder, 'orderId'>>) {
  return preview(actor, { ...body, orderId: params.id });
}

export function fulfill({
  actor,
  params,
  body,
}: RouteRequest<'organizer', Id, unknown, Omit<FulfillOrder, 'orderId'>>) {
  return fulfillOrder(actor, { ...body, orderId: params.id });
}

export function withdrawal({ actor, params }: RouteRequest<'user', Id>) {
  return getWithdrawal(actor, params.id);
}

export function withdraw({ actor, params, body }: RouteRequest<'user', Id, unknown, Omit<WithdrawOrder, 'orderId'>>) {
  return withdrawOrder(actor, { ...body, orderId: params.id });
}

export function downloads({ actor, query }: RouteRequest<'user', unknown, Paging>) {
  return listDownloads(actor, query);
}

export async function download({ actor, params, isHead }: RouteRequest<'user', ItemId>) {
  const url = await startDownload(actor, { orderId: params.id, itemId: params.itemId, isHead });
  return new Reply(null, { headers: { Location: url } });
}

export async function downloadFile({ params }: RouteRequest<'public', { token: string }>): Promise<Download> {
  const { content, filename } = await openDownload(params.token);
  const headers = { 'Cache-Control': 'private, no-store', 'X-Content-Type-Options': 'nosniff' };
  return { content, contentType: 'application/octet-stream', filename, headers };
}
