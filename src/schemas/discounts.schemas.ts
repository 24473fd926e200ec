import type { DiscountInput, ListDiscounts } from '../services/discounts/manage-discounts';
import type { ValidateDiscount } from '../services/discounts/validate-discount';
import {
  INT4_MAX,
  Joi,
  id,
  moneyOrNumber,
  outCount,
  outCountOrNull,
  outFlag,
  outId,
  outText,
  outTextOrNull,
  outTimeOrNull,
  pagingKeys,
  time,
} from './common.schemas';
import { bookingItems, discountCode } from './bookings.schemas';
import { checkCurrency } from './events/event-bodies';

const CODE = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

const DISCOUNT_TYPES = ['percentage', 'fixed'];
const outType = () =>
  Joi.string()
    .valid(...DISCOUNT_TYPES)
    .required();

const limit = () => Joi.number().integer().min(1).max(INT4_MAX).allow(null);

const fields = {
  code: Joi.string()
    .trim()
    .max(50)
    .pattern(CODE, 'made of letters, digits and _.-, and begin with a letter or a digit')
    .description('Letters, digits and `_.-`; unique in either case'),
  type: Joi.string().valid(...DISCOUNT_TYPES),
  value: moneyOrNumber().description(
    'Per cent, a number more than 0 and at most 100; or an amount in `currency`, which may be a decimal string',
  ),
  currency: Joi.string()
    .uppercase()
    .length(3)
    .custom(checkCurrency)
    .allow(null)
    .description(
      'Of a fixed value: the event’s, or USD where it is for all events. The code works at events in it only',
    ),
  eventId: id().allow(null).description('Null: all events of the organizer'),
  maxUses: limit().description('Null: as often as anybody likes'),
  maxUsesPerUser: limit().description('Null: as often as one likes'),
  startsAt: time().allow(null),
  endsAt: time().allow(null).description('From then on it can not be used'),
  isActive: Joi.boolean(),
};

export const createDiscountBody = Joi.object<DiscountInput, true>({
  ...fields,
  code: fields.code.required(),
  type: fields.type.required(),
  value: fields.value.required(),
  eventId: fields.eventId.default(null),
  maxUses: fields.maxUses.default(null),
  maxUsesPerUser: fields.maxUsesPerUser.default(null),
  startsAt: fields.startsAt.default(null),
  endsAt: fields.endsAt.default(null),
  isActive: fields.isActive.default(true),
});
export const updateDiscountBody = Joi.object<Partial<DiscountInput>, true>(fields).min(1);

export const listDiscountsQuery = Joi.object<ListDiscounts, true>({
  ...pagingKeys(),
  eventId: id(),
  status: Joi.string()
    .valid('active', 'inactive')
    .description('`active`: only those that can be used now; `inactive`: switched off, not begun, over or used up'),
  isActive: Joi.boolean().description('Only those that are switched on, or off'),
  search: Joi.string().trim().max(50).allow('').description('A part of the code, in either letter case'),
});

export const validateDiscountBody = Joi.object<ValidateDiscount, true>({
  code: discountCode().required(),
  eventId: id().required(),
  items: bookingItems().description('What is to be booked; by default one ticket, where the event has one type only'),
});

const outValue = () => Joi.alternatives().try(Joi.number(), Joi.string()).required();

export const discount = Joi.object({
  id: outId(),
  code: outText(),
  type: outType(),
  value: outValue().description('Per cent, a number; or money, a decimal string'),
  currency: outTextOrNull(),
  eventId: outCountOrNull(),
  maxUses: outCountOrNull(),
  maxUsesPerUser: outCountOrNull(),
  usedCount: outCount().description('Pending and confirmed bookings made with it'),
  startsAt: outTimeOrNull(),
  endsAt: outTimeOrNull(),
  isActive: outFlag(),
}).meta({ name: 'Discount' });

export const validatedDiscount = Joi.object({
  code: outText(),
  eventId: outId(),
  type: outType(),
  value: outValue().description('Per cent, a number; or money, a decimal string'),
  currency: outText().description('Of the amounts: the event’s'),
  subtotal: outTextOrNull(),
  discountAmount: outTextOrNull(),
  tax: outTextOrNull(),
  totalAmount: outTextOrNull().description('Amounts are null where nobody has said how many of which type'),
}).meta({ name: 'ValidatedDiscount' });
