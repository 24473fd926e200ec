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
    .pattern(CODE, 'letters, digits and _.- only, starting with a letter or digit')
    .description('Letters, digits and `_.-`; unique regardless of case'),
  type: Joi.string().valid(...DISCOUNT_TYPES),
  value: moneyOrNumber().description(
    'A percentage, as a number greater than 0 and at most 100; or an amount in `currency`, which can be a decimal string',
  ),
  currency: Joi.string()
    .uppercase()
    .length(3)
    .custom(checkCurrency)
    .allow(null)
    .description(
      'The currency of a fixed value. Defaults to that of the event, or to USD if the discount is for all events. The code only applies to events in this currency',
    ),
  eventId: id().allow(null).description('The event; null for all events of the organizer'),
  maxUses: limit().description('How often it can be used in all; null if unlimited'),
  maxUsesPerUser: limit().description('How often one user can use it; null if unlimited'),
  startsAt: time().allow(null),
  endsAt: time().allow(null).description('When it can no longer be used'),
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
    .description(
      '`active` for discounts that can be used now; `inactive` for those that are switched off, not yet valid, expired or used up',
    ),
  isActive: Joi.boolean().description('Only discounts that are switched on, or off'),
  search: Joi.string().trim().max(50).allow('').description('A part of the code, in upper or lower case'),
});

export const validateDiscountBody = Joi.object<ValidateDiscount, true>({
  code: discountCode().required(),
  eventId: id().required(),
  items: bookingItems().description('The tickets to book; defaults to one ticket if the event has only one type'),
});

const outValue = () => Joi.alternatives().try(Joi.number(), Joi.string()).required();

export const discount = Joi.object({
  id: outId(),
  code: outText(),
  type: outType(),
  value: outValue().description('A percentage as a number, or an amount as a decimal string'),
  currency: outTextOrNull(),
  eventId: outCountOrNull(),
  maxUses: outCountOrNull(),
  maxUsesPerUser: outCountOrNull(),
  usedCount: outCount().description('The number of pending and confirmed bookings that use it'),
  startsAt: outTimeOrNull(),
  endsAt: outTimeOrNull(),
  isActive: outFlag(),
}).meta({ name: 'Discount' });

export const validatedDiscount = Joi.object({
  code: outText(),
  eventId: outId(),
  type: outType(),
  value: outValue().description('A percentage as a number, or an amount as a decimal string'),
  currency: outText().description('The currency of the amounts, which is that of the event'),
  subtotal: outTextOrNull(),
  discountAmount: outTextOrNull(),
  tax: outTextOrNull(),
  totalAmount: outTextOrNull().description(
    'The total. All amounts are null if the request does not determine the number of tickets by type',
  ),
}).meta({ name: 'ValidatedDiscount' });
