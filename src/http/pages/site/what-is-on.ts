import { config } from '../../../config';
import { event } from '../../../schemas/events/event-responses';
import { listEventsQuery } from '../../../schemas/events/event-queries';
import { listCategories, listEvents } from '../../../services/events/list-events';
import { listEventsWithProducts } from '../../../services/products/list-products';
import { createShaper } from '../../shape';
import { validate } from '../../validate';
import { listMatching, readFilters, type Filters } from './filters';
import type { LoadedPage, PageRequest } from './page';

const EVENTS_PER_PAGE = 24;
const NAMES = ['search', 'category', 'from', 'to', 'price', 'available', 'page'];
const DATE = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

const shape = createShaper(event, 'listEvents');

const toStart = (date: string | undefined): string | undefined =>
  date && DATE.test(date) && !Number.isNaN(Date.parse(date)) ? `${date}T00:00:00Z` : undefined;

/** The last day counts too. */
function toEnd(date: string | undefined): string | undefined {
  const start = toStart(date);
  return start && new Date(Date.parse(start) + DAY_MS).toISOString();
}

function toQuery({ search, category, from, to, price, available, page }: Filters) {
  const isFree = price === 'free' ? 'true' : price === 'paid' ? 'false' : undefined;
  return {
    ...{ search, category, from: toStart(from), to: toEnd(to), isFree, page, limit: String(EVENTS_PER_PAGE) },
    available: available === 'true' ? 'true' : undefined,
  };
}

const findEvents = (filters: Filters) =>
  listEvents(undefined, validate(listEventsQuery, toQuery(filters), { source: 'query' }));

export async function loadWhatIsOn({ req, texts }: PageRequest): Promise<LoadedPage> {
  const filters = readFilters(req, NAMES);
  const [found, categories] = await Promise.all([listMatching(filters, findEvents), listCategories()]);
  const withProducts = await listEventsWithProducts(found.data.map(({ id }) => id));
  const query = Object.fromEntries(Object.entries(filters).filter(([name]) => name !== 'page'));
  // Searches are not pages of their own.
  const canonicalUrl = Object.keys(query).length === 0 ? `${config.publicUrl}/` : undefined;
  return {
    props: { events: found.data.map(shape), pagination: found.pagination, categories, query, withProducts },
    head: { title: texts.list.title, description: `${texts.list.title} · Bilten`, canonicalUrl },
  };
}
