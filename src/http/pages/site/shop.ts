import { config } from '../../../config';
import { AppError } from '../../../errors';
import { listProductsQuery } from '../../../schemas/products/product-queries';
import { product } from '../../../schemas/products/product-responses';
import { listCategories } from '../../../services/categories/manage-categories';
import { getEvent } from '../../../services/events/get-event';
import { listProducts } from '../../../services/products/list-products';
import { createShaper } from '../../shape';
import { validate } from '../../validate';
import { listMatching, readFilters, type Filters } from './filters';
import type { LoadedPage, PageRequest } from './page';

const PRODUCTS_PER_PAGE = 24;
const NAMES = ['search', 'category', 'type', 'min', 'max', 'available', 'sort', 'event', 'page'];
const SORTS: Record<string, { sort: string; order: string }> = {
  newest: { sort: 'createdAt', order: 'desc' },
  cheapest: { sort: 'price', order: 'asc' },
  dearest: { sort: 'price', order: 'desc' },
  name: { sort: 'name', order: 'asc' },
  popular: { sort: 'popularity', order: 'desc' },
};

const shape = createShaper(product, 'listProducts');

/** A price as people type it, with a comma or a point. */
const toPrice = (text: string | undefined): string | undefined => text?.trim().replace(',', '.') || undefined;

function toQuery({ search, category, type, min, max, available, sort, event, page }: Filters) {
  return {
    ...{ search, category, productType: type, minPrice: toPrice(min), maxPrice: toPrice(max), eventId: event, page },
    available: available === 'true' ? 'true' : undefined,
    limit: String(PRODUCTS_PER_PAGE),
    ...SORTS[sort ?? ''],
  };
}

const findProducts = (filters: Filters) =>
  listProducts(undefined, validate(listProductsQuery, toQuery(filters), { source: 'query' }));

/** Returns the products of an event as a page shows them, the most popular first. */
export async function findProductsOfEvent(eventId: number, limit: number) {
  const { data, pagination } = await listProducts(undefined, { eventId, page: 1, limit, sort: 'popularity' });
  return { products: data.map(shape), total: pagination.total };
}

/** The event that products are searched for; a number that somebody made up is none. */
async function findEvent(id: string | undefined): Promise<{ id: number; title: string } | null> {
  if (id === undefined || !/^[1-9]\d{0,8}$/.test(id)) return null;
  try {
    const { event } = await getEvent(undefined, Number(id));
    return { id: event.id, title: event.title };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

export async function loadShop({ req, texts }: PageRequest): Promise<LoadedPage> {
  const filters = readFilters(req, NAMES);
  const [found, categories, event] = await Promise.all([
    listMatching(filters, findProducts),
    listCategories(),
    findEvent(filters.event),
  ]);
  const query = Object.fromEntries(Object.entries(filters).filter(([name]) => name !== 'page'));
  const category = categories.find(({ slug }) => slug === query.category);
  const isCategory = category !== undefined && Object.keys(query).length === 1;
  const title = isCategory ? category.name : texts.store.title;
  // Other searches are not pages of their own.
  const canonicalPath = isCategory ? `?category=${encodeURIComponent(category.slug)}` : '';
  const canonicalUrl =
    isCategory || Object.keys(query).length === 0 ? `${config.publicUrl}/shop${canonicalPath}` : undefined;
  const description = (isCategory && category.description) || `${title} · Bilten`;
  return {
    props: { products: found.data.map(shape), pagination: found.pagination, categories, event, query },
    head: { title, description, canonicalUrl },
  };
}
