import { BOOKING_STATUSES, Joi, outCountOrNull, outId, outText, outTextOrNull } from './common.schemas';
import { ORDER_STATUSES } from './orders.schemas';

const ACCOUNT_TICKET_AND_LICENSE_STATUSES = ['active', 'suspended', 'valid', 'void', 'revoked'];
const STATUSES = [...new Set([...ACCOUNT_TICKET_AND_LICENSE_STATUSES, ...BOOKING_STATUSES, ...ORDER_STATUSES])];
const KINDS = ['user', 'booking', 'order', 'ticket', 'license'];

export const searchQuery = Joi.object<{ q: string }, true>({
  q: Joi.string()
    .trim()
    .min(1)
    .max(200)
    .required()
    .description(
      'A name or the beginning of an email address; a booking reference; an order number; the id or the code of a ticket; or a license key',
    ),
});

export const searchHit = Joi.object({
  kind: Joi.string()
    .valid(...KINDS)
    .required(),
  id: outId(),
  title: outText().description('What it is known by'),
  detail: outTextOrNull().description('Whose it is, or what it is for'),
  status: Joi.string()
    .valid(...STATUSES)
    .required()
    .description('In the words of its kind'),
  userId: outCountOrNull().description('The account that it belongs to'),
  bookingId: outCountOrNull().description('The booking that it belongs to'),
}).meta({ name: 'SearchHit' });
