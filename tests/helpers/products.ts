import { randomUUID } from 'node:crypto';
import type { Category, CreateCategory, CreateProduct, Product } from '../../client/api';
import type { TestUser } from './accounts';
import { as } from './client';
import { picture } from './files';

export type TestProduct = Product;
export type TestCategory = Category;

/** Creates a product of this organizer, by default a physical one on sale without a limit. */
export async function makeProduct(organizer: TestUser, fields: Partial<CreateProduct> = {}): Promise<TestProduct> {
  const product = { name: 'Tour shirt', price: '25.00', ...fields };
  return (await as(organizer).call('POST /api/products', { body: product })).data;
}

/** Creates a category, by default under a slug of its own. */
export async function makeCategory(
  admin: TestUser,
  fields: CreateCategory = { name: 'Shirts', slug: `shirts-${randomUUID()}` },
): Promise<TestCategory> {
  return (await as(admin).call('POST /api/categories', { body: fields })).data;
}

export async function addImage(organizer: TestUser, productId: number, altText?: string): Promise<{ id: number }> {
  const request = as(organizer).post(`/api/products/${productId}/images`);
  if (altText !== undefined) void request.field('altText', altText);
  const { body } = await request.attach('file', await picture(), 'shirt.png').expect(201);
  return (body as { data: { id: number } }).data;
}
