import type { RouteRequest } from '../http/route';
import { grantCredits, type GrantCredits } from '../services/credits/grant-credits';
import { listCredits, listEntries, listUserCredits, type ListEntries } from '../services/credits/list-credits';
import { orderCredits, type OrderCredits } from '../services/orders/order-credits';

export function purchase({ actor, body }: RouteRequest<'user', unknown, unknown, OrderCredits>) {
  return orderCredits(actor, body);
}

interface Id {
  id: number;
}

export function list({ actor }: RouteRequest<'user'>) {
  return listCredits(actor);
}

export function entries({ actor, query }: RouteRequest<'user', unknown, ListEntries>) {
  return listEntries(actor, query);
}

export function ofUser({ params }: RouteRequest<'admin', Id>) {
  return listUserCredits(params.id);
}

export function grant({ actor, params, body }: RouteRequest<'admin', Id, unknown, Omit<GrantCredits, 'userId'>>) {
  return grantCredits(actor, { ...body, userId: params.id });
}
