import { getPreparedName, type Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import type { DiscountState } from './types';
import { isActiveBooking, toMs } from '../sql';

/** The discounts of a batch: requested by code, or used by bookings that may end. */
export interface DiscountRequest {
  codes: { organizerId: number; code: string }[];
  ids: number[];
  /** The users who request a code. */
  userIds: number[];
}

// A statement that waited for a row sees its new version; the rules check whatever else has changed.
const LOCK_DISCOUNTS = `
  SELECT d.id, d.organizer_id AS "organizerId", d.event_id AS "eventId", lower(d.code) AS code, d.type, d.value, d.currency,
         d.max_uses AS "maxUses", d.max_uses_per_user AS "maxUsesPerUser", d.used_count AS "usedCount",
         ${toMs('d.starts_at')} AS "startsAt", ${toMs('d.ends_at')} AS "endsAt", d.is_active AND d.deleted_at IS NULL AS "isActive"
  FROM discounts d
  WHERE d.id IN (SELECT unnest(:ids::int[])
                 UNION SELECT a.id FROM unnest(:organizers::int[], :codes::text[]) AS c(organizer_id, code)
                   JOIN discounts a ON a.organizer_id = c.organizer_id AND lower(a.code) = c.code AND a.deleted_at IS NULL)
  ORDER BY d.id FOR NO KEY UPDATE OF d`;

const COUNT_USES = `
  SELECT b.discount_id AS "discountId", b.user_id AS "userId", count(*) AS uses
  FROM unnest(:ids::int[]) AS d(id) CROSS JOIN unnest(:users::int[]) AS u(id)
  JOIN bookings b ON b.discount_id = d.id AND b.user_id = u.id AND ${isActiveBooking('b.status')}
  GROUP BY b.discount_id, b.user_id`;

/** Locks discounts in the order of their ids. Counts their uses in a second statement, which sees what was committed during the wait. */
export async function lockDiscounts(trx: Trx, { codes, ids, userIds }: DiscountRequest): Promise<DiscountState[]> {
  const { rows } = await trx
    .raw<{ rows: Omit<DiscountState, 'uses'>[] }>(LOCK_DISCOUNTS, {
      ids: toNumberArray(ids),
      organizers: toNumberArray(codes.map(({ organizerId }) => organizerId)),
      codes: toTextArray(codes.map(({ code }) => code)),
    })
    .options(getPreparedName('inventory-lock-discounts'));
  const discounts = rows.map((row) => ({ ...row, uses: new Map<number, number>() }));
  const limited = new Map(
    discounts.filter(({ maxUsesPerUser }) => maxUsesPerUser !== null).map((row) => [row.id, row]),
  );
  if (limited.size === 0) return discounts;
  const counted = await trx
    .raw<{ rows: { discountId: number; userId: number; uses: number }[] }>(COUNT_USES, {
      ids: toNumberArray([...limited.keys()]),
      users: toNumberArray(userIds),
    })
    .options(getPreparedName('inventory-count-discount-uses'));
  for (const { discountId, userId, uses } of counted.rows) limited.get(discountId)!.uses.set(userId, uses);
  return discounts;
}
