import type {
  Address,
  CreateAddress,
  CreateShippingOption,
  CreateTaxRate,
  ShippingOption,
  TaxRate,
} from '../../client/api';
import { registerUser, type TestUser } from './accounts';
import { as } from './client';

export const ADDRESS = {
  name: 'Ada Lovelace',
  line1: 'Harbor Road 1',
  city: 'Vienna',
  postalCode: '1020',
  country: 'AT',
};

export type TestAddress = Address;
export type TestShippingOption = ShippingOption;
export type TestTaxRate = TaxRate;

let admin: TestUser | undefined;

/** The admin of this test file's store. */
export async function theAdmin(): Promise<TestUser> {
  admin ??= await registerUser({ role: 'admin' });
  return admin;
}

/** Saves an address of this user. */
export async function makeAddress(user: TestUser, fields: Partial<CreateAddress> = {}): Promise<TestAddress> {
  return (await as(user).call('POST /api/addresses', { body: { ...ADDRESS, ...fields } })).data;
}

/** Creates a shipping option, by default to Austria for 4.90 in any currency. */
export async function makeShippingOption(
  fields: Partial<CreateShippingOption> = {},
  user?: TestUser,
): Promise<TestShippingOption> {
  const option = { name: 'Post', countries: ['AT'], price: '4.90', ...fields };
  return (await as(user ?? (await theAdmin())).call('POST /api/admin/shipping-options', { body: option })).data;
}

export async function makeTaxRate(fields: CreateTaxRate, user?: TestUser): Promise<TestTaxRate> {
  return (await as(user ?? (await theAdmin())).call('POST /api/admin/tax-rates', { body: fields })).data;
}
