import type { Request } from 'express';
import { config } from '../../../config';
import { AppError } from '../../../errors';
import { event } from '../../../schemas/events/event-responses';
import { listEventsQuery } from '../../../schemas/events/event-queries';
import { listCategories, listEvents } from '../../../services/events/list-events';
import { createShaper } from '../../shape';
import { validate } from '../../validate';
import type { LoadedPage, PageRequest } from './page';

const EVENTS_PER_PAGE = 24;
const NAMES = ['search', 'category', 'from', 'to', 'price', 'available', 'page'];
const DATE = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

const shape = createShaper(event, 'listEvents');

/** Returns the fields of the form that are filled in. */
function readFilters(req: Request): Record<string, string> {
  const given = NAMES.map((name) => [name, req.query[name]]);
  return Object.fromEntries(given.filter(([, value]) => typeof value === 'string' && value !== '')) as Record<
    string,
    string
  >;
}

const toStart = (date: string | undefined): string | undefined =>
  date && DATE.test(date) && !Number.isNaN(Date.parse(date)) ? `${date}T00:00:00Z` : undefined;

/** The last day counts too. */
function toEnd(date: string | undefined): string | undefined {
  const start = toStart(date);
  return start && new Date(Date.parse(start) + DAY_MS).toISOString();
}

function toQuery({ search, category, from, to, price, available, page }: Record<string, string>) {
  const isFree = price === 'free' ? 'true' : price === 'paid' ? 'false' : undefined;
  return {
    ...{ search, category, from: toStart(from), to: toEnd(to), isFree, page, limit: String(EVENTS_PER_PAGE) },
    available: available === 'true' ? 'true' : undefined,
  };
}

/** An address that somebody typed or cut off still shows what is on. */
async function findEvents(filters: Record<string, string>) {
  const list = (query: object) => listEvents(undefined, validate(listEventsQuery, query, { source: 'query' }));
  try {
    return await list(toQuery(filters));
  } catch (error) {
    if (error instanceof AppError && error.code === 'VALIDATION_ERROR') return list(toQuery({}));
    throw error;
  }
}

export async function loadWhatIsOn({ req, texts }: PageRequest): Promise<LoadedPage> {
  const filters = readFilters(req);
  const [found, categories] = await Promise.all([findEvents(filters), listCategories()]);
  const query = Object.fromEntries(Object.entries(filters).filter(([name]) => name !== 'page'));
  // Searches are not pages of their own.
  const canonicalUrl = Object.keys(query).length === 0 ? `${config.publicUrl}/` : undefined;
  return {
    props: { events: found.data.map(shape), pagination: found.pagination, categories, query },
    head: { title: texts.list.title, description: `${texts.list.title} · Bilten`, canonicalUrl },
  };
}
