import { createHash } from 'node:crypto';
import { database } from '../database';
import type { Actor } from '../lib/actor';
import { inSets } from '../lib/sets';
import { getVisibleEvent } from './events.access.service';
import { closedTypesOf } from './events.present';
import { closeSeats, refreshHall, type Hall } from './seats.halls.service';
import { presentHead, presentMap, writeMap, type MapHead, type SeatMap } from './seats.present';
import { drawHall } from './seats.svg';
import { listTypesOfEvent } from './ticket-types.service';

/** Of a larger hall the answer to a change has no rows: they are read by section. */
const MOST_SEATS_ANSWERED = 10_000;

/** Bytes that may be sent again while their tag stays what it is. */
export interface TaggedBytes {
  bytes: Buffer;
  etag: string;
}

type Kind = 'map' | 'drawing' | 'object';

interface Look {
  actor: Actor | undefined;
  eventId: number;
  kind: Kind;
  /** Only this one; undefined: all. */
  section?: string;
}

interface Sight {
  hall: Hall;
  head: MapHead;
}

const MOST_BYTES_KEPT = 48 * 1024 * 1024;
// What was made last of each way to look at a hall, that of last use at the end.
const made = new Map<string, TaggedBytes>();

function keep(key: string, entry: TaggedBytes): TaggedBytes {
  made.delete(key);
  made.set(key, entry);
  let bytes = [...made.values()].reduce((sum, each) => sum + each.bytes.length, 0);
  for (const [oldest, each] of made) {
    if (bytes <= MOST_BYTES_KEPT || oldest === key) break;
    made.delete(oldest);
    bytes -= each.bytes.length;
  }
  return entry;
}

const keyOf = ({ eventId, kind, section }: Look): string => JSON.stringify([eventId, kind, section]);

async function makeBytes({ hall, head }: Sight, look: Look): Promise<TaggedBytes> {
  const key = keyOf(look);
  const digest = createHash('sha1')
    .update(`${hall.seating} ${key} ${JSON.stringify(head)} `)
    .update(hall.states);
  const etag = `W/"${digest.digest('base64url')}"`;
  const known = made.get(key);
  if (known?.etag === etag) return keep(key, known);
  const rows = look.section === undefined ? hall.rows : hall.rows.filter(({ section }) => section === look.section);
  const bytes = look.kind === 'map' ? await writeMap(hall, head, rows) : await drawHall(hall, head, rows);
  return keep(key, { bytes, etag });
}

async function see({ actor, eventId }: Look): Promise<Sight> {
  const event = await getVisibleEvent(database, actor, eventId);
  const types = await listTypesOfEvent(database, eventId);
  const hall = await refreshHall(eventId);
  closeSeats(hall, closedTypesOf(event, types));
  return { hall, head: presentHead(hall, event, types) };
}

// However many people look at a hall, it is read once at a time, and drawn once for all who wait.
const lookAt = inSets(async (looks: Look[]): Promise<(TaggedBytes | SeatMap)[]> => {
  const sights = new Map<number, Sight>();
  const done = new Map<string, TaggedBytes | SeatMap>();
  for (const look of looks) {
    if (done.has(keyOf(look))) continue;
    const sight = sights.get(look.eventId) ?? (await see(look));
    sights.set(look.eventId, sight);
    const isObject = look.kind === 'object';
    done.set(
      keyOf(look),
      isObject ? presentMap(sight.hall, sight.head, MOST_SEATS_ANSWERED) : await makeBytes(sight, look),
    );
  }
  return looks.map((look) => done.get(keyOf(look))!);
});

async function look<T>(wanted: Look): Promise<T> {
  // What others wait for with this caller may not fail for who this caller is.
  await getVisibleEvent(database, wanted.actor, wanted.eventId);
  return (await lookAt(wanted)) as T;
}

interface Wanted {
  eventId: number;
  section?: string;
}

/** The answer that shows the hall as it is now, as JSON; what a waitlist offer holds is no seat in particular. @throws AppError NOT_FOUND, also for a stranger's draft */
export function getSeatMap(actor: Actor | undefined, wanted: Wanted): Promise<TaggedBytes> {
  return look({ ...wanted, actor, kind: 'map' });
}

/** A drawing of the hall as it is now, as SVG. @throws AppError NOT_FOUND, also for a stranger's draft */
export function getSeatDrawing(actor: Actor | undefined, wanted: Wanted): Promise<TaggedBytes> {
  return look({ ...wanted, actor, kind: 'drawing' });
}

/** The hall as it is after a change. */
export function getChangedHall(actor: Actor, eventId: number): Promise<SeatMap> {
  return look({ actor, eventId, kind: 'object' });
}
