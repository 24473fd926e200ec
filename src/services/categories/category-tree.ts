import { groupBy } from '../../lib/chunks';
import type { CategoryRow } from '../../models/categories.model';

/** A category as the API shows it; its count includes the categories below it, as the filter of the product list does. */
export interface Category extends Omit<CategoryRow, 'description'> {
  description: string | null;
}

/** Returns categories in tree order: each is followed by those below it. `rows` has siblings in order. */
export function toTree(rows: CategoryRow[]): Category[] {
  const byParent = groupBy(rows, ({ parentId }) => parentId);
  const listBelow = (parentId: number | null): Category[] =>
    (byParent.get(parentId) ?? []).flatMap((row) => {
      const below = listBelow(row.id);
      const counts = below.filter((each) => each.parentId === row.id).map(({ productsCount }) => productsCount);
      const productsCount = counts.reduce((sum, count) => sum + count, row.productsCount);
      return [{ ...row, description: row.description || null, productsCount }, ...below];
    });
  return listBelow(null);
}

/** True if `id` is the category `from` or one above it. */
export function isAtOrAbove(rows: CategoryRow[], id: number, from: number | null): boolean {
  const parents = new Map(rows.map((row) => [row.id, row.parentId]));
  for (let current = from; current !== null; current = parents.get(current) ?? null) if (current === id) return true;
  return false;
}
