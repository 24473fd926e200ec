import { formatSeatLabel } from '../../lib/seats/seat-label';
import { cutText } from '../../lib/text/cut-text';
import { forEachYielding } from '../../lib/yielding-loops';
import type { SeatingPlan, SeatingPlanRow } from './seating-plans';
import { presentSeat, groupBySection, type MapHead } from './present-seat-map';
import { drawCrowdedRow } from './draw-crowded-row';
import { COLORS, drawSeat, drawShape, escapeXml, GRAY, INK, text, UNIT, type Key, type SeatLook } from './seat-shapes';

const MARGIN = 32;
const LABEL = 28;
const STAGE = 64;
const HEADING = 40;
const LEGEND_LINE = 26;
const MIN_WIDTH = 520;
/** Above this, seats are drawn as dots without numbers, and only rows have titles. */
const MAX_SEATS_IN_DETAIL = 4000;

interface Section {
  name: string;
  rows: SeatingPlanRow[];
}

function getExtent({ rows }: Section): { first: number; places: number } {
  let first = Infinity;
  let last = 0;
  for (const { seats } of rows) {
    first = Math.min(first, seats[0]!.position);
    last = Math.max(last, seats[seats.length - 1]!.position);
  }
  return { first, places: last - first + 1 };
}

interface RowPlace {
  /** The x coordinate of position 0. */
  left: number;
  y: number;
  key: Key;
}

function drawRowInDetail(seatingPlan: SeatingPlan, row: SeatingPlanRow, { left, y, key }: RowPlace): string {
  return row.seats
    .map((_seat, index) => {
      const seat = presentSeat(seatingPlan, row, index);
      const label = formatSeatLabel({ section: row.section, row: row.name, number: seat.number });
      const x = left + seat.position * UNIT;
      return `<g role="img" transform="translate(${x} ${y})">${drawSeat(seat, { label, key })}</g>`;
    })
    .join('');
}

interface Layout {
  width: number;
  key: Key;
  isDetailed: boolean;
}

/** Appends the section to `drawn` and returns its height. */
async function drawSection(
  drawn: string[],
  { seatingPlan, section, top }: { seatingPlan: SeatingPlan; section: Section; top: number },
  { width, key, isDetailed }: Layout,
): Promise<number> {
  const { first, places } = getExtent(section);
  const left = (width - places * UNIT) / 2;
  const heading = `x="${width / 2}" y="${top + 14}" font-size="14" font-weight="600" text-anchor="middle" fill="${INK}"`;
  drawn.push(`<g>${text(section.name, heading)}`);
  await forEachYielding(section.rows, (row, index) => {
    const y = top + HEADING + index * UNIT;
    const place = { left: left + (0.5 - first) * UNIT, y, key };
    const name = `x="${left - 10}" y="${y + 4}" font-size="11" text-anchor="end" fill="${GRAY}"`;
    const seats = isDetailed
      ? drawRowInDetail(seatingPlan, row, place)
      : drawCrowdedRow(seatingPlan, row, { ...place, label: `${row.section}, row ${row.name}` });
    drawn.push(text(cutText(row.name, { max: 6 }), name) + seats);
  });
  drawn.push('</g>');
  return HEADING + section.rows.length * UNIT + 16;
}

function drawLegend(map: MapHead, { top, key }: { top: number; key: Key }): { drawing: string; height: number } {
  const free: SeatLook = { status: 'free', accessible: false, companionOf: null };
  const lines: [SeatLook, string, string][] = [
    ...map.ticketTypes.map(({ id }): [SeatLook, string, string] => [free, key.colors.get(id)!, key.names.get(id)!]),
    [{ ...free, status: 'held' }, INK, `Held, not paid yet (${map.counts.held})`],
    [{ ...free, status: 'sold' }, INK, `Sold (${map.counts.sold})`],
    [{ ...free, status: 'blocked' }, INK, `Not for sale (${map.counts.blocked})`],
    [{ ...free, accessible: true }, INK, 'Accessible'],
    [{ ...free, companionOf: 0 }, INK, 'Companion seat'],
  ];
  const drawn = lines.map(([look, color, label], index) => {
    const y = top + index * LEGEND_LINE;
    const caption = text(label, `x="${MARGIN + 24}" y="${y + 4}" font-size="12" fill="${INK}"`);
    return `<g><g transform="translate(${MARGIN + 4} ${y})">${drawShape(look, color)}</g>${caption}</g>`;
  });
  return { drawing: drawn.join('\n'), height: lines.length * LEGEND_LINE };
}

function getColorKey({ ticketTypes, currency }: MapHead): Key {
  const formatTypeName = (name: string, price: string): string =>
    `${name}, ${Number(price) === 0 ? 'free of charge' : `${price} ${currency}`}`;
  return {
    colors: new Map(ticketTypes.map(({ id }, index) => [id, COLORS[index % COLORS.length]!])),
    names: new Map(ticketTypes.map(({ id, name, price }) => [id, formatTypeName(name, price)])),
  };
}

/** Draws the seating plan as an SVG without styles or scripts. Each seat has a title unless there are very many. */
export async function drawSeatingPlan(
  seatingPlan: SeatingPlan,
  head: MapHead,
  rows: SeatingPlanRow[],
): Promise<Buffer> {
  const { title, counts } = head;
  const key = getColorKey(head);
  const sections = groupBySection(rows);
  const widest = Math.max(0, ...sections.map((section) => getExtent(section).places));
  const width = Math.max(MIN_WIDTH, widest * UNIT + 2 * (MARGIN + LABEL));
  const isDetailed = rows.reduce((sum, { seats }) => sum + seats.length, 0) <= MAX_SEATS_IN_DETAIL;
  let top = MARGIN + STAGE;
  const drawn: string[] = [];
  for (const section of sections)
    top += await drawSection(drawn, { seatingPlan, section, top }, { width, key, isDetailed });
  const legend = drawLegend(head, { top: top + 16, key });
  const height = top + 16 + legend.height + MARGIN;
  const stage = `<rect x="${width / 4}" y="${MARGIN}" width="${width / 2}" height="30" rx="8" fill="${INK}"/>`;
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-labelledby="title description" font-family="system-ui, sans-serif">
<title id="title">${escapeXml(`Seats of ${title}`)}</title>
<desc id="description">${counts.free} free, ${counts.held} held, ${counts.sold} sold, ${counts.blocked} not for sale.</desc>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${stage}${text('Stage', `x="${width / 2}" y="${MARGIN + 20}" font-size="13" text-anchor="middle" fill="#ffffff"`)}
${drawn.join('\n')}
${legend.drawing}
</svg>
`);
}
