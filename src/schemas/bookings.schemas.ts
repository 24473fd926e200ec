import {
  BOOKING_STATUSES,
  Joi,
  id,
  outCount,
  outId,
  outList,
  outMoney,
  outText,
  outTime,
  outTimeOrNull,
  pagingKeys,
} from './common.schemas';
import { eventSummary } from './events/event-summary';
import { orderSummary, paymentSummary } from './orders.schemas';
import { paymentMethod } from './payments.schemas';
import { personEmail, personName, seat, ticket } from './tickets.schemas';
import type { CreateBooking } from '../services/bookings/create-booking';
import type { ListBookings } from '../services/bookings/get-bookings';

const count = () => Joi.number().integer().min(1).max(1000);

export const bookingItems = () =>
  Joi.array()
    .items(Joi.object({ ticketTypeId: id().required(), quantity: count().required() }))
    .min(1)
    .max(50);

/** A code as a customer types it; only the database knows whether it exists. */
export const discountCode = () => Joi.string().trim().min(1).max(100);

export const createBookingBody = Joi.object<CreateBooking, true>({
  eventId: id().required(),
  ticketsCount: count().description('The number of tickets, if the event has only one ticket type'),
  items: bookingItems().description('The number of tickets of each type; entries of the same type are added up'),
  seatIds: Joi.array()
    .items(id())
    .min(1)
    .max(1000)
    .unique()
    .description('The ids of seats from **GET /api/events/{id}/seats**: one for each ticket with a numbered seat'),
  bestAvailable: Joi.boolean().description(
    'Whether to assign the best free seats, side by side if possible; this also happens if `seatIds` is left out',
  ),
  attendees: Joi.array()
    .items(Joi.object({ name: personName().required(), email: personEmail().allow(null).default(null) }))
    .max(1000)
    .description('The attendees, in the order of the tickets requested, and no more than tickets'),
  discountCode: discountCode().description('A discount code, in upper or lower case'),
  paymentMethod: paymentMethod().description('Starts the payment at once; the response has it as `payment`'),
})
  .oxor('ticketsCount', 'items')
  .or('ticketsCount', 'items', 'seatIds')
  .description(
    'Send either `ticketsCount` or `items`; both can be left out with `seatIds`. Send `seatIds` or `bestAvailable`, not both',
  );

export const cancelBookingBody = Joi.object<{ reason?: string }, true>({ reason: Joi.string().trim().max(500) });

export const listBookingsQuery = Joi.object<ListBookings, true>({
  ...pagingKeys(),
  status: Joi.string().valid(...BOOKING_STATUSES),
  eventId: id(),
  upcoming: Joi.boolean(),
});

export const referenceParams = Joi.object<{ reference: string }, true>({
  reference: Joi.string().alphanum().max(20).required(),
});

const bookingItem = Joi.object({
  ticketTypeId: outId(),
  name: outText(),
  quantity: outCount(),
  unitPrice: outMoney(),
}).meta({ name: 'BookingItem' });

const bookingPayment = Joi.object(paymentSummary).meta({ name: 'BookingPayment' });

export const booking = Joi.object({
  id: outId(),
  reference: outText(),
  userId: outId(),
  eventId: outId(),
  event: eventSummary,
  ticketsCount: outCount(),
  items: outList(bookingItem),
  seats: outList(seat),
  status: Joi.string()
    .valid(...BOOKING_STATUSES)
    .required(),
  totalAmount: outMoney(),
  discountAmount: outMoney(),
  currency: outText(),
  expiresAt: outTimeOrNull(),
  order: orderSummary.allow(null).required().description('The order; null if the booking is free'),
  payment: bookingPayment.allow(null).required().description('The latest payment; null if none was started'),
  tickets: outList(ticket),
  cancellableUntil: outTimeOrNull().description(
    'Until when the customer can cancel under the terms of the sale. An unpaid booking can be cancelled at any time. Null once the booking is cancelled or expired',
  ),
  createdAt: outTime(),
  cancelledAt: outTimeOrNull(),
}).meta({ name: 'Booking' });
