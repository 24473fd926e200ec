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

/** A code as somebody types it in; whether there is such a one is not for its shape to say. */
export const discountCode = () => Joi.string().trim().min(1).max(100);

export const createBookingBody = Joi.object<CreateBooking, true>({
  eventId: id().required(),
  ticketsCount: count().description('Short form: so many tickets of the event’s only type'),
  items: bookingItems().description('So many of each ticket type; lines of one type are summed'),
  seatIds: Joi.array()
    .items(id())
    .min(1)
    .max(1000)
    .unique()
    .description('Numbered seats, as **GET /api/events/{id}/seats** shows them: one for each ticket that has such'),
  bestAvailable: Joi.boolean().description(
    'The best numbered seats that are free, side by side if possible; so it is where `seatIds` are left out, too',
  ),
  attendees: Joi.array()
    .items(Joi.object({ name: personName().required(), email: personEmail().allow(null).default(null) }))
    .max(1000)
    .description('Who comes on the tickets, in the order in which they are asked for; at most as many'),
  discountCode: discountCode().description('In either letter case'),
  paymentMethod: paymentMethod().description('Begins to pay at once: `payment` in the answer'),
})
  .oxor('ticketsCount', 'items')
  .or('ticketsCount', 'items', 'seatIds')
  .description(
    'Either `ticketsCount` or `items`; with `seatIds`, these may be left out. `seatIds` or `bestAvailable`, not both',
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
  order: orderSummary.allow(null).required().description('Null if free'),
  payment: bookingPayment.allow(null).required().description('The last one; null where nobody has begun to pay'),
  tickets: outList(ticket),
  cancellableUntil: outTimeOrNull().description(
    'By the terms of the sale, for the customer. An unpaid hold can be given up at any time. Null once it is cancelled or expired',
  ),
  createdAt: outTime(),
  cancelledAt: outTimeOrNull(),
}).meta({ name: 'Booking' });
