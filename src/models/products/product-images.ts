import type { Db, Trx } from '../../database';

const SELECTED = {
  id: 'id',
  productId: 'product_id',
  key: 'file_key',
  altText: 'alt_text',
  position: 'position',
} as const;

export interface ImageRow {
  id: number;
  productId: number;
  key: string;
  altText: string;
  position: number;
}

export async function listImages(db: Db, productId: number): Promise<ImageRow[]> {
  return db('product_images').where({ product_id: productId }).orderBy('position').orderBy('id').select(SELECTED);
}

export async function insertImage(
  trx: Trx,
  { productId, key, altText, position }: Omit<ImageRow, 'id'>,
): Promise<ImageRow> {
  const [row] = await trx('product_images')
    .insert({ product_id: productId, file_key: key, alt_text: altText, position })
    .returning(SELECTED);
  return row!;
}

export async function updateImage(
  trx: Trx,
  id: number,
  { altText, position }: Partial<Pick<ImageRow, 'altText' | 'position'>>,
): Promise<ImageRow> {
  const [row] = await trx('product_images')
    .where({ id })
    .update({ ...(altText !== undefined && { alt_text: altText }), ...(position !== undefined && { position }) })
    .returning(SELECTED);
  return row!;
}
