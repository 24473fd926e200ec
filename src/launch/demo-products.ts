import { rm, stat, writeFile } from 'node:fs/promises';
import { database } from '../database';
import { drawImage } from '../integrations/images';
import { createIncomingPath } from '../integrations/incoming';
import type { Actor } from '../lib/actor';
import { PRODUCT_TYPES, type ProductType } from '../lib/statuses';
import { logger } from '../logger';
import { createFile } from '../services/files/create-file';
import { listProducts } from '../services/products/list-products';
import type { Product } from '../services/products/present-product';
import { addProductImage } from '../services/products/product-images';
import { updateProduct } from '../services/products/update-product';
import { findAccountByAddress } from '../services/users/accounts';

// The same as in database/seeds.
const ORGANIZERS = ['organizer@bilten.example', 'club@bilten.example'];

const SHAPES: Record<ProductType, string> = {
  physical:
    '<path d="M100 70l40 20a30 20 0 0 0 40 0l40-20 50 45-30 35-20-15v125H100V135l-20 15-30-35z" fill="#fff" opacity=".9"/>',
  digital: '<path d="M145 60h30v100h40l-55 60-55-60h40zM80 240h160v25H80z" fill="#fff" opacity=".9"/>',
  license:
    '<circle cx="120" cy="160" r="50" fill="none" stroke="#fff" stroke-width="24" opacity=".9"/><path d="M170 148h100v24h-20v35h-24v-35h-56z" fill="#fff" opacity=".9"/>',
  credit:
    '<circle cx="160" cy="160" r="95" fill="#fff" opacity=".9"/><circle cx="160" cy="160" r="70" fill="none" stroke="#0003" stroke-width="8"/>',
};

/** Each product has a color of its own. */
const draw = ({ id, productType }: Product): string => {
  const hue = (id * 47) % 360;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320" width="320" height="320"><rect width="320" height="320" fill="hsl(${hue} 55% 45%)"/><circle cx="260" cy="40" r="150" fill="hsl(${(hue + 40) % 360} 60% 55%)" opacity=".6"/>${SHAPES[productType]}</svg>`;
};

/** Runs `work` with a file of this content. */
async function withFile<T>(content: string, work: (path: string, size: number) => Promise<T>): Promise<T> {
  const path = await createIncomingPath();
  try {
    await writeFile(path, content);
    return await work(path, (await stat(path)).size);
  } finally {
    await rm(path, { force: true });
  }
}

async function addPicture(actor: Actor, product: Product): Promise<void> {
  const picture = await createIncomingPath();
  try {
    await withFile(draw(product), (drawing) => drawImage(drawing, picture));
    const upload = { path: picture, originalName: `${product.slug}.webp`, size: (await stat(picture)).size };
    await addProductImage(actor, { productId: product.id, upload, altText: product.name });
  } finally {
    await rm(picture, { force: true });
  }
}

async function addDownload(actor: Actor, { id: productId, name, slug, description }: Product): Promise<void> {
  const file = await withFile(`${name}\n\n${description ?? ''}\n`, (path, size) =>
    createFile(actor, { path, size, originalName: `${slug}.txt` }),
  );
  await updateProduct(actor, { productId, ifMatch: undefined, changes: { fileId: file.id, status: 'active' } });
}

async function fillShelf(email: string): Promise<void> {
  const account = await findAccountByAddress(database, email);
  if (!account) return;
  const actor = { userId: account.id, role: account.role, sessionId: 0, requestId: 'demo' };
  const query = { page: 1, limit: 100, mine: true, sort: 'createdAt', order: 'asc' } as const;
  for (const productType of PRODUCT_TYPES) {
    const { data } = await listProducts(actor, { ...query, productType });
    for (const product of data) {
      if (product.images.length === 0) await addPicture(actor, product);
      if (productType === 'digital' && product.fileId === null) await addDownload(actor, product);
    }
  }
}

/** Adds pictures and downloads to the demo products as their organizers. */
export async function fillDemoShelves(): Promise<void> {
  // Pictures are optional, so do not fail if the store cannot be reached.
  for (const email of ORGANIZERS)
    await fillShelf(email).catch((error: Error) => logger.warn({ err: error }, 'The demo products have no pictures'));
}
