import { database, runInTransaction, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import type { Upload } from '../../lib/files/upload';
import { insertImage, listImages, updateImage, type ImageRow } from '../../models/products/product-images';
import { updateProduct as updateRow } from '../../models/products/products';
import { bumpListVersion } from '../../runtime/list-version';
import { recordActivity } from '../audit/record-activity';
import { replaceFile } from '../files/manage-files';
import { storeUpload } from '../files/store-upload';
import { presentImage } from './present-product';
import { getManagedProduct, lockProductSale } from './product-access';

const MAX_IMAGES = 20;

/** Asserts that the actor may add images, before the upload is read. @throws AppError NOT_FOUND, FORBIDDEN */
export async function assertMayAddImage(actor: Actor, productId: number): Promise<void> {
  await getManagedProduct(database, actor, productId);
}

interface AddImage {
  productId: number;
  upload: Upload;
  altText: string;
}

/**
 * Adds an image after those that the product has.
 * @throws AppError NOT_FOUND, FORBIDDEN, UNSUPPORTED_MEDIA_TYPE, VALIDATION_ERROR, PAYLOAD_TOO_LARGE, UNAVAILABLE
 */
export async function addProductImage(actor: Actor, { productId, upload, altText }: AddImage) {
  const image = await storeUpload(actor, upload, {
    purpose: 'product',
    async use(trx, { key }) {
      await lockProductSale(trx, actor, productId);
      const images = await listImages(trx, productId);
      if (images.length >= MAX_IMAGES)
        throw createValidationError('file', `a product has at most ${MAX_IMAGES} images: delete one first`);
      const position = Math.max(-1, ...images.map((each) => each.position)) + 1;
      const added = await insertImage(trx, { productId, key, altText, position });
      await updateRow(trx, productId, {});
      await recordActivity(trx, actor, {
        action: 'product.add_image',
        subjectId: productId,
        details: { imageId: added.id },
      });
      return added;
    },
  });
  bumpListVersion();
  return presentImage(image);
}

interface ImageOfProduct {
  productId: number;
  imageId: number;
}

/** Step: locks a product and returns one of its images. @throws AppError NOT_FOUND, FORBIDDEN */
async function lockImage(trx: Trx, actor: Actor, { productId, imageId }: ImageOfProduct): Promise<ImageRow> {
  await lockProductSale(trx, actor, productId);
  const image = (await listImages(trx, productId)).find(({ id }) => id === imageId);
  if (!image) throw new AppError('NOT_FOUND', 'Image not found.');
  return image;
}

export interface ChangeImage {
  altText?: string;
  position?: number;
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function updateProductImage(
  actor: Actor,
  { changes, ...place }: ImageOfProduct & { changes: ChangeImage },
) {
  const image = await runInTransaction(async (trx) => {
    await lockImage(trx, actor, place);
    const updated = await updateImage(trx, place.imageId, changes);
    await updateRow(trx, place.productId, {});
    await recordActivity(trx, actor, {
      action: 'product.update_image',
      subjectId: place.productId,
      details: { imageId: place.imageId, ...changes },
    });
    return updated;
  });
  bumpListVersion();
  return presentImage(image);
}

/** Removes an image and deletes its file. @throws AppError NOT_FOUND, FORBIDDEN */
export async function removeProductImage(actor: Actor, place: ImageOfProduct): Promise<void> {
  await runInTransaction(async (trx) => {
    const { key } = await lockImage(trx, actor, place);
    await replaceFile(trx, actor, key);
    await updateRow(trx, place.productId, {});
    await recordActivity(trx, actor, {
      action: 'product.remove_image',
      subjectId: place.productId,
      details: { imageId: place.imageId },
    });
  });
  bumpListVersion();
}
