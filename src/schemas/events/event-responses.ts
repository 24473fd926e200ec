import {
  EVENT_STATUSES,
  Joi,
  outCount,
  outCountOrNull,
  outFlag,
  outId,
  outIdOrNull,
  outList,
  outMoney,
  outMoneyOrNull,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  outTimeOrNull,
} from '../common.schemas';
import { revenue, revenueShare } from '../revenue.schemas';
import { seatOrNull } from '../tickets.schemas';
import { ticketType } from '../ticket-types.schemas';

const eventKeys = {
  id: outId(),
  title: outText(),
  description: outTextOrNull(),
  category: outTextOrNull(),
  tags: outList(Joi.string()),
  venueName: outTextOrNull(),
  venueAddress: outTextOrNull(),
  startDate: outTime(),
  endDate: outTime(),
  timezone: outText(),
  totalTickets: outCountOrNull(),
  availableTickets: outCountOrNull().description('The number of tickets that can be booked now; null if unlimited'),
  isFree: outFlag(),
  minPrice: outMoneyOrNull().description(
    'The price of the cheapest ticket that can be booked now; null if there is none',
  ),
  maxPrice: outMoneyOrNull().description('The price of the most expensive ticket on sale now; null if there is none'),
  basePrice: outMoney(),
  currency: outText(),
  taxRate: Joi.number().required(),
  taxInclusive: outFlag(),
  status: Joi.string()
    .valid(...EVENT_STATUSES)
    .required(),
  cancellationWindowHours: Joi.number().allow(null).required(),
  refundPolicy: Joi.object({ fullUntilHours: Joi.number(), thenPercent: Joi.number() }).allow(null).required(),
  maxPerUser: outCountOrNull(),
  allowMultipleBookings: outFlag(),
  sendTicketsToAttendees: outFlag(),
  metadata: Joi.object().required(),
  coverImageUrl: outTextOrNull(),
  coverImageAlt: outTextOrNull(),
  organizerId: outId(),
  organizer: outObject({
    id: outId(),
    firstName: outTextOrNull(),
    lastName: outTextOrNull(),
    logoUrl: outTextOrNull(),
  }),
  createdAt: outTime(),
  updatedAt: outTime(),
};

export const event = Joi.object(eventKeys).meta({ name: 'Event' });
export const eventDetail = Joi.object({ ...eventKeys, ticketTypes: outList(ticketType) }).meta({ name: 'EventDetail' });

export const cancellationPreview = Joi.object({
  bookings: outCount().description('The number of pending and confirmed bookings that would be cancelled'),
  tickets: outCount(),
  refunds: outList(Joi.object({ currency: outText(), amount: outMoney() })).description(
    'The amounts that would be refunded',
  ),
  mails: outCount().description(
    'The number of emails about the cancellation and refunds, to everyone who has booked, holds a ticket or is on the waitlist',
  ),
}).meta({ name: 'CancellationPreview' });

const shareOrNull = () => Joi.number().min(0).max(1).allow(null).required();

export const eventCategory = Joi.object({
  name: outText(),
  count: outCount().description('The number of listed events in this category'),
}).meta({ name: 'EventCategory' });

export const eventStats = Joi.object({
  eventId: outId(),
  totalTickets: outCountOrNull(),
  availableTickets: outCountOrNull(),
  sold: outCount(),
  held: outCount(),
  waiting: outCount(),
  revenue: outList(revenue).description('Revenue by currency; the currency of the event is always included'),
  currency: outText(),
  capacityUse: shareOrNull().description('Sold tickets ÷ all tickets, from 0 to 1; null if tickets are unlimited'),
  cancellationRate: shareOrNull().description('Cancelled bookings ÷ all that were confirmed, from 0 to 1'),
  bookings: outObject({ pending: outCount(), confirmed: outCount(), cancelled: outCount(), expired: outCount() }),
  bookingsPerDay: outList(Joi.object({ date: outText(), bookings: outCount(), tickets: outCount() })),
  byTicketType: outList(
    Joi.object({
      ticketTypeId: outId(),
      name: outText(),
      price: outMoney(),
      quantity: outCountOrNull(),
      quantityAvailable: outCountOrNull(),
      sold: outCount(),
      held: outCount(),
      revenue: outList(revenueShare).description(
        'Revenue of this ticket type; all types add up to the revenue of the event',
      ),
      checkIns: outCount(),
    }),
  ),
  checkIns: outCount().description('The number of tickets that were checked in'),
}).meta({ name: 'EventStats' });

export const attendee = Joi.object({
  ticketId: outId().description('The id of the ticket, to check in without a code'),
  bookingId: outId(),
  reference: outText().description('The reference of the booking'),
  orderId: outIdOrNull().description('The id of the order; null if the booking is free'),
  name: outTextOrNull().description(
    'The name on the ticket, otherwise that of the booker; null once the holder has erased their account',
  ),
  email: outTextOrNull(),
  isTransferred: Joi.boolean().required().description('Whether somebody other than the booker holds the ticket'),
  ticketTypeId: outId(),
  ticketTypeName: outText(),
  seat: seatOrNull(),
  price: outMoney().description('The price before discounts and taxes'),
  currency: outText(),
  status: Joi.string().valid('valid', 'void').required(),
  checkedInAt: outTimeOrNull(),
  bookedAt: outTime(),
}).meta({ name: 'Attendee' });
