import { randomUUID } from 'node:crypto';
import { database } from '../../src/database';
import type { LicensePolicy } from '../../src/models/licenses/issued-licenses';
import { registerUser, theOrganizer, type TestUser } from './bookings';
import { ordered } from './checkout';
import { anonymous, as } from './client';
import { deciding } from './orders';

export interface TestLicense {
  id: number;
  key: string;
  productId: number;
  orderId: number | null;
  status: string;
  maxActivations: number | null;
  activationsCount: number;
  expiresAt: string | null;
  offlineDays: number;
  entitlements: string[];
}

export interface TestActivation {
  id: number;
  fingerprint: string;
  name: string | null;
  lastSeenAt: string;
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
  const { body } = (await as(owner).get('/api/licenses').expect(200)) as { body: { data: TestLicense[] } };
  return body.data;
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
export async function aLicense(policy: Partial<LicensePolicy> = {}, fields: Record<string, unknown> = {}) {
  const [productId, owner, admin] = await Promise.all([
    makeLicenseProduct(policy),
    registerUser(),
    registerUser({ role: 'admin' }),
  ]);
  const grant = { userId: owner.user.id, productId, ...fields };
  await as(admin).post('/api/admin/licenses').send(grant).expect(201);
  const [license] = await licensesOf(owner);
  return { owner, admin, productId, license: license!, key: license!.key };
}

export const fingerprint = (name: string | number): string => `device-${name}`.padEnd(16, '.');

export function activating(key: string, device: string | number, fields: object = {}) {
  return anonymous.post('/api/activations').send({ key, fingerprint: fingerprint(device), ...fields });
}

export async function activated(key: string, device: string | number, fields: object = {}) {
  const { body } = await activating(key, device, fields).expect(201);
  return (body as { data: { activation: TestActivation; license: TestLicense; certificate: string | null } }).data;
}

export async function verified(key: string, device?: string | number) {
  const body = device === undefined ? { key } : { key, fingerprint: fingerprint(device) };
  const answer = await anonymous.post('/api/activations/verify').send(body).expect(200);
  return (answer.body as { data: { valid: boolean; code: string; license?: TestLicense } }).data;
}
