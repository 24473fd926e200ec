import { Reply, type Download, type RouteRequest } from '../http/route';
import {
  changeSeats,
  defineSeats,
  removeSeats,
  type ChangeSeats,
  type DefineSeats,
} from '../services/seats.define.service';
import { getSeatDrawing, getSeatMap, seatMapTag, type SeatMap } from '../services/seats.service';

interface Id {
  id: number;
}

const tagged = (map: SeatMap): Reply<SeatMap> => new Reply(map, { headers: { ETag: seatMapTag(map) } });

export async function get({ actor, params }: RouteRequest<'public', Id>) {
  return tagged(await getSeatMap(actor, params.id));
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

export async function define({ actor, params, body }: RouteRequest<'organizer', Id, unknown, DefineSeats>) {
  return tagged(await defineSeats(actor, { ...body, eventId: params.id }));
}

export async function change({ actor, params, body }: RouteRequest<'organizer', Id, unknown, ChangeSeats>) {
  return tagged(await changeSeats(actor, { ...body, eventId: params.id }));
}

export async function remove({ actor, params, body }: RouteRequest<'organizer', Id, unknown, { seatIds: number[] }>) {
  return tagged(await removeSeats(actor, { ...body, eventId: params.id }));
}
