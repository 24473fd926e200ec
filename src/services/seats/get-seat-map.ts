import { createHash } from 'node:crypto';
import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { createBatcher } from '../../lib/create-batcher';
import { getVisibleEvent } from '../events/event-access';
import { listClosedTypes } from '../events/present-event';
import { closeSeats, getSeatingPlan, type SeatingPlan } from './seating-plans';
import { presentMapHead, presentMap, writeMap, type MapHead, type SeatMap } from './present-seat-map';
import { drawSeatingPlan } from './draw-seating-plan';
import { listTypesOfEvent } from '../ticket-types/offer-ticket-types';

/** Of a larger hall the answer to a change has no rows: they are read by section. */
const MAX_SEATS_IN_RESPONSE = 10_000;

/** Bytes that may be sent again while their tag stays what it is. */
export interface TaggedBytes {
  bytes: Buffer;
  etag: string;
}

type Kind = 'map' | 'drawing' | 'object';

interface SeatMapFormat {
  actor: Actor | undefined;
  eventId: number;
  kind: Kind;
  /** Only this one; undefined: all. */
  section?: string;
}

interface VisibleSeatingPlan {
  seatingPlan: SeatingPlan;
  head: MapHead;
}

const MAX_CACHED_BYTES = 48 * 1024 * 1024;
// What was made last of each way to look at a hall, that of last use at the end.
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

async function makeBytes({ seatingPlan, head }: VisibleSeatingPlan, look: SeatMapFormat): Promise<TaggedBytes> {
  const key = getCacheKey(look);
  const digest = createHash('sha1')
    .update(`${seatingPlan.seating} ${key} ${JSON.stringify(head)} `)
    .update(seatingPlan.states);
  const etag = `W/"${digest.digest('base64url')}"`;
  const known = cachedResponses.get(key);
  if (known?.etag === etag) return cacheResponse(key, known);
  const rows =
    look.section === undefined ? seatingPlan.rows : seatingPlan.rows.filter(({ section }) => section === look.section);
  const bytes =
    look.kind === 'map' ? await writeMap(seatingPlan, head, rows) : await drawSeatingPlan(seatingPlan, head, rows);
  return cacheResponse(key, { bytes, etag });
}

async function getVisibleSeatingPlan({ actor, eventId }: SeatMapFormat): Promise<VisibleSeatingPlan> {
  const event = await getVisibleEvent(database, actor, eventId);
  const types = await listTypesOfEvent(database, eventId);
  const seatingPlan = await getSeatingPlan(eventId);
  closeSeats(seatingPlan, listClosedTypes(event, types));
  return { seatingPlan, head: presentMapHead(seatingPlan, event, types) };
}

// However many people look at a hall, it is read once at a time, and drawn once for all who wait.
const formats = createBatcher(async (looks: SeatMapFormat[]): Promise<(TaggedBytes | SeatMap)[]> => {
  const sights = new Map<number, VisibleSeatingPlan>();
  const done = new Map<string, TaggedBytes | SeatMap>();
  for (const look of looks) {
    if (done.has(getCacheKey(look))) continue;
    const visible = sights.get(look.eventId) ?? (await getVisibleSeatingPlan(look));
    sights.set(look.eventId, visible);
    const isObject = look.kind === 'object';
    done.set(
      getCacheKey(look),
      isObject ? presentMap(visible.seatingPlan, visible.head, MAX_SEATS_IN_RESPONSE) : await makeBytes(visible, look),
    );
  }
  return looks.map((look) => done.get(getCacheKey(look))!);
});

async function renderSeatMap<T>(wanted: SeatMapFormat): Promise<T> {
  // What others wait for with this caller may not fail for who this caller is.
  await getVisibleEvent(database, wanted.actor, wanted.eventId);
  return (await formats(wanted)) as T;
}

interface SeatMapRequest {
  eventId: number;
  section?: string;
}

/** The answer that shows the hall as it is now, as JSON; what a waitlist offer holds is no seat in particular. @throws AppError NOT_FOUND, also for a stranger's draft */
export function getSeatMap(actor: Actor | undefined, wanted: SeatMapRequest): Promise<TaggedBytes> {
  return renderSeatMap({ ...wanted, actor, kind: 'map' });
}

/** A drawing of the hall as it is now, as SVG. @throws AppError NOT_FOUND, also for a stranger's draft */
export function getSeatDrawing(actor: Actor | undefined, wanted: SeatMapRequest): Promise<TaggedBytes> {
  return renderSeatMap({ ...wanted, actor, kind: 'drawing' });
}

/** The hall as it is after a change. */
export function getChangedSeatingPlan(actor: Actor, eventId: number): Promise<SeatMap> {
  return renderSeatMap({ actor, eventId, kind: 'object' });
}
