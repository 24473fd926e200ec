import type { RouteRequest } from '../http/route';
import {
  createAddress,
  deleteAddress,
  getAddress,
  listAddresses,
  updateAddress,
  type AddressValues,
  type NewAddress,
} from '../services/addresses.service';

interface Id {
  id: number;
}

export function list({ actor, query }: RouteRequest<'user', unknown, { page: number; limit: number }>) {
  return listAddresses(actor, query);
}

export function create({ actor, body }: RouteRequest<'user', unknown, unknown, NewAddress>) {
  return createAddress(actor, body);
}

export function get({ actor, params }: RouteRequest<'user', Id>) {
  return getAddress(actor, params.id);
}

export function update({ actor, params, body }: RouteRequest<'user', Id, unknown, Partial<AddressValues>>) {
  return updateAddress(actor, params.id, body);
}

export async function remove({ actor, params }: RouteRequest<'user', Id>) {
  await deleteAddress(actor, params.id);
}
