import type { CreateDiscount, Discount } from '../../client/api';
import { database } from '../../src/database';
import { theOrganizer, type TestUser } from './bookings';
import { as } from './client';

export type TestDiscount = Discount;

let made = 0;

/** Returns the body of a discount: 20 % off everything, with a unique code. */
export function aDiscount(fields: Partial<CreateDiscount> = {}): CreateDiscount {
  made += 1;
  return { code: `CODE-${made}`, type: 'percentage', value: 20, ...fields };
}

/** Creates a discount, by default of this file's organizer. */
export async function makeDiscount(fields: Partial<CreateDiscount> = {}, organizer?: TestUser): Promise<TestDiscount> {
  const owner = as(organizer ?? (await theOrganizer()));
  return (await owner.call('POST /api/discounts', { body: aDiscount(fields) })).data;
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
