import type { RouteRequest } from '../http/route';
import { createFile } from '../services/files/create-file';
import { deleteFile, getFile, listFiles } from '../services/files/manage-files';

interface Id {
  id: number;
}

export function list({ actor, query }: RouteRequest<'user', unknown, { page: number; limit: number }>) {
  return listFiles(actor, query);
}

export function create({ actor, upload }: RouteRequest<'user'>) {
  return createFile(actor, upload!);
}

export function get({ actor, params }: RouteRequest<'user', Id>) {
  return getFile(actor, params.id);
}

export async function remove({ actor, params }: RouteRequest<'user', Id>) {
  await deleteFile(actor, params.id);
}
