import type { RouteRequest } from '../http/route';
import {
  createCategory,
  deleteCategory,
  getCategory,
  listCategories,
  updateCategory,
  type CreateCategory,
  type UpdateCategory,
} from '../services/categories/manage-categories';

interface Id {
  id: number;
}

export function list() {
  return listCategories();
}

export function get({ params }: RouteRequest<'public', Id>) {
  return getCategory(params.id);
}

export function create({ actor, body }: RouteRequest<'admin', unknown, unknown, CreateCategory>) {
  return createCategory(actor, body);
}

export function update({ actor, params, body }: RouteRequest<'admin', Id, unknown, UpdateCategory>) {
  return updateCategory(actor, params.id, body);
}

export async function remove({ actor, params }: RouteRequest<'admin', Id>) {
  await deleteCategory(actor, params.id);
}
