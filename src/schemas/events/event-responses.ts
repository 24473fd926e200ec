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
  availableTickets: outCountOrNull().description('What can be bought at this moment; null: unlimited'),
  isFree: outFlag(),
  minPrice: outMoneyOrNull().description('Of what can be bought at this moment; null where that is nothing'),
  maxPrice: outMoneyOrNull().description('Of the most expensive ticket on sale now; null while none is'),
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
  bookings: outCount().description('Pending and confirmed ones, which would be cancelled'),
  tickets: outCount(),
  refunds: outList(Joi.object({ currency: outText(), amount: outMoney() })).description('What would be paid back'),
  mails: outCount().description(
    'To those who have booked, hold a ticket or wait, about the cancellation and the refunds',
  ),
}).meta({ name: 'CancellationPreview' });

const shareOrNull = () => Joi.number().min(0).max(1).allow(null).required();

export const eventCategory = Joi.object({
  name: outText(),
  count: outCount().description('How many listed events have it'),
}).meta({ name: 'EventCategory' });

export const eventStats = Joi.object({
  eventId: outId(),
  totalTickets: outCountOrNull(),
  availableTickets: outCountOrNull(),
  sold: outCount(),
  held: outCount(),
  waiting: outCount(),
  revenue: outList(revenue).description('By currency; that of the event is always there'),
  currency: outText(),
  capacityUse: shareOrNull().description('Sold of all tickets, 0 to 1; null where they are unlimited'),
  cancellationRate: shareOrNull().description('Cancelled of all that were confirmed, 0 to 1'),
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
      revenue: outList(revenueShare).description('What its items earned; the types add up to the event'),
      checkIns: outCount(),
    }),
  ),
  checkIns: outCount().description('Tickets that were let in'),
}).meta({ name: 'EventStats' });

export const attendee = Joi.object({
  ticketId: outId().description('For checking in without a code'),
  bookingId: outId(),
  reference: outText().description('Of the booking'),
  orderId: outIdOrNull().description('Null where the booking costs nothing'),
  name: outTextOrNull().description(
    'Of who is named on the ticket, else of the booker; null once its holder was erased',
  ),
  email: outTextOrNull(),
  isTransferred: Joi.boolean().required().description('Somebody else than the booker holds it'),
  ticketTypeId: outId(),
  ticketTypeName: outText(),
  seat: seatOrNull(),
  price: outMoney().description('Before discounts and taxes'),
  currency: outText(),
  status: Joi.string().valid('valid', 'void').required(),
  checkedInAt: outTimeOrNull(),
  bookedAt: outTime(),
}).meta({ name: 'Attendee' });
