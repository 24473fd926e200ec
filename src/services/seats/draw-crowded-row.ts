import type { SeatingPlan, SeatingPlanRow } from './seating-plans';
import { presentSeat, type MapSeat } from './present-seat-map';
import { escapeXml, GRAY, PALE, SEAT, UNIT, type Key } from './seat-shapes';

// Draws very many seats: a line of dots for each stretch of identical seats keeps the drawing small.

interface Stretch {
  color: string;
  status: MapSeat['status'];
  isRound: boolean;
  /** Positions of the first and the last seat. */
  first: number;
  last: number;
}

function* listStretches(seatingPlan: SeatingPlan, row: SeatingPlanRow, { colors }: Key): Generator<Stretch> {
  let stretch: Stretch | undefined;
  for (let index = 0; index < row.seats.length; index += 1) {
    const { status, position, ticketTypeId, accessible, companionOf } = presentSeat(seatingPlan, row, index);
    const color = colors.get(ticketTypeId)!;
    const isRound = !accessible && companionOf === null;
    const isAlike = stretch?.status === status && stretch.color === color && stretch.isRound === isRound;
    if (stretch && isAlike && position === stretch.last + 1) {
      stretch.last = position;
      continue;
    }
    if (stretch) yield stretch;
    stretch = { color, status, isRound, first: position, last: position };
  }
  if (stretch) yield stretch;
}

// A held seat is a ring: a dot with a smaller white dot in it.
const STROKES: Record<MapSeat['status'], (color: string) => [color: string, width: number][]> = {
  free: (color) => [[color, SEAT]],
  held: (color) => [
    [color, SEAT],
    ['#ffffff', SEAT - 6],
  ],
  sold: () => [[PALE, SEAT]],
  blocked: () => [[GRAY, SEAT / 3]],
};

/** Draws a row of dots; `left` is the x coordinate of position 0. */
export function drawCrowdedRow(
  seatingPlan: SeatingPlan,
  row: SeatingPlanRow,
  { left, y, label, key }: { left: number; y: number; label: string; key: Key },
): string {
  const paths = new Map<string, string[]>();
  let free = 0;
  for (const { status, color, isRound, first, last } of listStretches(seatingPlan, row, key)) {
    if (status === 'free') free += last - first + 1;
    // One unit longer than needed, or rounding may drop the last dot.
    const line = `M${left + first * UNIT} ${y}h${(last - first) * UNIT + 1}`;
    for (const [stroke, width] of STROKES[status](color)) {
      const look = `stroke="${stroke}" stroke-width="${width}" stroke-linecap="${isRound ? 'round' : 'square'}"`;
      paths.set(look, [...(paths.get(look) ?? []), line]);
    }
  }
  const drawn = [...paths].map(([look, lines]) => `<path ${look} d="${lines.join('')}"/>`);
  const title = `<title>${escapeXml(`${label}: ${free} of ${row.seats.length} free`)}</title>`;
  return `<g role="img" fill="none" stroke-dasharray="0 ${UNIT}">${title}${drawn.join('')}</g>`;
}
