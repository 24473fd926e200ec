import { randomUUID } from 'node:crypto';
import type { GrantLicense, License } from '../../client/api';
import { database } from '../../src/database';
import type { LicensePolicy } from '../../src/models/licenses/issued-licenses';
import { registerUser, theOrganizer, type TestUser } from './bookings';
import { ordered } from './checkout';
import { anonymous, as } from './client';
import type { BodyOf, DataOf } from './endpoints';
import { deciding } from './orders';

/** A license as its owner sees it. */
export interface TestLicense extends License {
  key: string;
}

/** Inserts a license product of this file's organizer, for three devices and 14 days without a connection. Returns its id. */
export async function makeLicenseProduct(policy: Partial<LicensePolicy> = {}, seller?: TestUser): Promise<number> {
  const organizer = seller ?? (await theOrganizer());
  const licensePolicy = { durationDays: null, maxActivations: 3, offlineDays: 14, entitlements: ['studio'], ...policy };
  const [product] = await database('products')
    .insert({
      organizer_id: organizer.user.id,
      name: 'Studio',
      slug: `studio-${randomUUID()}`,
      product_type: 'license',
      price: '49.00',
      currency: 'EUR',
      license_policy: JSON.stringify(licensePolicy),
      status: 'active',
    })
    .returning('id');
  await database('product_inventory').insert({ product_id: product!.id, stock: null });
  return product!.id;
}

interface Licensed {
  owner: TestUser;
  orderId: number;
  productId: number;
  licenses: TestLicense[];
}

export async function licensesOf(owner: TestUser): Promise<TestLicense[]> {
  return (await as(owner).call('GET /api/licenses')).data as TestLicense[];
}

/** Orders two units of a license product and pays them. */
export async function issued(policy: Partial<LicensePolicy> = {}): Promise<Licensed> {
  const [productId, owner] = [await makeLicenseProduct(policy), await registerUser()];
  const { id: orderId, payment } = await ordered(owner, [{ productId, quantity: 2 }], { paymentMethod: 'sandbox' });
  expect(await licensesOf(owner)).toEqual([]);
  await deciding(payment!.paymentIntentId, 'succeed').expect(200);
  return { owner, orderId, productId, licenses: await licensesOf(owner) };
}

/** Has an admin give a license to a new user. */
export async function aLicense(policy: Partial<LicensePolicy> = {}, fields: Partial<GrantLicense> = {}) {
  const [productId, owner, admin] = await Promise.all([
    makeLicenseProduct(policy),
    registerUser(),
    registerUser({ role: 'admin' }),
  ]);
  const grant = { userId: owner.user.id, productId, ...fields };
  await as(admin).call('POST /api/admin/licenses', { body: grant });
  const [license] = await licensesOf(owner);
  return { owner, admin, productId, license: license!, key: license!.key };
}

export const fingerprint = (name: string | number): string => `device-${name}`.padEnd(16, '.');

export function activating(key: string, device: string | number, fields: object = {}) {
  return anonymous.post('/api/activations').send({ key, fingerprint: fingerprint(device), ...fields });
}

export async function activated(
  key: string,
  device: string | number,
  fields: Partial<BodyOf<'POST /api/activations'>> = {},
): Promise<DataOf<'POST /api/activations'>> {
  const body = { key, fingerprint: fingerprint(device), ...fields };
  return (await anonymous.call('POST /api/activations', { body })).data;
}

export async function verified(key: string, device?: string | number): Promise<DataOf<'POST /api/activations/verify'>> {
  const body = device === undefined ? { key } : { key, fingerprint: fingerprint(device) };
  return (await anonymous.call('POST /api/activations/verify', { body })).data;
}
