import type { RouteRequest } from '../http/route';
import { getFrontEndConfig } from '../services/store/front-end-config';
import {
  createShippingOption,
  deleteShippingOption,
  getShippingOption,
  listShippingOptions,
  updateShippingOption,
  type ListShippingOptions,
  type ShippingOptionValues,
} from '../services/store/shipping-options';
import {
  createTaxRate,
  deleteTaxRate,
  getTaxRate,
  listTaxRates,
  updateTaxRate,
  type ListTaxRates,
  type TaxRateInput,
} from '../services/store/tax-rates';

export function frontEndConfig() {
  return getFrontEndConfig();
}

interface Id {
  id: number;
}

export function taxRates({ query }: RouteRequest<'admin', unknown, ListTaxRates>) {
  return listTaxRates(query);
}

export function addTaxRate({ actor, body }: RouteRequest<'admin', unknown, unknown, TaxRateInput>) {
  return createTaxRate(actor, body);
}

export function taxRate({ params }: RouteRequest<'admin', Id>) {
  return getTaxRate(params.id);
}

export function changeTaxRate({ actor, params, body }: RouteRequest<'admin', Id, unknown, Partial<TaxRateInput>>) {
  return updateTaxRate(actor, params.id, body);
}

export async function removeTaxRate({ actor, params }: RouteRequest<'admin', Id>) {
  await deleteTaxRate(actor, params.id);
}

export function shippingOptions({ query }: Pick<RouteRequest<'public', unknown, ListShippingOptions>, 'query'>) {
  return listShippingOptions(query);
}

export function addShippingOption({ actor, body }: RouteRequest<'admin', unknown, unknown, ShippingOptionValues>) {
  return createShippingOption(actor, body);
}

export function shippingOption({ params }: RouteRequest<'admin', Id>) {
  return getShippingOption(params.id);
}

export function changeShippingOption({
  actor,
  params,
  body,
}: RouteRequest<'admin', Id, unknown, Partial<ShippingOptionValues>>) {
  return updateShippingOption(actor, params.id, body);
}

export async function removeShippingOption({ actor, params }: RouteRequest<'admin', Id>) {
  await deleteShippingOption(actor, params.id);
}
