import { cutText } from '../../lib/text/cut-text';
import type { MapSeat } from './present-seat-map';

export const UNIT = 26;
export const SEAT = 20;
// A palette for color-blind people (Okabe and Ito).
export const COLORS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00', '#785EF0', '#5A5A5A'];
export const INK = '#1f2933';
export const GRAY = '#8a94a0';
export const PALE = '#e4e7eb';

export type SeatLook = Pick<MapSeat, 'status' | 'accessible' | 'companionOf'>;

// Removes the characters that XML cannot represent.
export const escapeXml = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

export function text(content: string, attributes: string): string {
  return `<text ${attributes}>${escapeXml(content)}</text>`;
}

/** Draws a seat around the origin; its shape shows its kind and its fill shows its status. */
export function drawShape({ status, accessible, companionOf }: SeatLook, color: string): string {
  const half = SEAT / 2;
  const radius = accessible || companionOf !== null ? 4 : half;
  const paint = {
    free: `fill="${color}"`,
    held: `fill="#ffffff" stroke="${color}" stroke-width="3"`,
    sold: `fill="${PALE}"`,
    blocked: `fill="none" stroke="${GRAY}" stroke-dasharray="3 3"`,
  }[status];
  const inset = status === 'held' ? 1.5 : 0;
  const size = SEAT - 2 * inset;
  const shape = `<rect x="${inset - half}" y="${inset - half}" width="${size}" height="${size}" rx="${radius}" ${paint}/>`;
  if (accessible)
    return `${shape}<circle cx="-1" cy="-6" r="1.8" fill="${getStroke(status, color)}"/><path d="M-1-3.5v5h4l2 4.5M-2.5-.5a4 4 0 1 0 5 5" fill="none" stroke="${getStroke(status, color)}" stroke-width="1.5"/>`;
  return status === 'sold' ? `${shape}<path d="M-4-4 4 4M4-4-4 4" stroke="${GRAY}" stroke-width="1.5"/>` : shape;
}

const getStroke = (status: MapSeat['status'], color: string): string =>
  status === 'free' ? '#ffffff' : status === 'held' ? color : GRAY;

export interface Key {
  colors: Map<number, string>;
  names: Map<number, string>;
}

export function drawSeat(seat: MapSeat, { label, key }: { label: string; key: Key }): string {
  const color = key.colors.get(seat.ticketTypeId)!;
  const kind = seat.accessible ? ', accessible' : seat.companionOf !== null ? ', for a companion' : '';
  const title = `${label}${kind}: ${seat.status}, ${key.names.get(seat.ticketTypeId)}`;
  const number =
    seat.accessible || seat.status === 'sold'
      ? ''
      : text(
          cutText(seat.number, { max: 4 }),
          `y="3" font-size="8" text-anchor="middle" fill="${getStroke(seat.status, color)}" aria-hidden="true"`,
        );
  return `<title>${escapeXml(title)}</title>${drawShape(seat, color)}${number}`;
}
