import { database } from '../../src/database';
import { theOrganizer, type TestUser } from './bookings';
import { as } from './client';

export interface TestDiscount {
  id: number;
  code: string;
  type: 'percentage' | 'fixed';
  value: number | string;
  currency: string | null;
  eventId: number | null;
  maxUses: number | null;
  maxUsesPerUser: number | null;
  usedCount: number;
  startsAt: string | null;
  endsAt: string | null;
  isActive: boolean;
}

let made = 0;

/** Returns the body of a discount: 20 % off everything, with a unique code. */
export function aDiscount(fields: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1;
  return { code: `CODE-${made}`, type: 'percentage', value: 20, ...fields };
}

/** Creates a discount, by default of this file's organizer. */
export async function makeDiscount(fields: Record<string, unknown> = {}, organizer?: TestUser): Promise<TestDiscount> {
  const { body } = (await as(organizer ?? (await theOrganizer()))
    .post('/api/discounts')
    .send(aDiscount(fields))
    .expect(201)) as { body: { data: TestDiscount } };
  return body.data;
}

export function validating(user: TestUser, eventId: number, fields: Record<string, unknown>) {
  return as(user)
    .post('/api/discounts/validate')
    .send({ eventId, ...fields });
}

/** Returns how often a discount was used, according to its counter. */
export async function usesOf(discountId: number): Promise<number> {
  const row = (await database('discounts').where('id', discountId).first('used_count')) as { used_count: number };
  return row.used_count;
}
