import { database } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import {
  listCategories as listCategoryRows,
  listEvents as listRows,
  type EventFilter,
  type EventSort,
} from '../../models/events/list-events';
import type { EventStatus } from '../../models/events/events';
import { presentEvent } from './present-event';

export interface ListEvents extends Omit<EventFilter, 'status'> {
  page: number;
  limit: number;
  /** Defaults to relevance with a search, else to the start date. */
  sort?: EventSort;
  order?: 'asc' | 'desc';
  /** Only the caller's own events, in every status. */
  mine?: boolean;
  /** Only with `mine`. */
  status?: EventStatus;
}

const LATEST_FIRST: ReadonlySet<EventSort> = new Set(['createdAt', 'popularity']);

function assertOrganizer(actor: Actor | undefined): Actor {
  if (!actor) throw new AppError('UNAUTHORIZED', 'Sign in to see your own events.');
  if (actor.role === 'customer') throw new AppError('FORBIDDEN', 'Only organizers have events.');
  return actor;
}

/** @throws AppError UNAUTHORIZED, FORBIDDEN, VALIDATION_ERROR */
export async function listEvents(
  actor: Actor | undefined,
  { page, limit, sort: wantedSort, order, mine, status, search: searchText = '', ...rest }: ListEvents,
) {
  if (status !== undefined && !mine)
    throw createValidationError('status', 'requires mine=true: otherwise only published events are listed');
  if (Number(rest.minPrice ?? 0) > Number(rest.maxPrice ?? Infinity))
    throw createValidationError('minPrice', 'must not be more than maxPrice');
  const scope = mine ? { status, organizerId: assertOrganizer(actor).userId } : { status: 'public' as const };
  const search = searchText === '' ? undefined : searchText;
  const sort = wantedSort ?? (search === undefined ? 'startDate' : undefined);
  const direction = order ?? (sort !== undefined && LATEST_FIRST.has(sort) ? 'desc' : 'asc');
  const offset = getOffset({ page, limit });
  const { rows, total, bound, isCapped } = await listRows(
    database,
    { ...rest, search, ...scope },
    { sort, order: direction, limit, offset },
  );
  return toPage(rows.map(presentEvent), { page, limit }, { total, bound: isCapped ? bound : undefined });
}

export interface ListAllEvents extends Pick<EventFilter, 'organizerId' | 'from' | 'to' | 'search'> {
  page: number;
  limit: number;
  sort: 'startDate' | 'createdAt';
  order?: 'asc' | 'desc';
  status?: EventStatus;
}

/** Lists the events of all organizers, in every status. */
export async function listAllEvents({ page, limit, sort, order = 'desc', search, ...rest }: ListAllEvents) {
  const filter = { ...rest, search: search === '' ? undefined : search };
  const { rows, total, bound, isCapped } = await listRows(database, filter, {
    sort,
    order,
    limit,
    offset: getOffset({ page, limit }),
  });
  return toPage(rows.map(presentEvent), { page, limit }, { total, bound: isCapped ? bound : undefined });
}

const MAX_CATEGORIES = 1000;

/** Lists the categories of events, with the number of events in each. */
export async function listCategories() {
  return listCategoryRows(database, MAX_CATEGORIES);
}
