import type { TicketTypeInput } from '../services/ticket-types/offer-ticket-types';
import {
  INT4_MAX,
  Joi,
  id,
  money,
  outCount,
  outCountOrNull,
  outId,
  outMoney,
  outText,
  outTextOrNull,
  outTimeOrNull,
  pagingKeys,
  plainName,
  time,
} from './common.schemas';

const fields = {
  name: plainName(100).min(1),
  description: Joi.string().trim().max(2000).allow('', null),
  price: money().description('The price, in the currency of the event'),
  quantity: Joi.number()
    .integer()
    .min(0)
    .max(INT4_MAX)
    .allow(null)
    .description('The number of tickets; null for as many as the event has'),
  salesStart: time().allow(null),
  salesEnd: time().allow(null).description('When the sale ends; null for the start of the event'),
  minPerBooking: Joi.number().integer().min(1).max(INT4_MAX),
  maxPerBooking: Joi.number().integer().min(1).max(INT4_MAX).allow(null),
};

const newFields = {
  ...fields,
  name: fields.name.required(),
  description: fields.description.default(''),
  price: fields.price.description('The price, in the currency of the event; defaults to its `basePrice`'),
  quantity: fields.quantity.default(null),
  salesStart: fields.salesStart.default(null),
  salesEnd: fields.salesEnd.default(null),
  minPerBooking: fields.minPerBooking.default(1),
  maxPerBooking: fields.maxPerBooking
    .min(Joi.ref('minPerBooking'))
    .message('{{#label}} must not be less than minPerBooking')
    .default(null),
};

const withText = <T extends Partial<TicketTypeInput>>(type: T): T =>
  type.description === null ? { ...type, description: '' } : type;

export const createTicketTypeBody = Joi.object<TicketTypeInput, true>(newFields).custom(withText);
export const updateTicketTypeBody = Joi.object<Partial<TicketTypeInput>, true>(fields).min(1).custom(withText);

export const sortTicketTypesBody = Joi.object<{ ticketTypeIds: number[] }, true>({
  ticketTypeIds: Joi.array()
    .items(id())
    .min(1)
    .max(100)
    .unique()
    .required()
    .description('The ids of all ticket types of the event, in the order to show them in'),
});

export const ticketTypeParams = Joi.object<{ id: number; ticketTypeId: number }, true>({
  id: id().required(),
  ticketTypeId: id().required(),
});

const MAX_PAGE_SIZE = 100;
export const listTicketTypesQuery = Joi.object<{ page: number; limit: number }, true>({
  ...pagingKeys(),
  limit: pagingKeys().limit.default(MAX_PAGE_SIZE),
});

export const ticketType = Joi.object({
  id: outId(),
  eventId: outId(),
  name: outText(),
  description: outTextOrNull(),
  price: outMoney(),
  quantity: outCountOrNull().description('The number of tickets; null for as many as the event has'),
  quantityAvailable: outCountOrNull(),
  salesStart: outTimeOrNull(),
  salesEnd: outTimeOrNull(),
  minPerBooking: outCount(),
  maxPerBooking: outCountOrNull(),
}).meta({ name: 'TicketType' });
