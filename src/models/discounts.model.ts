import { getBrokenConstraint, type Db, type Trx } from '../database';
import type { Column } from '../database/query';
import { AppError } from '../errors';
import { ACTIVE_BOOKING_STATUSES } from '../lib/statuses';
import { toColumns } from './columns';

/** The writable fields, named as in the API. */
export interface DiscountValues {
  code: string;
  type: 'percentage' | 'fixed';
  /** Percent, or an amount in `currency`. */
  value: string;
  /** The currency of a fixed value; null for a percentage. */
  currency: string | null;
  /** Null for all events of the organizer. */
  eventId: number | null;
  maxUses: number | null;
  maxUsesPerUser: number | null;
  startsAt: Date | null;
  endsAt: Date | null;
  isActive: boolean;
}

export interface DiscountRow extends DiscountValues {
  id: number;
  organizerId: number;
  /** The number of pending and confirmed bookings made with it. */
  usedCount: number;
}

const COLUMNS = {
  code: 'code',
  type: 'type',
  value: 'value',
  currency: 'currency',
  eventId: 'event_id',
  maxUses: 'max_uses',
  maxUsesPerUser: 'max_uses_per_user',
  startsAt: 'starts_at',
  endsAt: 'ends_at',
  isActive: 'is_active',
} as const satisfies Record<keyof DiscountValues, Column<'discounts'>>;

const SELECTED = { ...COLUMNS, id: 'id', organizerId: 'organizer_id', usedCount: 'used_count' } as const;

const selectDiscounts = (db: Db) => db('discounts').whereNull('deleted_at');

export async function findDiscount(db: Db, id: number): Promise<DiscountRow | undefined> {
  return selectDiscounts(db).where({ id }).first(SELECTED);
}

/** Locks a discount against use by the booking engine. */
export async function lockDiscount(trx: Trx, id: number): Promise<DiscountRow | undefined> {
  return selectDiscounts(trx).where({ id }).forNoKeyUpdate().first(SELECTED);
}

/** Returns an organizer's discount by its code, case-insensitively. */
export async function findDiscountByCode(db: Db, organizerId: number, code: string): Promise<DiscountRow | undefined> {
  return selectDiscounts(db)
    .where('organizer_id', organizerId)
    .whereRaw('lower(code) = ?', [code.toLowerCase()])
    .first(SELECTED);
}

/** Lists the discounts of these organizers that have this code, case-insensitively. */
export async function listDiscountsByCode(db: Db, organizerIds: number[], code: string): Promise<DiscountRow[]> {
  return selectDiscounts(db)
    .whereIn('organizer_id', organizerIds)
    .whereRaw('lower(code) = ?', [code.toLowerCase()])
    .select(SELECTED);
}

/** Counts a user's pending and confirmed bookings made with a discount. */
export async function countDiscountUses(db: Db, discountId: number, userId: number): Promise<number> {
  const [row] = await db('bookings')
    .where({ discount_id: discountId, user_id: userId })
    .whereIn('status', ACTIVE_BOOKING_STATUSES)
    .count('* as uses');
  return row!.uses;
}

export interface DiscountFilter {
  /** Undefined for all organizers. */
  organizerId?: number;
  eventId?: number;
  /** Whether the discounts can be used now. */
  status?: 'active' | 'inactive';
  isActive?: boolean;
  /** Part of the code. */
  search?: string;
  limit: number;
  offset: number;
}

const IS_USABLE = `is_active AND coalesce(starts_at <= now(), true) AND coalesce(ends_at > now(), true)
  AND coalesce(used_count < max_uses, true)`;

/** Returns a page, newest first, with the total. */
export async function listDiscounts(
  db: Db,
  { organizerId, eventId, status, isActive, search, limit, offset }: DiscountFilter,
): Promise<{ rows: DiscountRow[]; total: number }> {
  const matching = () => {
    const query = selectDiscounts(db);
    if (organizerId !== undefined) void query.where('organizer_id', organizerId);
    if (eventId !== undefined) void query.where('event_id', eventId);
    if (status !== undefined) void query.whereRaw(status === 'active' ? IS_USABLE : `NOT (${IS_USABLE})`);
    if (isActive !== undefined) void query.where('is_active', isActive);
    if (search) void query.whereRaw('position(lower(?) IN lower(code)) > 0', [search]);
    return query;
  };
  const [rows, [counted]] = await Promise.all([
    matching().orderBy('id', 'desc').limit(limit).offset(offset).select(SELECTED),
    matching().count('* as total'),
  ]);
  return { rows, total: counted!.total };
}

const toRefusal = (error: unknown): unknown =>
  getBrokenConstraint(error) === 'discounts_code_key'
    ? new AppError('DISCOUNT_EXISTS', undefined, { cause: error })
    : error;

/** @throws AppError DISCOUNT_EXISTS */
export async function insertDiscount(trx: Trx, organizerId: number, values: DiscountValues): Promise<DiscountRow> {
  try {
    const row = { ...toColumns(COLUMNS, values), organizer_id: organizerId };
    const [inserted] = await trx('discounts').insert(row).returning('id');
    return (await findDiscount(trx, inserted!.id))!;
  } catch (error) {
    throw toRefusal(error);
  }
}

/** @throws AppError DISCOUNT_EXISTS */
export async function updateDiscount(trx: Trx, id: number, values: Partial<DiscountValues>): Promise<DiscountRow> {
  try {
    await trx('discounts')
      .where({ id })
      .update({ ...toColumns(COLUMNS, values), updated_at: trx.fn.now() });
    return (await findDiscount(trx, id))!;
  } catch (error) {
    throw toRefusal(error);
  }
}

export async function deleteDiscount(trx: Trx, id: number): Promise<void> {
  await trx('discounts').where({ id }).update({ deleted_at: trx.fn.now(), updated_at: trx.fn.now() });
}
