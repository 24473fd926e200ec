import { database } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import type { ProductStatus } from '../../lib/statuses';
import {
  listEventsWithProducts as listEventIds,
  listProducts as listRows,
  type ProductFilter,
  type ProductSort,
} from '../../models/products/list-products';
import { listSubtreeIds } from '../categories/manage-categories';
import { presentProduct } from './present-product';

export interface ListProducts extends Omit<ProductFilter, 'status' | 'categoryIds'> {
  page: number;
  limit: number;
  /** The slug of a category; its subtree is included. */
  category?: string;
  /** Defaults to relevance with a search, else to the newest first. */
  sort?: ProductSort;
  order?: 'asc' | 'desc';
  /** Only the caller's own products, in every status. */
  mine?: boolean;
  /** Only with `mine`. */
  status?: ProductStatus;
}

export type ListAllProducts = Omit<ListProducts, 'mine'>;

const HIGHEST_FIRST: ReadonlySet<ProductSort> = new Set(['createdAt', 'popularity']);

function assertOrganizer(actor: Actor | undefined): Actor {
  if (!actor) throw new AppError('UNAUTHORIZED', 'Sign in to see your own products.');
  if (actor.role === 'customer') throw new AppError('FORBIDDEN', 'Only organizers have products.');
  return actor;
}

type Scope = Pick<ProductFilter, 'status' | 'organizerId'>;

/** @throws AppError VALIDATION_ERROR */
async function listWithin(
  actor: Actor | undefined,
  scope: Scope,
  {
    page,
    limit,
    sort: wantedSort,
    order,
    category,
    search: searchText = '',
    ...rest
  }: Omit<ListProducts, 'mine' | 'status'>,
) {
  if (Number(rest.minPrice ?? 0) > Number(rest.maxPrice ?? Infinity))
    throw createValidationError('minPrice', 'must not be more than maxPrice');
  const search = searchText === '' ? undefined : searchText;
  const sort = wantedSort ?? (search === undefined ? 'createdAt' : undefined);
  const direction = order ?? (sort !== undefined && HIGHEST_FIRST.has(sort) ? 'desc' : 'asc');
  const categoryIds = category === undefined ? undefined : await listSubtreeIds(database, category);
  const { rows, total, bound, isCapped } = await listRows(
    database,
    { ...rest, search, categoryIds, ...scope },
    { sort, order: direction, limit, offset: getOffset({ page, limit }) },
  );
  const products = rows.map((row) => presentProduct(row, actor));
  return toPage(products, { page, limit }, { total, bound: isCapped ? bound : undefined });
}

/** @throws AppError UNAUTHORIZED, FORBIDDEN, VALIDATION_ERROR */
export async function listProducts(actor: Actor | undefined, { mine, status, ...query }: ListProducts) {
  if (status !== undefined && !mine)
    throw createValidationError('status', 'requires mine=true: otherwise only active products are listed');
  const scope: Scope = mine ? { status, organizerId: assertOrganizer(actor).userId } : { status: 'public' };
  return listWithin(actor, scope, query);
}

/** Lists the products of all organizers, in every status. @throws AppError VALIDATION_ERROR */
export async function listAllProducts(actor: Actor, { status, ...query }: ListAllProducts) {
  return listWithin(actor, { status }, query);
}

/** Returns those of the events that have products on sale. */
export function listEventsWithProducts(eventIds: number[]): Promise<number[]> {
  return listEventIds(database, eventIds);
}
