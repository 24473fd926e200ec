import type { ListShippingOptions, ShippingOptionValues } from '../services/store/shipping-options';
import type { ListTaxRates, TaxRateInput } from '../services/store/tax-rates';
import { countryCode } from './addresses.schemas';
import {
  INT4_MAX,
  Joi,
  money,
  outCount,
  outCountOrNull,
  outFlag,
  outId,
  outList,
  outMoney,
  outMoneyOrNull,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  pagingKeys,
  plainName,
} from './common.schemas';
import { checkCurrency } from './events/event-bodies';

export const frontEndConfig = Joi.object({
  name: outText(),
  version: outText().description('The version of the program'),
  currencies: outList(Joi.string()).description('The ISO 4217 codes that prices can have'),
  paymentMethods: outList(Joi.string()).description('What can be sent as `paymentMethod`'),
  stripePublishableKey: outTextOrNull().description('The key for Stripe’s own scripts; null without Stripe'),
  support: outObject({
    email: outTextOrNull(),
    phone: outTextOrNull(),
    whatsapp: outTextOrNull().description('A WhatsApp number'),
  }).description('How customers reach the seller; null for what is not set'),
  limits: outObject({
    ticketsPerBooking: outCount().description('Tickets of one event in one booking'),
    cartLines: outCount().description('Lines of a cart'),
    quantityPerLine: outCount().description('Units on one line of a cart'),
    addresses: outCount().description('Addresses that a user can save'),
    uploadBytes: outCount().description('The size of an uploaded file'),
    holdMinutes: Joi.number().required().description('How long what is not paid is held'),
    cancellationWindowHours: Joi.number()
      .required()
      .description('Hours before the start until which customers can cancel'),
  }).description('The most that is allowed'),
  features: outObject({
    verifiedEmailRequired: outFlag().description('Whether an email address has to be verified to buy and to publish'),
    liveUpdates: outFlag().description('Whether open pages get live updates'),
    textMessages: outFlag().description('Whether text messages are sent'),
    sandboxPayments: outFlag().description('Whether there is a payment method that takes no money'),
  }).description('What is switched on'),
}).meta({ name: 'FrontEndConfig' });

const MAX_COUNTRIES = 249;

const taxRateFields = {
  country: countryCode(),
  region: plainName(200)
    .allow('', null)
    .description('The state or province, regardless of case; null for those without a rate of their own'),
  rate: Joi.number().min(0).max(100).precision(3).description('In percent'),
};

export const createTaxRateBody = Joi.object<TaxRateInput, true>({
  country: taxRateFields.country.required(),
  region: taxRateFields.region.default(null),
  rate: taxRateFields.rate.required(),
});
export const updateTaxRateBody = Joi.object<Partial<TaxRateInput>, true>(taxRateFields).min(1);

const byCountry = { ...pagingKeys(), country: countryCode() };
export const listTaxRatesQuery = Joi.object<ListTaxRates, true>(byCountry);
export const listShippingOptionsQuery = Joi.object<ListShippingOptions, true>(byCountry);

export const taxRate = Joi.object({
  id: outId(),
  country: outText().description('The two-letter ISO 3166-1 code'),
  region: outTextOrNull().description('Null for all regions without a rate of their own'),
  rate: Joi.number().required().description('In percent'),
  createdAt: outTime(),
  updatedAt: outTime(),
}).meta({ name: 'TaxRate' });

const shippingFields = {
  name: plainName(200),
  countries: Joi.array()
    .items(countryCode())
    .min(1)
    .max(MAX_COUNTRIES)
    .description('Where it ships to, as ISO 3166-1 codes'),
  price: money().description('The price, including tax'),
  currency: Joi.string()
    .uppercase()
    .length(3)
    .custom(checkCurrency)
    .allow(null)
    .description('The only currency that it is offered in; null for any, whose amounts are then in that of the order'),
  freeFrom: money().allow(null).description('Orders that cost at least this much without shipping ship for nothing'),
  maxWeightGrams: Joi.number().integer().min(1).max(INT4_MAX).allow(null),
};

export const createShippingOptionBody = Joi.object<ShippingOptionValues, true>({
  name: shippingFields.name.required(),
  countries: shippingFields.countries.required(),
  price: shippingFields.price.required(),
  currency: shippingFields.currency.default(null),
  freeFrom: shippingFields.freeFrom.default(null),
  maxWeightGrams: shippingFields.maxWeightGrams.default(null),
});
export const updateShippingOptionBody = Joi.object<Partial<ShippingOptionValues>, true>(shippingFields).min(1);

export const shippingOption = Joi.object({
  id: outId(),
  name: outText(),
  countries: outList(Joi.string()),
  price: outMoney(),
  currency: outTextOrNull().description('Null: offered in any currency'),
  freeFrom: outMoneyOrNull(),
  maxWeightGrams: outCountOrNull(),
  createdAt: outTime(),
  updatedAt: outTime(),
}).meta({ name: 'ShippingOption' });
