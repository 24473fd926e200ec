import { isCountry, type BillingAddress } from '../lib/billing-address';
import type { ListOrders } from '../services/orders/get-orders';
import type { RefundOrder } from '../services/payments/refund-order';
import { vatId } from './billing.schemas';
import {
  Joi,
  id,
  money,
  outCount,
  outCountOrNull,
  outFlag,
  outId,
  outList,
  outMoney,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  pagingKeys,
  plainName,
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

export const outPaymentStatus = () =>
  Joi.string().valid('pending', 'processing', 'succeeded', 'failed', 'cancelled').required();

/** Who takes or has taken the money. */
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

const orderFilter = {
  status: Joi.string().valid(...ORDER_STATUSES),
  search: Joi.string()
    .trim()
    .max(200)
    .allow('')
    .description(
      'Parts of the customer’s name or address, the order number or the booking’s reference; all words have to be there, accents and case do not count',
    ),
};

export const listOrdersQuery = Joi.object<ListOrders, true>({ ...pagingKeys(), ...orderFilter, eventId: id() });
export const listEventOrdersQuery = Joi.object<Omit<ListOrders, 'eventId'>, true>({ ...pagingKeys(), ...orderFilter });

// A paid one of an event of the demo organizer's; the first waits to be paid.
export const refundOrderParams = Joi.object<{ id: number }, true>({ id: id().example(4).required() });

export const refundOrderBody = Joi.object<Omit<RefundOrder, 'orderId'>, true>({
  amount: money().description('By default all that is left'),
  reason: Joi.string().trim().min(1).max(500),
});

export const outOrderStatus = () =>
  Joi.string()
    .valid(...ORDER_STATUSES)
    .required();

export const orderSummary = Joi.object({ id: outId(), orderNumber: outText(), status: outOrderStatus() });

const orderItem = Joi.object({
  ticketTypeId: outCountOrNull(),
  name: outText(),
  quantity: outCount(),
  unitPrice: outMoney(),
  discount: outMoney(),
  tax: outMoney().description('Part of the price already, or on top of it: `taxInclusive` says which'),
  total: outMoney(),
}).meta({ name: 'OrderItem' });

const payment = Joi.object({
  ...paymentSummary,
  captured: outMoney(),
  refunded: outMoney(),
  discrepancy: outTextOrNull().description('What the provider has done differently, or books say differently'),
  createdAt: outTime(),
}).meta({ name: 'Payment' });

const refund = Joi.object({
  id: outId(),
  paymentId: outId(),
  amount: outMoney(),
  currency: outText(),
  status: Joi.string().valid('pending', 'succeeded', 'failed').required(),
  cause: Joi.string()
    .valid('request', 'cancellation', 'unusable', 'provider')
    .required()
    .description('`unusable`: the payment came too late, twice or wrongly; `provider`: made there'),
  reason: outTextOrNull(),
  claimUrl: outTextOrNull().description('Where the customer fetches the money, where the provider can’t send it back'),
  createdAt: outTime(),
}).meta({ name: 'Refund' });

const line = (max = 200) => plainName(max).description('One line');
const lineOrNull = () => line().empty('').allow(null).default(null);

export const billingAddressBody = Joi.object<BillingAddress, true>({
  name: line().required().description('Of the person'),
  company: lineOrNull(),
  line1: line().required().description('Street and number'),
  line2: lineOrNull(),
  city: line(100).required(),
  postalCode: line(20).required(),
  region: lineOrNull().description('State or province'),
  country: Joi.string()
    .trim()
    .uppercase()
    .length(2)
    .custom((code: string, helpers) =>
      isCountry(code) ? code : helpers.message({ custom: '{{#label}} must be an ISO 3166-1 code, such as AT' }),
    )
    .required()
    .description('ISO 3166-1, two letters'),
  vatId: vatId().empty('').default(null),
});

const billingAddress = Joi.object({
  name: outText().description('Of the person'),
  company: outTextOrNull(),
  line1: outText(),
  line2: outTextOrNull(),
  city: outText(),
  postalCode: outText(),
  region: outTextOrNull().description('State or province'),
  country: outText().description('ISO 3166-1, two letters'),
  vatId: outTextOrNull().description('VAT or tax id'),
}).meta({ name: 'BillingAddress' });

export const order = Joi.object({
  id: outId(),
  orderNumber: outText(),
  invoiceNumber: outTextOrNull().description('Null until it is paid; without gaps for each organizer and year'),
  bookingId: outCountOrNull(),
  eventId: outCountOrNull(),
  status: outOrderStatus(),
  customer: outObject({ name: outText(), email: outText() }).description('As they were when it was made'),
  billingAddress: billingAddress.allow(null).required().description('What the invoice has; null until it was said'),
  subtotal: outMoney(),
  discount: outMoney(),
  taxRate: Joi.number().required().description('Per cent'),
  taxInclusive: outFlag(),
  tax: outMoney(),
  total: outMoney(),
  currency: outText(),
  items: outList(orderItem),
  payments: outList(payment),
  refunds: outList(refund),
  createdAt: outTime(),
}).meta({ name: 'Order' });
