import { isCountry } from '../lib/address';
import type { AddressValues, NewAddress } from '../services/addresses.service';
import { Joi, outFlag, outId, outText, outTextOrNull, outTime, pagingKeys, plainName } from './common.schemas';
import { phone } from './users/profile';

export const countryCode = () =>
  Joi.string()
    .trim()
    .uppercase()
    .length(2)
    .custom((code: string, helpers) =>
      isCountry(code) ? code : helpers.message({ custom: '{{#label}} must be an ISO 3166-1 code, such as AT' }),
    )
    .description('The two-letter ISO 3166-1 code');

const addressLine = (max = 200) => plainName(max).description('A single line');
const optionalLine = () => addressLine().allow('', null);

const fields = {
  name: addressLine().description('The name of the person'),
  company: optionalLine(),
  line1: addressLine().description('The street and number'),
  line2: optionalLine(),
  city: addressLine(100),
  postalCode: addressLine(20),
  region: optionalLine().description('The state or province'),
  country: countryCode(),
};

/** The keys of a postal address in a request. */
export const postalAddressKeys = {
  name: fields.name.required(),
  company: fields.company.empty('').default(null),
  line1: fields.line1.required(),
  line2: fields.line2.empty('').default(null),
  city: fields.city.required(),
  postalCode: fields.postalCode.required(),
  region: fields.region.empty('').default(null),
  country: fields.country.required(),
};

/** The keys of an address that something is sent to. */
export const addressKeys = { ...postalAddressKeys, phone: phone().empty('').default(null) };

const isDefault = Joi.boolean().description('Whether orders go there by default; at most one address is the default');

export const createAddressBody = Joi.object<NewAddress, true>({ ...addressKeys, isDefault });
export const updateAddressBody = Joi.object<Partial<AddressValues>, true>({
  ...fields,
  phone: phone(),
  isDefault,
}).min(1);

export const listAddressesQuery = Joi.object<{ page: number; limit: number }, true>(pagingKeys());

/** The keys of a postal address in a response. */
export const outPostalAddress = {
  name: outText().description('The name of the person'),
  company: outTextOrNull(),
  line1: outText(),
  line2: outTextOrNull(),
  city: outText(),
  postalCode: outText(),
  region: outTextOrNull().description('The state or province'),
  country: outText().description('The two-letter ISO 3166-1 code'),
};

export const address = Joi.object({
  id: outId(),
  ...outPostalAddress,
  phone: outTextOrNull(),
  isDefault: outFlag(),
  createdAt: outTime(),
  updatedAt: outTime(),
}).meta({ name: 'Address' });
