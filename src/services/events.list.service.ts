import { database } from '../database';
import { AppError } from '../errors';
import type { Actor } from '../lib/actor';
import { offsetOf, pageOf } from '../lib/paging';
import { searchQuery } from '../lib/search-words';
import { listEvents as listRows, type EventFilter, type EventSort } from '../models/events.list.model';
import type { EventStatus } from '../models/events.model';
import { presentEvent } from './events.present';

export interface ListEvents extends Omit<EventFilter, 'status'> {
  page: number;
  limit: number;
  /** By default by how well it matches where something is searched for, else by the start. */
  sort?: EventSort;
  order?: 'asc' | 'desc';
  /** The caller's own, in every status. */
  mine?: boolean;
  /** Only with `mine`. */
  status?: EventStatus;
}

const LATEST_FIRST: ReadonlySet<EventSort> = new Set(['createdAt', 'popularity']);

function requireOrganizer(actor: Actor | undefined): Actor {
  if (!actor) throw new AppError('UNAUTHORIZED', 'Sign in to see your own events.');
  if (actor.role === 'customer') throw new AppError('FORBIDDEN', 'Only an organizer has events.');
  return actor;
}

/** @throws AppError UNAUTHORIZED, FORBIDDEN */
export async function listEvents(
  actor: Actor | undefined,
  { page, limit, sort: wantedSort, order, mine, status, search: typed = '', ...rest }: ListEvents,
) {
  const scope = mine ? { status, organizerId: requireOrganizer(actor).userId } : { status: 'public' as const };
  const search = typed === '' ? undefined : searchQuery(typed);
  // Nothing but punctuation matches nothing.
  if (typed !== '' && search === undefined) return pageOf([], { page, limit }, { total: 0 });
  const sort = wantedSort ?? (search === undefined ? 'startDate' : undefined);
  const direction = order ?? (sort !== undefined && LATEST_FIRST.has(sort) ? 'desc' : 'asc');
  const offset = offsetOf({ page, limit });
  const { rows, total, bound, isCapped } = await listRows(
    database,
    { ...rest, search, ...scope },
    { sort, order: direction, limit, offset },
  );
  return pageOf(rows.map(presentEvent), { page, limit }, { total, bound: isCapped ? bound : undefined });
}

export interface ListAllEvents extends Pick<EventFilter, 'organizerId' | 'from' | 'to'> {
  page: number;
  limit: number;
  sort: 'startDate' | 'createdAt';
  order?: 'asc' | 'desc';
  status?: EventStatus;
}

/** Everybody's, in every status. */
export async function listAllEvents({ page, limit, sort, order = 'desc', ...filter }: ListAllEvents) {
  const { rows, total, bound, isCapped } = await listRows(database, filter, {
    sort,
    order,
    limit,
    offset: offsetOf({ page, limit }),
  });
  return pageOf(rows.map(presentEvent), { page, limit }, { total, bound: isCapped ? bound : undefined });
}
