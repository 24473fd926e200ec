import { getBrokenConstraint, type Db, type Trx } from '../database';
import type { Column } from '../database/query';
import { AppError } from '../errors';
import { toColumns } from './columns';
import { int4, orNull, query, statement, text, type ResultOf } from './statement';

/** The writable fields, named as in the API. */
export interface CategoryValues {
  name: string;
  slug: string;
  description: string;
  parentId: number | null;
  position: number;
}

const COLUMNS = {
  name: 'name',
  slug: 'slug',
  description: 'description',
  parentId: 'parent_id',
  position: 'position',
} as const satisfies Record<keyof CategoryValues, Column<'categories'>>;

const LIST = statement({
  name: 'categories-list',
  columns: {
    id: int4('c.id'),
    name: text('c.name'),
    slug: text('c.slug'),
    description: text('c.description'),
    parentId: orNull(int4('c.parent_id')),
    position: int4('c.position'),
    /** Listed products in the category itself. */
    productsCount: int4('(c.products_count - coalesce(hidden.count, 0))::int'),
  },
  // The counter includes the products of suspended organizers, which are few.
  sql: (list) => `
  SELECT
    ${list}
  FROM categories c
  LEFT JOIN (
    SELECT p.category_id, count(*) AS count
    FROM users u
    JOIN products p ON p.organizer_id = u.id AND p.status = 'active' AND p.deleted_at IS NULL
    WHERE u.status = 'suspended' AND u.erased_at IS NULL
    GROUP BY p.category_id
  ) hidden ON hidden.category_id = c.id
  ORDER BY c.position, c.name COLLATE bilten_text, c.id`,
});

export type CategoryRow = ResultOf<typeof LIST>;

/** Lists all categories; siblings are in order. */
export async function listCategories(db: Db): Promise<CategoryRow[]> {
  return query(db, LIST);
}

const LIST_SUBTREE = statement({
  name: 'categories-subtree',
  columns: { id: int4('id') },
  sql: (list) => `
  WITH RECURSIVE subtree AS (
    SELECT id FROM categories WHERE lower(slug) = lower(:slug)
    UNION
    SELECT c.id FROM categories c JOIN subtree s ON c.parent_id = s.id
  )
  SELECT ${list} FROM subtree`,
});

/** Lists the ids of a category and of all categories below it; empty if there is no such category. */
export async function listSubtreeIds(db: Db, slug: string): Promise<number[]> {
  return (await query(db, LIST_SUBTREE, { slug })).map(({ id }) => id);
}

/** Locks the tree against other changes, which together could make a cycle. */
export async function lockTree(trx: Trx): Promise<void> {
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('bilten categories'))`);
}

const REFUSALS: Record<string, 'CATEGORY_EXISTS' | 'CATEGORY_IN_USE'> = {
  categories_slug_key: 'CATEGORY_EXISTS',
  products_category_id_fkey: 'CATEGORY_IN_USE',
  categories_parent_id_fkey: 'CATEGORY_IN_USE',
};

const toRefusal = (error: unknown): unknown => {
  const code = REFUSALS[getBrokenConstraint(error) ?? ''];
  return code ? new AppError(code, undefined, { cause: error }) : error;
};

/** @throws AppError CATEGORY_EXISTS */
export async function insertCategory(trx: Trx, values: CategoryValues): Promise<number> {
  try {
    const [row] = await trx('categories').insert(toColumns(COLUMNS, values)).returning('id');
    return row!.id;
  } catch (error) {
    throw toRefusal(error);
  }
}

/** @throws AppError CATEGORY_EXISTS */
export async function updateCategory(trx: Trx, id: number, values: Partial<CategoryValues>): Promise<void> {
  try {
    await trx('categories')
      .where({ id })
      .update({ ...toColumns(COLUMNS, values), updated_at: trx.fn.now() });
  } catch (error) {
    throw toRefusal(error);
  }
}

/** @throws AppError CATEGORY_IN_USE */
export async function deleteCategory(trx: Trx, id: number): Promise<void> {
  try {
    await trx('categories').where({ id }).delete();
  } catch (error) {
    throw toRefusal(error);
  }
}
