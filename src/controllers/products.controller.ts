import { Reply, type RouteRequest } from '../http/route';
import { createProduct, type CreateProduct } from '../services/products/create-product';
import { deleteProduct } from '../services/products/delete-product';
import { viewProduct, getProduct, type TaggedProduct } from '../services/products/get-product';
import {
  listAllProducts,
  listProducts,
  type ListAllProducts,
  type ListProducts,
} from '../services/products/list-products';
import { listStockMovements, moveStock, type MoveStock } from '../services/products/move-stock';
import * as images from '../services/products/product-images';
import { updateProduct, type UpdateProduct } from '../services/products/update-product';

interface Id {
  id: number;
}

interface ImageId extends Id {
  imageId: number;
}

function tagged({ product, etag }: TaggedProduct): Reply<TaggedProduct['product']> {
  return new Reply(product, { headers: { ETag: etag } });
}

export function list({ actor, query }: RouteRequest<'public', unknown, ListProducts>) {
  return listProducts(actor, query);
}

export function listAll({ actor, query }: RouteRequest<'admin', unknown, ListAllProducts>) {
  return listAllProducts(actor, query);
}

export async function get({ actor, params, caller, isHead }: RouteRequest<'public', { id: number | string }>) {
  const idOrSlug = params.id;
  return tagged(await (isHead ? getProduct(actor, idOrSlug) : viewProduct(actor, { idOrSlug, caller })));
}

export async function create({ actor, body }: RouteRequest<'organizer', unknown, unknown, CreateProduct>) {
  return tagged(await createProduct(actor, body));
}

export async function update({ actor, params, body, ifMatch }: RouteRequest<'organizer', Id, unknown, UpdateProduct>) {
  return tagged(await updateProduct(actor, { productId: params.id, ifMatch, changes: body }));
}

export async function remove({ actor, params }: RouteRequest<'organizer', Id>) {
  await deleteProduct(actor, params.id);
}

export async function assertMayAddImage({ actor, params }: Pick<RouteRequest<'organizer', Id>, 'actor' | 'params'>) {
  await images.assertMayAddImage(actor, params.id);
}

export function addImage({ actor, params, body, upload }: RouteRequest<'organizer', Id, unknown, { altText: string }>) {
  return images.addProductImage(actor, { productId: params.id, upload: upload!, altText: body.altText });
}

export function updateImage({ actor, params, body }: RouteRequest<'organizer', ImageId, unknown, images.ChangeImage>) {
  return images.updateProductImage(actor, { productId: params.id, imageId: params.imageId, changes: body });
}

export async function removeImage({ actor, params }: RouteRequest<'organizer', ImageId>) {
  await images.removeProductImage(actor, { productId: params.id, imageId: params.imageId });
}

export async function move({
  actor,
  params,
  body,
}: RouteRequest<'organizer', Id, unknown, Omit<MoveStock, 'productId'>>) {
  return tagged(await moveStock(actor, { ...body, productId: params.id }));
}

export function movements({ actor, params, query }: RouteRequest<'organizer', Id, { page: number; limit: number }>) {
  return listStockMovements(actor, { ...query, productId: params.id });
}
