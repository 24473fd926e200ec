import { Reply, type Download, type RouteRequest } from '../http/route';
import {
  changeSeats,
  defineSeats,
  removeSeats,
  type ChangeSeats,
  type DefineSeats,
} from '../services/seats.define.service';
import { getSeatDrawing, getSeatMap, seatMapTag } from '../services/seats.service';

interface Id {
  id: number;
}

export async function get({ actor, params }: RouteRequest<'public', Id>) {
  const map = await getSeatMap(actor, params.id);
  return new Reply(map, { headers: { ETag: seatMapTag(map) } });
}

export async function draw({ actor, params }: RouteRequest<'public', Id>): Promise<Download> {
  return {
    content: await getSeatDrawing(actor, params.id),
    contentType: 'image/svg+xml; charset=utf-8',
    filename: `seats-${params.id}.svg`,
    disposition: 'inline',
    // A picture: it runs and loads nothing, and front ends elsewhere may show it.
    headers: {
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cross-Origin-Resource-Policy': 'cross-origin',
    },
  };
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
