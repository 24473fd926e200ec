import { registerUser, type TestUser } from './accounts';
import { as } from './client';

export const ADDRESS = {
  name: 'Ada Lovelace',
  line1: 'Harbor Road 1',
  city: 'Vienna',
  postalCode: '1020',
  country: 'AT',
};

export interface TestAddress {
  id: number;
  isDefault: boolean;
  line1: string;
}

export interface TestShippingOption {
  id: number;
  name: string;
  price: string;
}

export interface TestTaxRate {
  id: number;
  country: string;
  region: string | null;
  rate: number;
}

let admin: TestUser | undefined;

/** The admin of this test file's store. */
export async function theAdmin(): Promise<TestUser> {
  admin ??= await registerUser({ role: 'admin' });
  return admin;
}

async function make<T>(user: TestUser, path: string, fields: Record<string, unknown>): Promise<T> {
  const { body } = await as(user).post(path).send(fields).expect(201);
  return (body as { data: T }).data;
}

/** Saves an address of this user. */
export async function makeAddress(user: TestUser, fields: Record<string, unknown> = {}): Promise<TestAddress> {
  return make(user, '/api/addresses', { ...ADDRESS, ...fields });
}

/** Creates a shipping option, by default to Austria for 4.90 in any currency. */
export async function makeShippingOption(
  fields: Record<string, unknown> = {},
  user?: TestUser,
): Promise<TestShippingOption> {
  const option = { name: 'Post', countries: ['AT'], price: '4.90', ...fields };
  return make(user ?? (await theAdmin()), '/api/admin/shipping-options', option);
}

export async function makeTaxRate(
  fields: { country: string; region?: string | null; rate: number },
  user?: TestUser,
): Promise<TestTaxRate> {
  return make(user ?? (await theAdmin()), '/api/admin/tax-rates', fields);
}
