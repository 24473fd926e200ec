import type { RouteRequest } from '../http/route';
import { replaceLogo as replace } from '../services/users/replace-logo';
import { getProfile as get, updateProfile as update, type UpdateProfile } from '../services/users/accounts';

export function getProfile({ actor }: RouteRequest<'user'>) {
  return get(actor);
}

export function updateProfile({ actor, body }: RouteRequest<'user', unknown, unknown, UpdateProfile>) {
  return update(actor, body);
}

export function replaceLogo({ actor, upload }: RouteRequest<'organizer'>) {
  return replace(actor, upload!);
}
