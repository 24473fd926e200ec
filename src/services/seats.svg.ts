import { seatLabel } from '../lib/seat-label';
import { cutText } from '../lib/text';
import type { MapSection, SeatMap } from './seats.service';

const UNIT = 26;
const SEAT = 20;
const MARGIN = 32;
const LABEL = 28;
const STAGE = 64;
const HEADING = 40;
const LEGEND_LINE = 26;
const LEAST_WIDTH = 520;

// Told apart by people who see colors differently, too (Okabe and Ito).
const COLORS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00', '#785EF0', '#5A5A5A'];
const INK = '#1f2933';
const GRAY = '#8a94a0';
const PALE = '#e4e7eb';

type MapSeat = MapSection['rows'][number]['seats'][number];
type Look = Pick<MapSeat, 'status' | 'accessible' | 'companionOf'>;

// What XML can't carry at all is left out.
const escape = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

function text(content: string, attributes: string): string {
  return `<text ${attributes}>${escape(content)}</text>`;
}

/** A seat around the origin: its shape says what kind it is, its filling whether it is free. */
function drawShape({ status, accessible, companionOf }: Look, color: string): string {
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
    return `${shape}<circle cx="-1" cy="-6" r="1.8" fill="${penOf(status, color)}"/><path d="M-1-3.5v5h4l2 4.5M-2.5-.5a4 4 0 1 0 5 5" fill="none" stroke="${penOf(status, color)}" stroke-width="1.5"/>`;
  return status === 'sold' ? `${shape}<path d="M-4-4 4 4M4-4-4 4" stroke="${GRAY}" stroke-width="1.5"/>` : shape;
}

const penOf = (status: MapSeat['status'], color: string): string =>
  status === 'free' ? '#ffffff' : status === 'held' ? color : GRAY;

interface Key {
  colors: Map<number, string>;
  names: Map<number, string>;
}

function drawSeat(seat: MapSeat, { label, key }: { label: string; key: Key }): string {
  const color = key.colors.get(seat.ticketTypeId)!;
  const kind = seat.accessible ? ', accessible' : seat.companionOf !== null ? ', for a companion' : '';
  const title = `${label}${kind}: ${seat.status}, ${key.names.get(seat.ticketTypeId)}`;
  const number =
    seat.accessible || seat.status === 'sold'
      ? ''
      : text(
          cutText(seat.number, { max: 4 }),
          `y="3" font-size="8" text-anchor="middle" fill="${penOf(seat.status, color)}" aria-hidden="true"`,
        );
  return `<title>${escape(title)}</title>${drawShape(seat, color)}${number}`;
}

function drawSection(section: MapSection, { top, width, key }: { top: number; width: number; key: Key }): string {
  const { first, places } = extentOf(section);
  const left = (width - places * UNIT) / 2;
  const rows = section.rows.map(({ name, seats }, index) => {
    const y = top + HEADING + index * UNIT;
    const drawn = seats.map((seat) => {
      const x = left + (seat.position - first + 0.5) * UNIT;
      const label = seatLabel({ section: section.name, row: name, number: seat.number });
      return `<g role="img" transform="translate(${x} ${y})">${drawSeat(seat, { label, key })}</g>`;
    });
    return (
      text(cutText(name, { max: 6 }), `x="${left - 10}" y="${y + 4}" font-size="11" text-anchor="end" fill="${GRAY}"`) +
      drawn.join('')
    );
  });
  const heading = text(
    section.name,
    `x="${width / 2}" y="${top + 14}" font-size="14" font-weight="600" text-anchor="middle" fill="${INK}"`,
  );
  return `<g>${heading}${rows.join('\n')}</g>`;
}

function extentOf({ rows }: MapSection): { first: number; places: number } {
  let first = Infinity;
  let last = 0;
  for (const { seats } of rows) {
    first = Math.min(first, seats[0]!.position);
    last = Math.max(last, seats[seats.length - 1]!.position);
  }
  return { first, places: last - first + 1 };
}

function drawLegend(map: SeatMap, { top, key }: { top: number; key: Key }): { drawing: string; height: number } {
  const free: Look = { status: 'free', accessible: false, companionOf: null };
  const lines: [Look, string, string][] = [
    ...map.ticketTypes.map(({ id }): [Look, string, string] => [free, key.colors.get(id)!, key.names.get(id)!]),
    [{ ...free, status: 'held' }, INK, `Held, not paid yet (${map.counts.held})`],
    [{ ...free, status: 'sold' }, INK, `Sold (${map.counts.sold})`],
    [{ ...free, status: 'blocked' }, INK, `Not for sale (${map.counts.blocked})`],
    [{ ...free, accessible: true }, INK, 'Accessible'],
    [{ ...free, companionOf: 0 }, INK, 'For the companion of somebody on an accessible seat'],
  ];
  const drawn = lines.map(([look, color, label], index) => {
    const y = top + index * LEGEND_LINE;
    const caption = text(label, `x="${MARGIN + 24}" y="${y + 4}" font-size="12" fill="${INK}"`);
    return `<g><g transform="translate(${MARGIN + 4} ${y})">${drawShape(look, color)}</g>${caption}</g>`;
  });
  return { drawing: drawn.join('\n'), height: lines.length * LEGEND_LINE };
}

/** The hall for people to look at: an SVG without styles or scripts, each seat with a title. */
export function drawHall(map: SeatMap): string {
  const { title, currency, ticketTypes, sections, counts } = map;
  const key: Key = {
    colors: new Map(ticketTypes.map(({ id }, index) => [id, COLORS[index % COLORS.length]!])),
    names: new Map(
      ticketTypes.map(({ id, name, price }) => [
        id,
        `${name}, ${Number(price) === 0 ? 'free of charge' : `${price} ${currency}`}`,
      ]),
    ),
  };
  const widest = Math.max(0, ...sections.map((section) => extentOf(section).places));
  const width = Math.max(LEAST_WIDTH, widest * UNIT + 2 * (MARGIN + LABEL));
  let top = MARGIN + STAGE;
  const drawn = sections.map((section) => {
    const drawing = drawSection(section, { top, width, key });
    top += HEADING + section.rows.length * UNIT + 16;
    return drawing;
  });
  const legend = drawLegend(map, { top: top + 16, key });
  const height = top + 16 + legend.height + MARGIN;
  const stage = `<rect x="${width / 4}" y="${MARGIN}" width="${width / 2}" height="30" rx="8" fill="${INK}"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-labelledby="title description" font-family="system-ui, sans-serif">
<title id="title">${escape(`Seats of ${title}`)}</title>
<desc id="description">${counts.free} free, ${counts.held} held, ${counts.sold} sold, ${counts.blocked} not for sale.</desc>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${stage}${text('Stage', `x="${width / 2}" y="${MARGIN + 20}" font-size="13" text-anchor="middle" fill="#ffffff"`)}
${drawn.join('\n')}
${legend.drawing}
</svg>
`;
}
