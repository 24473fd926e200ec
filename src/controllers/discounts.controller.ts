import type { RouteRequest } from '../http/route';
import {
  createDiscount,
  deleteDiscount,
  getDiscount,
  listDiscounts,
  updateDiscount,
  type DiscountInput,
  type ListDiscounts,
} from '../services/discounts/manage-discounts';
import { validateDiscount, type ValidateDiscount } from '../services/discounts/validate-discount';

interface Id {
  id: number;
}

export function list({ actor, query }: RouteRequest<'organizer', unknown, ListDiscounts>) {
  return listDiscounts(actor, query);
}

export function create({ actor, body }: RouteRequest<'organizer', unknown, unknown, DiscountInput>) {
  return createDiscount(actor, body);
}

export function validate({ actor, body }: RouteRequest<'user', unknown, unknown, ValidateDiscount>) {
  return validateDiscount(actor, body);
}

export function get({ actor, params }: RouteRequest<'organizer', Id>) {
  return getDiscount(actor, params.id);
}

export function update({ actor, params, body }: RouteRequest<'organizer', Id, unknown, Partial<DiscountInput>>) {
  return updateDiscount(actor, params.id, body);
}

export async function remove({ actor, params }: RouteRequest<'organizer', Id>) {
  await deleteDiscount(actor, params.id);
}
