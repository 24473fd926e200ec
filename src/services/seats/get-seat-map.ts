import { createHash } from 'node:crypto';
import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { createBatcher } from '../../lib/batcher';
import { getVisibleEvent } from '../events/event-access';
import { listClosedTypes } from '../events/present-event';
import { listSeatedTypeIds as listTypeIds } from '../../models/seats/seats';
import { closeSeats, getSeatingPlan, type SeatingPlan } from './seating-plans';
import { presentMapHead, presentMap, renderMapJson, type MapHead, type SeatMap } from './present-seat-map';
import { drawSeatingPlan } from './draw-seating-plan';
import { listTypesOfEvent } from '../ticket-types/offer-ticket-types';

/** For larger seating plans, the response to a change has no rows; clients read them by section. */
const MAX_SEATS_IN_RESPONSE = 10_000;

/** A response body with the ETag that identifies it. */
export interface TaggedBytes {
  bytes: Buffer;
  etag: string;
}

type Kind = 'map' | 'drawing' | 'object';

interface SeatMapFormat {
  actor: Actor | undefined;
  eventId: number;
  kind: Kind;
  /** Undefined for all sections. */
  section?: string;
}

interface VisibleSeatingPlan {
  seatingPlan: SeatingPlan;
  head: MapHead;
}

const MAX_CACHED_BYTES = 48 * 1024 * 1024;
// The latest response of each kind for each event, least recently used first.
const cachedResponses = new Map<string, TaggedBytes>();

function cacheResponse(key: string, entry: TaggedBytes): TaggedBytes {
  cachedResponses.delete(key);
  cachedResponses.set(key, entry);
  let bytes = [...cachedResponses.values()].reduce((sum, each) => sum + each.bytes.length, 0);
  for (const [oldest, each] of cachedResponses) {
    if (bytes <= MAX_CACHED_BYTES || oldest === key) break;
    cachedResponses.delete(oldest);
    bytes -= each.bytes.length;
  }
  return entry;
}

const getCacheKey = ({ eventId, kind, section }: SeatMapFormat): string => JSON.stringify([eventId, kind, section]);

async function renderBytes({ seatingPlan, head }: VisibleSeatingPlan, request: SeatMapFormat): Promise<TaggedBytes> {
  const key = getCacheKey(request);
  const digest = createHash('sha1')
    .update(`${seatingPlan.seating} ${key} ${JSON.stringify(head)} `)
    .update(seatingPlan.states);
  const etag = `W/"${digest.digest('base64url')}"`;
  const known = cachedResponses.get(key);
  if (known?.etag === etag) return cacheResponse(key, known);
  const rows =
    request.section === undefined
      ? seatingPlan.rows
      : seatingPlan.rows.filter(({ section }) => section === request.section);
  const bytes =
    request.kind === 'map'
      ? await renderMapJson(seatingPlan, head, rows)
      : await drawSeatingPlan(seatingPlan, head, rows);
  return cacheResponse(key, { bytes, etag });
}

async function getVisibleSeatingPlan({ actor, eventId }: SeatMapFormat): Promise<VisibleSeatingPlan> {
  const event = await getVisibleEvent(database, actor, eventId);
  const types = await listTypesOfEvent(database, eventId);
  const seatingPlan = await getSeatingPlan(eventId);
  closeSeats(seatingPlan, listClosedTypes(event, types));
  return { seatingPlan, head: presentMapHead(seatingPlan, event, types) };
}

// Concurrent requests for a seat map share one read and one rendering.
const renderBatched = createBatcher(async (requests: SeatMapFormat[]): Promise<(TaggedBytes | SeatMap)[]> => {
  const visiblePlans = new Map<number, VisibleSeatingPlan>();
  const done = new Map<string, TaggedBytes | SeatMap>();
  for (const request of requests) {
    if (done.has(getCacheKey(request))) continue;
    const visible = visiblePlans.get(request.eventId) ?? (await getVisibleSeatingPlan(request));
    visiblePlans.set(request.eventId, visible);
    const isObject = request.kind === 'object';
    done.set(
      getCacheKey(request),
      isObject
        ? presentMap(visible.seatingPlan, visible.head, MAX_SEATS_IN_RESPONSE)
        : await renderBytes(visible, request),
    );
  }
  return requests.map((request) => done.get(getCacheKey(request))!);
});

async function renderSeatMap<T>(wanted: SeatMapFormat): Promise<T> {
  // Checked here too, so that a caller without access cannot fail the batch for others.
  await getVisibleEvent(database, wanted.actor, wanted.eventId);
  return (await renderBatched(wanted)) as T;
}

interface SeatMapRequest {
  eventId: number;
  section?: string;
}

/**
 * Returns the current seat map as the JSON of a response. Waitlist offers hold no particular seats, so they are not shown.
 * @throws AppError NOT_FOUND, also for drafts of others
 */
export function getSeatMap(actor: Actor | undefined, wanted: SeatMapRequest): Promise<TaggedBytes> {
  return renderSeatMap({ ...wanted, actor, kind: 'map' });
}

/** Returns the current seating plan as an SVG. @throws AppError NOT_FOUND, also for drafts of others */
export function getSeatDrawing(actor: Actor | undefined, wanted: SeatMapRequest): Promise<TaggedBytes> {
  return renderSeatMap({ ...wanted, actor, kind: 'drawing' });
}

/** Returns the seat map after a change. */
export function getChangedSeatingPlan(actor: Actor, eventId: number): Promise<SeatMap> {
  return renderSeatMap({ actor, eventId, kind: 'object' });
}

/** Returns the ids of an event's ticket types that have numbered seats. */
export function listSeatedTypeIds(eventId: number): Promise<number[]> {
  return listTypeIds(database, eventId);
}
