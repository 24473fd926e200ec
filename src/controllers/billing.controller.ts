import type { RouteRequest } from '../http/route';
import { getBilling, updateBilling, type BillingProfile } from '../services/billing.service';

export function get({ actor }: RouteRequest<'organizer'>) {
  return getBilling(actor);
}

export function update({ actor, body }: RouteRequest<'organizer', unknown, unknown, Partial<BillingProfile>>) {
  return updateBilling(actor, body);
}
