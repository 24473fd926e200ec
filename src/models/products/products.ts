import { getBrokenConstraint, type Db, type Trx } from '../../database';
import type { Change, Column } from '../../database/query';
import { AppError } from '../../errors';
import { toNumberArray } from '../../lib/pg-array';
import type { ProductStatus, ProductType } from '../../lib/statuses';
import { toColumns } from '../columns';
import {
  bool,
  float8,
  int4,
  json,
  jsonb,
  numeric,
  orNull,
  query,
  statement,
  text,
  timestamptz,
  type RowOf,
} from '../statement';

/** What a license that is sold allows. */
export interface LicensePolicy {
  /** Null: it never expires. */
  durationDays: number | null;
  /** Null: as many devices as there are. */
  maxActivations: number | null;
  /** How long a certificate is valid without a connection. */
  offlineDays: number;
  entitlements: string[];
}

/** The writable fields, named as in the API. */
export interface ProductValues {
  sku: string | null;
  name: string;
  slug: string;
  description: string;
  productType: ProductType;
  categoryId: number | null;
  eventId: number | null;
  price: string;
  currency: string;
  taxRate: number | null;
  taxInclusive: boolean;
  maxPerOrder: number | null;
  weightGrams: number | null;
  fileId: number | null;
  licensePolicy: LicensePolicy | null;
  creditAmount: string | null;
  status: ProductStatus;
}

const COLUMNS = {
  sku: 'sku',
  name: 'name',
  slug: 'slug',
  description: 'description',
  productType: 'product_type',
  categoryId: 'category_id',
  eventId: 'event_id',
  price: 'price',
  currency: 'currency',
  taxRate: 'tax_rate',
  taxInclusive: 'is_tax_inclusive',
  maxPerOrder: 'max_per_order',
  weightGrams: 'weight_grams',
  fileId: 'file_id',
  licensePolicy: 'license_policy',
  creditAmount: 'credit_amount',
  status: 'status',
} as const satisfies Record<keyof ProductValues, Column<'products'>>;

export const PRODUCT_FIELDS = Object.keys(COLUMNS) as (keyof ProductValues)[];

export interface ProductImageRow {
  id: number;
  key: string;
  altText: string;
  position: number;
}

/** The columns of a `ProductRow`; `p` is the product, `i` its inventory, `c` its category, `u` its organizer. */
const PRODUCT = {
  id: int4('p.id'),
  sku: orNull(text('p.sku')),
  name: text('p.name'),
  slug: text('p.slug'),
  description: text('p.description'),
  productType: text<ProductType>('p.product_type'),
  categoryId: orNull(int4('p.category_id')),
  categoryName: orNull(text('c.name')),
  categorySlug: orNull(text('c.slug')),
  eventId: orNull(int4('p.event_id')),
  organizerId: int4('p.organizer_id'),
  price: numeric('p.price'),
  currency: text('p.currency'),
  taxRate: orNull(float8('p.tax_rate::float8')),
  taxInclusive: bool('p.is_tax_inclusive'),
  maxPerOrder: orNull(int4('p.max_per_order')),
  weightGrams: orNull(int4('p.weight_grams')),
  fileId: orNull(int4('p.file_id')),
  licensePolicy: orNull(jsonb<LicensePolicy>('p.license_policy')),
  creditAmount: orNull(numeric('p.credit_amount')),
  status: text<ProductStatus>('p.status'),
  /** Null: unlimited. */
  stock: orNull(int4('i.stock')),
  held: int4('i.held'),
  sold: int4('i.sold'),
  wasSold: bool('p.first_sold_at IS NOT NULL'),
  /** Products of a suspended organizer cannot be bought. */
  isOrganizerSuspended: bool("u.status = 'suspended'"),
  images: json<ProductImageRow[]>(`(
      SELECT coalesce(json_agg(
        json_build_object('id', m.id, 'key', m.file_key, 'altText', m.alt_text, 'position', m.position)
        ORDER BY m.position, m.id
      ), '[]')
      FROM product_images m
      WHERE m.product_id = p.id
    )`),
  viewsCount: int4('coalesce((SELECT v.views FROM product_view_counts v WHERE v.product_id = p.id), 0)'),
  version: int4('p.version'),
  createdAt: timestamptz('p.created_at'),
  updatedAt: timestamptz('p.updated_at'),
};

export type ProductRow = RowOf<typeof PRODUCT>;

const JOINS = `
  JOIN product_inventory i ON i.product_id = p.id
  JOIN users u ON u.id = p.organizer_id
  LEFT JOIN categories c ON c.id = p.category_id`;

const toFindSql = (condition: string) => (list: string) => `
  SELECT
    ${list}
  FROM products p
  ${JOINS}
  WHERE ${condition} AND p.deleted_at IS NULL`;

const FIND = statement({
  name: 'product-find',
  isPrepared: true,
  columns: PRODUCT,
  sql: toFindSql('p.id = :id'),
});

const FIND_BY_SLUG = statement({
  name: 'product-find-by-slug',
  isPrepared: true,
  columns: PRODUCT,
  sql: toFindSql('lower(p.slug) = lower(:slug)'),
});

const FIND_AND_LOCK = statement({
  name: 'product-lock',
  columns: PRODUCT,
  sql: (list) => `${toFindSql('p.id = :id')(list)} FOR NO KEY UPDATE OF p`,
});

export async function findProduct(db: Db, id: number): Promise<ProductRow | undefined> {
  const [product] = await query(db, FIND, { id });
  return product;
}

/** Finds a product by its slug, regardless of case. */
export async function findProductBySlug(db: Db, slug: string): Promise<ProductRow | undefined> {
  const [product] = await query(db, FIND_BY_SLUG, { slug });
  return product;
}

/** Locks the stock of a product against sales. Must come before `lockProduct`. */
export async function lockInventory(trx: Trx, productId: number): Promise<void> {
  await trx('product_inventory').where({ product_id: productId }).forUpdate().first('product_id');
}

/** Locks the product against other changes. */
export async function lockProduct(trx: Trx, id: number): Promise<ProductRow | undefined> {
  const [product] = await query(trx, FIND_AND_LOCK, { id });
  return product;
}

const GET = statement({
  name: 'products-get',
  isPrepared: true,
  columns: PRODUCT,
  sql: (list) => `
  SELECT
    ${list}
  FROM unnest(:ids::int[]) WITH ORDINALITY AS o(id, place)
  JOIN products p ON p.id = o.id
  ${JOINS}
  WHERE p.deleted_at IS NULL
  ORDER BY o.place`,
});

/** Returns these products in the order of their ids here. */
export async function getProducts(db: Db, ids: number[]): Promise<ProductRow[]> {
  return ids.length === 0 ? [] : query(db, GET, { ids: toNumberArray(ids) });
}

function toRefusal(error: unknown): unknown {
  const constraint = getBrokenConstraint(error);
  const taken = { products_slug_key: 'slug', products_sku_key: 'sku' }[constraint ?? ''];
  if (taken) {
    const details = [{ path: taken, message: `${taken} is already in use` }];
    return new AppError('PRODUCT_EXISTS', undefined, { details, cause: error });
  }
  const missing = { products_category_id_fkey: 'Category', products_file_id_fkey: 'File' }[constraint ?? ''];
  return missing ? new AppError('NOT_FOUND', `${missing} not found.`, { cause: error }) : error;
}

const toRow = ({ licensePolicy, ...values }: Partial<ProductValues>) => ({
  ...toColumns(COLUMNS, values),
  ...(licensePolicy !== undefined && {
    license_policy: licensePolicy === null ? null : JSON.stringify(licensePolicy),
  }),
  ...(values.status === 'archived' && { archived_at: new Date() }),
});

/** Inserts a product; undefined if its slug is taken. @throws AppError PRODUCT_EXISTS, NOT_FOUND */
export async function insertProduct(trx: Trx, organizerId: number, values: ProductValues): Promise<number | undefined> {
  try {
    const [row] = (await trx('products')
      .insert({ ...toRow(values), organizer_id: organizerId } as never)
      .onConflict(trx.raw('(lower(slug)) WHERE deleted_at IS NULL'))
      .ignore()
      .returning('id')) as { id: number }[];
    if (!row) return undefined;
    await trx('product_inventory').insert({ product_id: row.id });
    return row.id;
  } catch (error) {
    throw toRefusal(error);
  }
}

/** @throws AppError PRODUCT_EXISTS, NOT_FOUND */
export async function updateProduct(trx: Trx, id: number, values: Partial<ProductValues>): Promise<void> {
  const change: Change<'products'> = {
    ...toRow(values),
    version: trx.raw('version + 1'),
    updated_at: trx.raw('clock_timestamp()'),
  };
  try {
    await trx('products').where({ id }).update(change);
  } catch (error) {
    throw toRefusal(error);
  }
}

/** Deletes a product that was never sold. Its file and category can then be deleted, and its slug used again. */
export async function deleteProduct(trx: Trx, id: number): Promise<void> {
  const now = trx.raw('clock_timestamp()');
  await trx('products')
    .where({ id })
    .update({ deleted_at: now, updated_at: now, version: trx.raw('version + 1'), category_id: null, file_id: null });
}

/** Archives all products of an organizer, without their files. */
export async function archiveProducts(trx: Trx, organizerId: number): Promise<void> {
  const now = trx.raw('clock_timestamp()');
  await trx('products')
    .where({ organizer_id: organizerId })
    .whereNull('deleted_at')
    .update({ status: 'archived', archived_at: now, file_id: null, version: trx.raw('version + 1'), updated_at: now });
}
