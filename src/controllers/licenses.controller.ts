import { Reply, type RouteRequest } from '../http/route';
import {
  activateDevice,
  deactivateDevice,
  deleteActivation,
  listActivations,
  verifyLicense,
  type ActivateDevice,
} from '../services/licenses/activate-devices';
import {
  getAnyLicense,
  getLicense,
  grantLicense,
  listAllLicenses,
  listLicenses,
  rotateLicenseKey,
  updateLicense,
  type GrantLicense,
  type ListAllLicenses,
  type ListLicenses,
} from '../services/licenses/manage-licenses';
import { listPublicKeys } from '../services/tickets/signing-keys';

interface Id {
  id: number;
}

export function list({ actor, query }: RouteRequest<'user', unknown, ListLicenses>) {
  return listLicenses(actor, query);
}

export function get({ actor, params }: RouteRequest<'user', Id>) {
  return getLicense(actor, params.id);
}

export function rotate({ actor, params }: RouteRequest<'user', Id>) {
  return rotateLicenseKey(actor, params.id);
}

export function activations({ actor, params }: RouteRequest<'user', Id>) {
  return listActivations(actor, params.id);
}

export async function removeActivation({ actor, params }: RouteRequest<'user', Id>) {
  await deleteActivation(actor, params.id);
}

export async function activate({ body }: RouteRequest<'public', unknown, unknown, ActivateDevice>) {
  const { isNew, result } = await activateDevice(body);
  const headers = { Location: `/api/licenses/${result.license.id}/activations` };
  return isNew ? new Reply(result, { headers }) : new Reply(result, { status: 200 });
}

export async function verify({
  body,
}: RouteRequest<'public', unknown, unknown, { key: string; fingerprint?: string }>) {
  const verification = await verifyLicense(body);
  return new Reply(verification, { isMiss: verification.code === 'NOT_FOUND' });
}

export async function deactivate({
  body,
}: RouteRequest<'public', unknown, unknown, { key: string; fingerprint: string }>) {
  await deactivateDevice(body);
}

export function keys() {
  return listPublicKeys();
}

export function listAll({ query }: RouteRequest<'admin', unknown, ListAllLicenses>) {
  return listAllLicenses(query);
}

export function getAny({ params }: RouteRequest<'admin', Id>) {
  return getAnyLicense(params.id);
}

export function grant({ actor, body }: RouteRequest<'admin', unknown, unknown, GrantLicense>) {
  return grantLicense(actor, body);
}

export function update({
  actor,
  params,
  body,
}: RouteRequest<'admin', Id, unknown, Parameters<typeof updateLicense>[2]>) {
  return updateLicense(actor, params.id, body);
}
