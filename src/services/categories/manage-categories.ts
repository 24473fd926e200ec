import { database, runInTransaction, type Db, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { toSlug } from '../../lib/slugs';
import {
  deleteCategory as deleteRow,
  insertCategory,
  listCategories as listRows,
  listSubtreeIds as listIds,
  lockTree,
  updateCategory as updateRow,
  type CategoryRow,
  type CategoryValues,
} from '../../models/categories.model';
import { bumpListVersion } from '../../runtime/list-version';
import { getDifferences, recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { isAtOrAbove, toTree, type Category } from './category-tree';

export interface CreateCategory extends Omit<CategoryValues, 'slug' | 'position'> {
  /** Defaults to one derived from the name. */
  slug?: string;
  /** Defaults to the place after its siblings. */
  position?: number;
}

export type UpdateCategory = Partial<CategoryValues>;

function getRow<T extends { id: number }>(rows: T[], id: number): T {
  const row = rows.find((each) => each.id === id);
  if (!row) throw new AppError('NOT_FOUND', 'Category not found.');
  return row;
}

/** Lists all categories in tree order. */
export async function listCategories(): Promise<Category[]> {
  return toTree(await listRows(database));
}

/** @throws AppError NOT_FOUND */
export async function getCategory(id: number): Promise<Category> {
  return getRow(await listCategories(), id);
}

/** Lists the ids of a category and of all below it, by the slug of the category; empty if there is none. */
export function listSubtreeIds(db: Db, slug: string): Promise<number[]> {
  return listIds(db, slug);
}

/** Step: locks the tree, then reads it. */
async function lockCategories(trx: Trx): Promise<CategoryRow[]> {
  await lockTree(trx);
  return listRows(trx);
}

/** @throws AppError VALIDATION_ERROR if the parent does not exist, or is the category or below it */
function assertParent(rows: CategoryRow[], parentId: number | null, id?: number): void {
  if (parentId === null) return;
  if (!rows.some((row) => row.id === parentId)) throw createValidationError('parentId', 'is not a category');
  if (id !== undefined && isAtOrAbove(rows, id, parentId))
    throw createValidationError('parentId', 'must not be the category itself or one below it');
}

function getLastPosition(rows: CategoryRow[], parentId: number | null): number {
  const siblings = rows.filter((row) => row.parentId === parentId);
  return Math.max(-1, ...siblings.map(({ position }) => position)) + 1;
}

/** @throws AppError VALIDATION_ERROR, CATEGORY_EXISTS */
export async function createCategory(actor: Actor, input: CreateCategory): Promise<Category> {
  const id = await runOnce(actor, async (trx) => {
    const rows = await lockCategories(trx);
    assertParent(rows, input.parentId);
    const slug = input.slug ?? toSlug(input.name, 'category');
    const position = input.position ?? getLastPosition(rows, input.parentId);
    const subjectId = await insertCategory(trx, { ...input, slug, position });
    await recordActivity(trx, actor, { action: 'category.create', subjectId, details: { name: input.name, slug } });
    return subjectId;
  });
  bumpListVersion();
  return getCategory(id);
}

/** @throws AppError NOT_FOUND, VALIDATION_ERROR, CATEGORY_EXISTS */
export async function updateCategory(actor: Actor, id: number, changes: UpdateCategory): Promise<Category> {
  await runInTransaction(async (trx) => {
    const rows = await lockCategories(trx);
    const row = getRow(rows, id);
    if (changes.parentId !== undefined) assertParent(rows, changes.parentId, id);
    await updateRow(trx, id, changes);
    await recordActivity(trx, actor, {
      action: 'category.update',
      subjectId: id,
      details: getDifferences(row, changes),
    });
  });
  bumpListVersion();
  return getCategory(id);
}

/** @throws AppError NOT_FOUND, CATEGORY_IN_USE */
export async function deleteCategory(actor: Actor, id: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const { name, slug } = getRow(await lockCategories(trx), id);
    await deleteRow(trx, id);
    await recordActivity(trx, actor, { action: 'category.delete', subjectId: id, details: { name, slug } });
  });
  bumpListVersion();
}
