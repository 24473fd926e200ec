import Big from 'big.js';
import { database, runInTransaction, type Db, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import { mayManage, type Actor } from '../../lib/actor';
import { formatMoney } from '../../lib/money/money';
import { getOffset, toPage } from '../../lib/paging';
import {
  deleteDiscount as deleteRow,
  findDiscount,
  insertDiscount,
  listDiscounts as listRows,
  lockDiscount,
  updateDiscount as updateRow,
  type DiscountFilter,
  type DiscountRow,
  type DiscountValues,
} from '../../models/discounts.model';
import { getDifferences, recordActivity } from '../audit/record-activity';
import { getManagedEvent } from '../events/event-access';
import { assertAmount } from '../events/event-prices';
import { runOnce } from '../idempotency.service';

// The default currency of events.
const DEFAULT_CURRENCY = 'USD';
const DISCOUNT_NOT_FOUND = 'Discount not found.';

/** A discount as described by a client. */
export interface DiscountInput extends Omit<DiscountValues, 'currency' | 'value'> {
  /** Percent as a number, or an amount of money. */
  value: string | number;
  /** The currency of a fixed value; defaults to the event's. */
  currency?: string | null;
}

export const formatValue = ({ type, value, currency }: Pick<DiscountValues, 'type' | 'value' | 'currency'>) =>
  type === 'fixed' ? formatMoney(value, currency!) : Number(value);

function presentDiscount(row: DiscountRow) {
  const { id, code, type, currency, eventId, maxUses, maxUsesPerUser, usedCount, startsAt, endsAt, isActive } = row;
  const value = formatValue(row);
  return { id, code, type, value, currency, eventId, maxUses, maxUsesPerUser, usedCount, startsAt, endsAt, isActive };
}

export type Discount = ReturnType<typeof presentDiscount>;

function assertOwned(actor: Actor, row: DiscountRow | undefined): DiscountRow {
  if (!row || !mayManage(actor, row.organizerId)) throw new AppError('NOT_FOUND', DISCOUNT_NOT_FOUND);
  return row;
}

interface Scope {
  organizerId: number;
  /** The currency of the event; undefined for a discount on all events. */
  currency: string | undefined;
}

/** Returns the organizer and the currency of a discount. @throws AppError NOT_FOUND, FORBIDDEN */
async function getScope(db: Db, actor: Actor, eventId: number | null): Promise<Scope> {
  if (eventId === null) return { organizerId: actor.userId, currency: undefined };
  const { organizerId, currency } = await getManagedEvent(db, actor, eventId);
  return { organizerId, currency };
}

/** Returns the values to store. @throws AppError VALIDATION_ERROR */
function validateValues(discountInput: DiscountInput, eventCurrency: string | undefined): DiscountValues {
  const input = { ...discountInput, value: String(discountInput.value) };
  const { type, value, startsAt, endsAt } = input;
  if (startsAt && endsAt && endsAt <= startsAt) throw createValidationError('endsAt', 'must be later than startsAt');
  if (new Big(value).lte(0)) throw createValidationError('value', 'must be more than 0');
  if (type === 'percentage') {
    if (input.currency) throw createValidationError('currency', 'is only allowed with a fixed value');
    if (new Big(value).gt(100)) throw createValidationError('value', 'must be at most 100 percent');
    return { ...input, currency: null };
  }
  const currency = input.currency ?? eventCurrency ?? DEFAULT_CURRENCY;
  if (eventCurrency !== undefined && currency !== eventCurrency)
    throw createValidationError('currency', `must be the currency of the event, ${eventCurrency}`);
  assertAmount('value', value, currency);
  return { ...input, currency };
}

/** Asserts that a percentage is a number; only money may be a string. @throws AppError VALIDATION_ERROR */
function assertPercentIsNumber(type: DiscountValues['type'], value: string | number | undefined): void {
  if (type === 'percentage' && typeof value === 'string')
    throw createValidationError('value', 'must be a number for a percentage');
}

/** Creates a discount code for one event or all events of the caller. @throws AppError NOT_FOUND, FORBIDDEN, DISCOUNT_EXISTS, VALIDATION_ERROR */
export async function createDiscount(actor: Actor, input: DiscountInput): Promise<Discount> {
  assertPercentIsNumber(input.type, input.value);
  return runOnce(actor, async (trx) => {
    const { organizerId, currency } = await getScope(trx, actor, input.eventId);
    const discount = presentDiscount(await insertDiscount(trx, organizerId, validateValues(input, currency)));
    await recordActivity(trx, actor, { action: 'discount.create', subjectId: discount.id, details: { ...discount } });
    return discount;
  });
}

/** @throws AppError NOT_FOUND, also to other organizers */
export async function getDiscount(actor: Actor, id: number): Promise<Discount> {
  return presentDiscount(assertOwned(actor, await findDiscount(database, id)));
}

export interface ListDiscounts extends Pick<DiscountFilter, 'eventId' | 'status' | 'isActive' | 'search'> {
  page: number;
  limit: number;
}

/** Lists the caller's own discounts, newest first; admins see all. */
export async function listDiscounts(actor: Actor, query: ListDiscounts) {
  const organizerId = actor.role === 'admin' ? undefined : actor.userId;
  const { rows, total } = await listRows(database, { ...query, organizerId, offset: getOffset(query) });
  return toPage(rows.map(presentDiscount), query, { total });
}

/** Returns the values after a change. The event can be replaced by another one of the same organizer. */
async function getChangedValues(
  trx: Trx,
  { actor, discount }: { actor: Actor; discount: DiscountRow },
  changes: Partial<DiscountInput>,
): Promise<DiscountValues> {
  const { id: _id, organizerId, usedCount, ...row } = discount;
  assertPercentIsNumber(changes.type ?? row.type, changes.value);
  const eventId = changes.eventId === undefined ? row.eventId : changes.eventId;
  // The event is looked up only if it matters, because it may have been deleted.
  const isOfEvent = eventId !== row.eventId || changes.type === 'fixed' || Boolean(changes.currency);
  const scope = eventId !== null && isOfEvent ? await getScope(trx, actor, eventId) : undefined;
  if (scope && scope.organizerId !== organizerId)
    throw createValidationError('eventId', 'is not an event of the same organizer');
  const currency = (changes.type ?? row.type) === 'fixed' ? row.currency : null;
  const values = validateValues({ ...row, currency, ...changes }, scope?.currency);
  if (values.maxUses !== null && values.maxUses < usedCount) {
    const message = `must not be less than the ${usedCount} uses so far`;
    throw new AppError('DISCOUNT_EXHAUSTED', undefined, { details: [{ path: 'maxUses', message, used: usedCount }] });
  }
  return values;
}

/**
 * Changes a discount; existing bookings keep their price.
 * @throws AppError NOT_FOUND, FORBIDDEN, DISCOUNT_EXISTS, DISCOUNT_EXHAUSTED, VALIDATION_ERROR
 */
export async function updateDiscount(actor: Actor, id: number, changes: Partial<DiscountInput>): Promise<Discount> {
  assertOwned(actor, await findDiscount(database, id));
  const row = await runInTransaction(async (trx) => {
    const discount = assertOwned(actor, await lockDiscount(trx, id));
    const updated = await updateRow(trx, id, await getChangedValues(trx, { actor, discount }, changes));
    const details = getDifferences(presentDiscount(discount), presentDiscount(updated));
    await recordActivity(trx, actor, { action: 'discount.update', subjectId: id, details });
    return updated;
  });
  return presentDiscount(row);
}

/** Deletes a discount; bookings made with it keep their price. @throws AppError NOT_FOUND */
export async function deleteDiscount(actor: Actor, id: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const { code } = assertOwned(actor, await lockDiscount(trx, id));
    await deleteRow(trx, id);
    await recordActivity(trx, actor, { action: 'discount.delete', subjectId: id, details: { code } });
  });
}
