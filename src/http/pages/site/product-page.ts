import { config } from '../../../config';
import { cutText } from '../../../lib/text/cut-text';
import { productParams } from '../../../schemas/products/product-queries';
import { product as productSchema } from '../../../schemas/products/product-responses';
import { shippingOption } from '../../../schemas/store.schemas';
import { getEvent } from '../../../services/events/get-event';
import { getProduct } from '../../../services/products/get-product';
import { listShippingOptions } from '../../../services/store/shipping-options';
import { createShaper } from '../../shape';
import { validate } from '../../validate';
import type { LoadedPage, PageRequest } from './page';

type Product = Awaited<ReturnType<typeof getProduct>>['product'];

const MAX_DESCRIPTION = 200;
const MAX_OPTIONS = 20;
const shape = createShaper(productSchema, 'getProduct');
const shapeOption = createShaper(shippingOption, 'listShippingOptions');

/** Describes a product in the vocabulary of schema.org, which search engines read. */
function toJsonLd({ name, description, sku, category, images, price, currency, ...product }: Product, url: string) {
  const isInStock = product.status === 'active' && product.availableStock !== 0;
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name,
    url,
    offers: {
      '@type': 'Offer',
      url,
      price,
      priceCurrency: currency,
      availability: `https://schema.org/${isInStock ? 'InStock' : 'OutOfStock'}`,
    },
    ...(description && { description }),
    ...(sku && { sku }),
    ...(category && { category: category.name }),
    ...(images.length > 0 && { image: images.map(({ url: image }) => image) }),
  };
}

/** What shipping costs, the cheapest first. */
async function findShipping({ productType, currency }: Product) {
  if (productType !== 'physical') return [];
  const { data } = await listShippingOptions({ page: 1, limit: MAX_OPTIONS });
  return data.filter((option) => option.currency === null || option.currency === currency).map(shapeOption);
}

/** The event that a product belongs to, unless it is not public. */
async function findEvent(eventId: number | null) {
  if (eventId === null) return null;
  const found = await getEvent(undefined, eventId).catch(() => undefined);
  return found ? { id: found.event.id, title: found.event.title } : null;
}

/** @throws AppError NOT_FOUND, also for drafts; VALIDATION_ERROR */
export async function loadProduct({ req }: PageRequest): Promise<LoadedPage> {
  const { id } = validate(productParams, req.params, { source: 'params' });
  // The browser counts the view: it knows who is signed in.
  const { product } = await getProduct(undefined, id);
  const [shipping, event] = await Promise.all([findShipping(product), findEvent(product.eventId)]);
  const url = `${config.publicUrl}/p/${encodeURIComponent(product.slug)}`;
  const text = product.description?.replaceAll(/\s+/g, ' ');
  return {
    props: { product: shape(product), shipping, event },
    head: {
      title: product.name,
      description: cutText(text || product.name, { max: MAX_DESCRIPTION }),
      // What is no longer sold stays for those who have bought it.
      canonicalUrl: product.status === 'active' ? url : undefined,
      imageUrl: product.images[0]?.url ?? null,
      type: 'product',
      jsonLd: toJsonLd(product, url),
    },
  };
}
