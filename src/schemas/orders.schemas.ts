import type { BillingAddress } from '../lib/address';
import type { ListOrders } from '../services/orders/get-orders';
import type { FulfillOrder } from '../services/orders/fulfill-order';
import type { RefundOrder } from '../services/payments/refund-order';
import { outPostalAddress, postalAddressKeys } from './addresses.schemas';
import { vatId } from './billing.schemas';
import {
  INT4_MAX,
  Joi,
  id,
  money,
  outCount,
  outCountOrNull,
  outFlag,
  outId,
  outIdOrNull,
  outList,
  outMoney,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  outTimeOrNull,
  pagingKeys,
  plainLine,
  type Paging,
} from './common.schemas';

export const ORDER_STATUSES = [
  'pending',
  'processing',
  'paid',
  'cancelled',
  'expired',
  'refunded',
  'partially_refunded',
  'disputed',
];

export const FULFILLMENT_STATUSES = ['none', 'unfulfilled', 'partial', 'fulfilled'];

export const outPaymentStatus = () =>
  Joi.string().valid('pending', 'processing', 'succeeded', 'failed', 'cancelled').required();

/** Everything that an order can be, or was, paid with. */
export const PAYMENT_METHODS = ['stripe', 'paypal', 'crypto', 'credits', 'sandbox'];

export const outProvider = () =>
  Joi.string()
    .valid(...PAYMENT_METHODS)
    .required();

export const paymentSummary = {
  id: outId(),
  provider: outProvider(),
  paymentIntentId: outTextOrNull(),
  status: outPaymentStatus(),
  amount: outMoney(),
  currency: outText(),
};

const fulfillmentStatus = () => Joi.string().valid(...FULFILLMENT_STATUSES);

export const toShip = () =>
  Joi.boolean().description('`true` for paid orders of which you have still something to send; `false` for all others');

const orderFilter = {
  status: Joi.string().valid(...ORDER_STATUSES),
  search: Joi.string()
    .trim()
    .max(200)
    .allow('')
    .description(
      'Parts of the customer’s name or email address, the order number or the booking reference; all words must match, regardless of case and accents',
    ),
};

export const listOrdersQuery = Joi.object<Omit<ListOrders, 'toShip' | 'fulfillmentStatus'>, true>({
  ...pagingKeys(),
  ...orderFilter,
  eventId: id(),
});
export const listEventOrdersQuery = Joi.object<Omit<ListOrders, 'eventId' | 'toShip' | 'fulfillmentStatus'>, true>({
  ...pagingKeys(),
  ...orderFilter,
});
export const listOrganizerOrdersQuery = Joi.object<ListOrders, true>({
  ...pagingKeys(),
  ...orderFilter,
  eventId: id(),
  fulfillmentStatus: fulfillmentStatus().description('How much has been sent of all that is in the order'),
  toShip: toShip(),
});

export const getInvoiceQuery = Joi.object<{ sellerId?: number }, true>({
  sellerId: id().description('Whose invoice, if the order has several sellers; the first one by default'),
});

// The example is a paid order for an event of the demo organizer; the first demo order is unpaid.
export const refundOrderParams = Joi.object<{ id: number }, true>({ id: id().example(4).required() });

export const refundOrderBody = Joi.object<Omit<RefundOrder, 'orderId'>, true>({
  amount: money().description('The amount to refund; defaults to all that has not been refunded'),
  items: Joi.array()
    .items(
      Joi.object({
        itemId: id().required().description('The id of the item within the order'),
        quantity: Joi.number().integer().min(1).max(INT4_MAX).required(),
        restock: Joi.boolean().description('Whether the goods came back and can be sold again'),
      }),
    )
    .min(1)
    .max(200)
    .description('Refunds these units instead, which voids their tickets'),
  reason: Joi.string().trim().min(1).max(500),
  to: Joi.string()
    .valid('origin', 'credits')
    .description('Where it goes: to where the money came from (`origin`, the default), or to the customer’s credits'),
}).oxor('amount', 'items');

export const refundPreview = Joi.object({
  orderId: outId(),
  currency: outText(),
  amount: outMoney().description('What would be refunded'),
  refundable: outMoney().description('The most that you can refund of this order'),
  items: outList(
    Joi.object({ itemId: outId().description('The id of the item'), quantity: outCount(), amount: outMoney() }),
  ).description('The items that it is divided among; none for an order that a booking made, if an amount is refunded'),
}).meta({ name: 'RefundPreview' });

export const outOrderStatus = () =>
  Joi.string()
    .valid(...ORDER_STATUSES)
    .required();

export const orderSummary = Joi.object({ id: outId(), orderNumber: outText(), status: outOrderStatus() });

const orderItem = Joi.object({
  id: outId().description('Unique within the order'),
  kind: Joi.string().valid('ticket', 'product', 'shipping').required(),
  productId: outCountOrNull().description('The product, if it is a line of goods'),
  ticketTypeId: outCountOrNull(),
  sku: outTextOrNull().description('The seller’s number of the product at the time of the order'),
  name: outText(),
  productType: Joi.string()
    .valid('physical', 'digital', 'license', 'credit')
    .allow(null)
    .required()
    .description('The type of the product at the time of the order'),
  quantity: outCount(),
  unitPrice: outMoney(),
  discount: outMoney(),
  tax: outMoney().description('The amount of the tax; `taxInclusive` says whether the price includes it'),
  total: outMoney(),
  sellerId: outIdOrNull().description('Who sells it; null for shipping'),
  refundedQuantity: outCount().description('How many units were refunded'),
  refundedAmount: outMoney().description('What was refunded of its total'),
}).meta({ name: 'OrderItem' });

const payment = Joi.object({
  ...paymentSummary,
  captured: outMoney(),
  refunded: outMoney(),
  discrepancy: outTextOrNull().description('How the provider’s records differ from ours; null if they agree'),
  createdAt: outTime(),
}).meta({ name: 'Payment' });

const refund = Joi.object({
  id: outId(),
  paymentId: outCountOrNull().description('The payment that it is taken from; null if credits had paid it'),
  amount: outMoney(),
  currency: outText(),
  status: Joi.string().valid('pending', 'succeeded', 'failed').required(),
  cause: Joi.string()
    .valid('request', 'cancellation', 'unusable', 'provider')
    .required()
    .description(
      'Why it was made. `unusable`: the payment came too late, twice or in the wrong amount or currency; `provider`: the refund was made at the provider',
    ),
  to: Joi.string()
    .valid('origin', 'credits')
    .required()
    .description('Where it goes: to where the money came from (`origin`), or to the customer’s credits'),
  reason: outTextOrNull(),
  claimUrl: outTextOrNull().description('Where the customer can claim the money, if the provider cannot send it back'),
  createdAt: outTime(),
}).meta({ name: 'Refund' });

export const billingAddressBody = Joi.object<BillingAddress, true>({
  ...postalAddressKeys,
  vatId: vatId().empty('').default(null),
});

const billingAddress = Joi.object({
  ...outPostalAddress,
  vatId: outTextOrNull().description('The VAT or tax id'),
}).meta({ name: 'BillingAddress' });

const shippingAddress = Joi.object({
  ...outPostalAddress,
  phone: outTextOrNull(),
}).meta({ name: 'ShippingAddress' });

const fulfillmentKeys = {
  id: outId(),
  items: outList(Joi.object({ itemId: outId().description('The id of the item'), quantity: outCount() })),
  carrier: outTextOrNull().description('Who carries it; null if unknown'),
  trackingNumber: outTextOrNull().description('The number to follow it by; null if there is none'),
  trackingUrl: outTextOrNull().description('Where it can be followed; null if nowhere'),
  createdAt: outTime(),
};

const outFulfillmentStatus = () => fulfillmentStatus().required();

export const fulfillment = Joi.object({
  ...fulfillmentKeys,
  orderId: outId(),
  fulfillmentStatus: outFulfillmentStatus().description('How much of the order has been sent by now'),
}).meta({ name: 'Fulfillment' });

const sentLine = (max: number) => plainLine(max).allow('', null).empty('').default(null);

export const fulfillOrderBody = Joi.object<Omit<FulfillOrder, 'orderId'>, true>({
  items: Joi.array()
    .items(
      Joi.object({
        itemId: id().required().description('The id of the item'),
        quantity: Joi.number().integer().min(1).max(INT4_MAX).required(),
      }),
    )
    .min(1)
    .max(100)
    .required()
    .description('What was sent; entries of the same item are added up'),
  carrier: sentLine(100).description('Who carries it'),
  trackingNumber: sentLine(100).description('The number to follow it by'),
  trackingUrl: Joi.string()
    .trim()
    .uri({ scheme: ['http', 'https'] })
    .max(1000)
    .allow('', null)
    .empty('')
    .default(null)
    .description('Where it can be followed'),
});

export const orderItemParams = Joi.object<{ id: number; itemId: number }, true>({
  id: id().required(),
  itemId: id().max(32_767).required(),
});

export const listDownloadsQuery = Joi.object<Paging, true>(pagingKeys());

export const download = Joi.object({
  orderId: outId(),
  orderNumber: outText(),
  itemId: outId().description('The id of the item within the order'),
  productId: outId(),
  name: outText().description('The name of the product at the time of the order'),
  filename: outTextOrNull().description('The name of the file; null if the seller has removed it'),
  downloadsLeft: outCount().description('How many links to it can still be had'),
  maxDownloads: outCount().description('How many links there are in all'),
  orderedAt: outTime().description('When it was ordered'),
}).meta({ name: 'Download' });

export const downloadParams = Joi.object<{ token: string }, true>({
  token: Joi.string().max(100).required().example('12.1.1893456000.AAAAAAAAAAAAAAAAAAAAAAAA'),
});

export const order = Joi.object({
  id: outId(),
  orderNumber: outText(),
  invoiceNumber: outTextOrNull().description(
    'The invoice number, without gaps per organizer and year; null until the order is paid',
  ),
  bookingId: outCountOrNull(),
  eventId: outCountOrNull(),
  bookings: outList(Joi.object({ id: outId(), reference: outText(), eventId: outId() })).description(
    'Its bookings: one, or those of each event that was checked out',
  ),
  status: outOrderStatus(),
  fulfillmentStatus: outFulfillmentStatus().description('How much of what is sent has been sent; `none` if nothing is'),
  customer: outObject({ name: outText(), email: outText() }).description(
    'The customer’s name and email address at the time of the order',
  ),
  billingAddress: billingAddress.allow(null).required().description('The address on the invoice; null until it is set'),
  shippingAddress: shippingAddress.allow(null).required(),
  note: outTextOrNull().description('The customer’s note to the sellers'),
  subtotal: outMoney(),
  discount: outMoney(),
  shippingTotal: outMoney().description('The price of the shipping, with its tax'),
  taxRate: Joi.number().allow(null).required().description('The tax rate in percent; null if the items have several'),
  taxInclusive: outFlag(),
  tax: outMoney(),
  total: outMoney(),
  creditsApplied: outMoney().description('What credits pay of the total'),
  currency: outText(),
  expiresAt: outTimeOrNull().description('Until when an unpaid order holds what is in it'),
  items: outList(orderItem),
  fulfillments: outList(Joi.object(fulfillmentKeys).meta({ name: 'OrderFulfillment' })).description('What was sent'),
  payments: outList(payment),
  refunds: outList(refund),
  createdAt: outTime(),
}).meta({ name: 'Order' });
