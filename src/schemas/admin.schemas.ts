import type { ListAuditEntries } from '../services/audit/record-activity';
import type { ListAllBookings } from '../services/bookings/list-all-bookings';
import type { ListAllEvents } from '../services/events/list-events';
import type { CheckInventory } from '../services/inventory/check-inventory';
import type { ListAllOrders } from '../services/orders/list-all-orders';
import {
  BOOKING_STATUSES,
  EVENT_STATUSES,
  INT4_MAX,
  Joi,
  id,
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
  outTimeOrNull,
  pagingKeys,
  time,
} from './common.schemas';
import { FULFILLMENT_STATUSES, ORDER_STATUSES, orderSummary, outOrderStatus, toShip } from './orders.schemas';

const createdRange = {
  from: time().description('Only entries created at this time or later'),
  to: time().description('Only entries created before this time'),
};
const order = () => Joi.string().valid('asc', 'desc').default('desc').description('The order of creation times');

export const listAllEventsQuery = Joi.object<ListAllEvents, true>({
  ...pagingKeys(),
  status: Joi.string().valid(...EVENT_STATUSES),
  organizerId: id(),
  search: Joi.string()
    .trim()
    .max(200)
    .allow('')
    .description('Words in the title, venue and description; the last one may be incomplete'),
  from: time().description('The earliest `startDate`'),
  to: time().description('Only events with an earlier `startDate`'),
  sort: Joi.string().valid('startDate', 'createdAt').default('createdAt'),
  order: Joi.string().valid('asc', 'desc').description('Defaults to `desc`'),
});

export const listAllBookingsQuery = Joi.object<Omit<ListAllBookings, 'search'>, true>({
  ...pagingKeys(),
  status: Joi.string().valid(...BOOKING_STATUSES),
  eventId: id(),
  userId: id(),
  ...createdRange,
  order: order(),
});

export const listEventBookingsQuery = Joi.object<Omit<ListAllBookings, 'eventId' | 'userId'>, true>({
  ...pagingKeys(),
  status: Joi.string().valid(...BOOKING_STATUSES),
  search: Joi.string()
    .trim()
    .max(200)
    .allow('')
    .description(
      'Parts of the customer’s name or email address, the reference or the order number; all words must match, regardless of case and accents',
    ),
  ...createdRange,
  order: order(),
});

export const listAllOrdersQuery = Joi.object<ListAllOrders, true>({
  ...pagingKeys(),
  status: Joi.string().valid(...ORDER_STATUSES),
  fulfillmentStatus: Joi.string()
    .valid(...FULFILLMENT_STATUSES)
    .description('How much has been sent; `unfulfilled` and `partial` list paid orders only'),
  toShip: toShip(),
  search: Joi.string()
    .trim()
    .max(254)
    .empty('')
    .description('An order number, a booking reference or the customer’s email address, regardless of case'),
  eventId: id(),
  userId: id(),
  ...createdRange,
  order: order(),
});

const eventName = { id: outId(), title: outText(), organizerId: outId() };

export const adminBooking = Joi.object({
  id: outId(),
  reference: outText(),
  status: Joi.string()
    .valid(...BOOKING_STATUSES)
    .required(),
  ticketsCount: outCount(),
  totalAmount: outMoney(),
  discountAmount: outMoney(),
  currency: outText(),
  user: outObject({ id: outId(), email: outText(), firstName: outTextOrNull(), lastName: outTextOrNull() }),
  event: outObject(eventName),
  order: orderSummary.allow(null).required(),
  createdAt: outTime(),
  confirmedAt: outTimeOrNull(),
  cancelledAt: outTimeOrNull(),
  cancelReason: outTextOrNull(),
}).meta({ name: 'AdminBooking' });

export const adminOrder = Joi.object({
  id: outId(),
  orderNumber: outText(),
  status: outOrderStatus(),
  fulfillmentStatus: Joi.string()
    .valid(...FULFILLMENT_STATUSES)
    .required()
    .description('How much of what is sent has been sent'),
  subtotal: outMoney(),
  discount: outMoney(),
  tax: outMoney(),
  total: outMoney(),
  currency: outText(),
  customer: outObject({ id: outId(), name: outText(), email: outText() }),
  event: outObject(eventName).allow(null),
  bookingId: outCountOrNull(),
  createdAt: outTime(),
  paidAt: outTimeOrNull(),
}).meta({ name: 'AdminOrder' });

export const listAuditQuery = Joi.object<ListAuditEntries, true>({
  ...pagingKeys(),
  actorId: id(),
  action: Joi.string().max(60).empty('').description('An action, such as `event.update`'),
  subjectType: Joi.string().max(30).empty('').description('A type, such as `event`, `order` or `user`'),
  subjectId: id(),
  from: time(),
  to: time().description('Only entries before this time'),
});

export const auditEntry = Joi.object({
  id: outId(),
  actorId: outCountOrNull().description('Null for the command line or a scheduled job'),
  actorEmail: outTextOrNull(),
  actorRole: outText(),
  action: outText(),
  subjectType: outText(),
  subjectId: outCountOrNull(),
  details: Joi.object().required().description('The changes'),
  ip: outTextOrNull(),
  userAgent: outTextOrNull(),
  requestId: outTextOrNull(),
  createdAt: outTime(),
  isChained: outFlag().description('Whether the entry is part of the chain, so that any change to it can be detected'),
}).meta({ name: 'AuditEntry' });

export const checkInventoryQuery = Joi.object<CheckInventory, true>({
  after: Joi.number().integer().min(0).max(INT4_MAX).default(0).description('`next` from the previous response'),
  limit: Joi.number()
    .integer()
    .min(1)
    .max(1000)
    .default(200)
    .description('The number of events, and of products, to check'),
});

export const inventoryCheck = Joi.object({
  checked: outCount().description('The number of events checked'),
  checkedProducts: outCount().description('The number of products checked'),
  mismatches: outList(
    Joi.object({
      eventId: outCountOrNull().description('The id of the event; null if a product is meant'),
      ticketTypeId: outCountOrNull(),
      paymentId: outCountOrNull(),
      productId: outCountOrNull().description('The id of the product; null if an event is meant'),
      what: Joi.string().valid('sold', 'held', 'waiting', 'capacity', 'stock', 'ledger').required(),
      expected: outText().description('The value according to the rows'),
      found: outText().description('The value of the counter or of the ledger'),
    }).meta({ name: 'Mismatch' }),
  ),
  next: outCountOrNull().description('The value of `after` for the next request; null at the end'),
}).meta({ name: 'InventoryCheck' });
