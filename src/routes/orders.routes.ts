import * as orders from '../controllers/orders.controller';
import { route } from '../http/route';
import { idParams } from '../schemas/common.schemas';
import { listOrdersQuery, order, refundOrderBody, refundOrderParams } from '../schemas/orders.schemas';
import { payOrderBody, paymentIntent } from '../schemas/payments.schemas';

const tag = 'Orders';

export const ordersRoutes = [
  route({
    method: 'get',
    path: '/orders',
    id: 'listOrders',
    tag,
    summary: 'My orders, newest first',
    access: 'user',
    query: listOrdersQuery,
    status: 200,
    response: order,
    list: true,
    errors: [],
    handler: orders.list,
  }),
  route({
    method: 'get',
    path: '/orders/:id',
    id: 'getOrder',
    tag,
    summary: 'An order with its payments and refunds',
    description:
      'As it was when the order was paid, whatever has changed since; refunds are added below. In the customer’s language. For an order that is not paid it says that it is not an invoice. For its owner, the event’s organizer and admins.',
    access: 'user',
    params: idParams(),
    status: 200,
    response: order,
    errors: ['NOT_FOUND'],
    handler: orders.get,
  }),
  route({
    method: 'get',
    path: '/orders/:id/invoice.pdf',
    id: 'getInvoice',
    tag,
    summary: 'Download the invoice of an order',
    description: 'For its owner, the event’s organizer and admins.',
    access: 'user',
    params: idParams(),
    status: 200,
    stream: 'application/pdf',
    errors: ['NOT_FOUND'],
    handler: orders.invoice,
  }),
  route({
    method: 'post',
    path: '/orders/:id/pay',
    id: 'payOrder',
    tag,
    summary: 'Start to pay an order',
    description:
      'Gives what the customer needs to pay with the provider; asked twice, the same intent. Another method closes the one before. The booking is confirmed when the money is there.',
    access: 'user',
    idempotent: 'stored',
    params: idParams(),
    body: payOrderBody,
    example: { paymentMethod: 'sandbox' },
    status: 200,
    response: paymentIntent,
    errors: ['NOT_FOUND', 'PAYMENT_FAILED', 'ORDER_NOT_PAYABLE', 'BOOKING_EXPIRED', 'ALREADY_CANCELLED'],
    handler: orders.pay,
  }),
  route({
    method: 'post',
    path: '/orders/:id/refund',
    id: 'refundOrder',
    tag,
    summary: 'Give back what was paid',
    description: 'All that is left, or a part of it; its booking stays as it is. The money follows shortly.',
    access: 'organizer',
    idempotent: 'stored',
    params: refundOrderParams,
    body: refundOrderBody,
    example: { amount: '10.00', reason: 'The second act was cut short' },
    status: 200,
    response: order,
    errors: ['NOT_FOUND', 'REFUND_EXCEEDS_PAID'],
    handler: orders.refund,
  }),
];
