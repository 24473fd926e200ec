import { Bytes, type RouteRequest } from '../http/route';
import {
  changeSeats,
  defineSeats,
  removeSeats,
  type ChangeSeats,
  type DefineSeats,
} from '../services/seats/define-seats';
import { getSeatDrawing, getSeatMap } from '../services/seats/get-seat-map';

interface Id {
  id: number;
}

interface Part {
  section?: string;
}

export async function get({ actor, params, query }: RouteRequest<'public', Id, Part>): Promise<Bytes> {
  const entry = await getSeatMap(actor, { eventId: params.id, section: query.section });
  return new Bytes(entry, { 'Content-Type': 'application/json; charset=utf-8' });
}

export async function draw({ actor, params, query }: RouteRequest<'public', Id, Part>): Promise<Bytes> {
  const entry = await getSeatDrawing(actor, { eventId: params.id, section: query.section });
  return new Bytes(entry, {
    'Content-Type': 'image/svg+xml; charset=utf-8',
    'Content-Disposition': `inline; filename="seats-${params.id}.svg"`,
    // The SVG contains no scripts and loads nothing, and front ends on other origins may show it.
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
}

export function define({ actor, params, body }: RouteRequest<'organizer', Id, unknown, DefineSeats>) {
  return defineSeats(actor, { ...body, eventId: params.id });
}

export function change({ actor, params, body }: RouteRequest<'organizer', Id, unknown, ChangeSeats>) {
  return changeSeats(actor, { ...body, eventId: params.id });
}

export function remove({ actor, params, body }: RouteRequest<'organizer', Id, unknown, { seatIds: number[] }>) {
  return removeSeats(actor, { ...body, eventId: params.id });
}
