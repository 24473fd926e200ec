import { randomUUID } from 'node:crypto';
import type { TestUser } from './accounts';
import { as } from './client';
import { picture } from './files';

export interface TestProduct {
  id: number;
  sku: string | null;
  name: string;
  slug: string;
  price: string;
  currency: string;
  status: string;
  stock: number | null;
  availableStock: number | null;
  viewsCount: number;
  fileId: number | null;
  images: { id: number; url: string; altText: string | null; position: number }[];
}

export interface TestCategory {
  id: number;
  name: string;
  slug: string;
  parentId: number | null;
  position: number;
  productsCount: number;
}

/** Creates a product of this organizer, by default a physical one on sale without a limit. */
export async function makeProduct(organizer: TestUser, fields: Record<string, unknown> = {}): Promise<TestProduct> {
  const { body } = await as(organizer)
    .post('/api/products')
    .send({ name: 'Tour shirt', price: '25.00', ...fields })
    .expect(201);
  return (body as { data: TestProduct }).data;
}

/** Creates a category, by default under a slug of its own. */
export async function makeCategory(
  admin: TestUser,
  fields: Record<string, unknown> = { name: 'Shirts', slug: `shirts-${randomUUID()}` },
): Promise<TestCategory> {
  const { body } = await as(admin).post('/api/categories').send(fields).expect(201);
  return (body as { data: TestCategory }).data;
}

export async function addImage(organizer: TestUser, productId: number, altText?: string): Promise<{ id: number }> {
  const request = as(organizer).post(`/api/products/${productId}/images`);
  if (altText !== undefined) void request.field('altText', altText);
  const { body } = await request.attach('file', await picture(), 'shirt.png').expect(201);
  return (body as { data: { id: number } }).data;
}
