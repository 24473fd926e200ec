import type { Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import type { DiscountState } from './types';
import { isActiveBooking } from '../sql';
import { bool, int4, int8, ms, numeric, orNull, query, statement, text } from '../statement';

/** The discounts of a batch: requested by code, or used by bookings that may end. */
export interface DiscountRequest {
  codes: { organizerId: number; code: string }[];
  ids: number[];
  /** The users who request a code. */
  userIds: number[];
}

// A statement that waited for a row sees its new version; the rules check whatever else has changed.
const LOCK_DISCOUNTS = statement({
  name: 'inventory-lock-discounts',
  isPrepared: true,
  columns: {
    id: int4('d.id'),
    organizerId: int4('d.organizer_id'),
    eventId: orNull(int4('d.event_id')),
    code: text('lower(d.code)'),
    type: text<DiscountState['type']>('d.type'),
    value: numeric('d.value'),
    currency: orNull(text('d.currency::text')),
    maxUses: orNull(int4('d.max_uses')),
    maxUsesPerUser: orNull(int4('d.max_uses_per_user')),
    usedCount: int4('d.used_count'),
    startsAt: orNull(ms('d.starts_at')),
    endsAt: orNull(ms('d.ends_at')),
    isActive: bool('d.is_active AND d.deleted_at IS NULL'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM discounts d
  WHERE d.id IN (
    SELECT unnest(:ids::int[])
    UNION
    SELECT a.id
    FROM unnest(:organizers::int[], :codes::text[]) AS c(organizer_id, code)
    JOIN discounts a ON a.organizer_id = c.organizer_id AND lower(a.code) = c.code AND a.deleted_at IS NULL
  )
  ORDER BY d.id
  FOR NO KEY UPDATE OF d`,
});

const COUNT_USES = statement({
  name: 'inventory-count-discount-uses',
  isPrepared: true,
  columns: {
    discountId: int4('d.id'),
    userId: int4('u.id'),
    uses: int8('count(*)'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM unnest(:ids::int[]) AS d(id)
  CROSS JOIN unnest(:users::int[]) AS u(id)
  JOIN bookings b ON b.discount_id = d.id AND b.user_id = u.id AND ${isActiveBooking('b.status')}
  GROUP BY d.id, u.id`,
});

/** Locks discounts in the order of their ids. Counts their uses in a second statement, which sees what was committed during the wait. */
export async function lockDiscounts(trx: Trx, { codes, ids, userIds }: DiscountRequest): Promise<DiscountState[]> {
  const rows = await query(trx, LOCK_DISCOUNTS, {
    ids: toNumberArray(ids),
    organizers: toNumberArray(codes.map(({ organizerId }) => organizerId)),
    codes: toTextArray(codes.map(({ code }) => code)),
  });
  const discounts = rows.map((row) => ({ ...row, uses: new Map<number, number>() }));
  const limited = new Map(
    discounts.filter(({ maxUsesPerUser }) => maxUsesPerUser !== null).map((row) => [row.id, row]),
  );
  if (limited.size === 0) return discounts;
  const counted = await query(trx, COUNT_USES, {
    ids: toNumberArray([...limited.keys()]),
    users: toNumberArray(userIds),
  });
  for (const { discountId, userId, uses } of counted) limited.get(discountId)!.uses.set(userId, uses);
  return discounts;
}
