export interface SeatName {
  section: string;
  row: string;
  number: string;
}

const ENGLISH = { row: 'row', seat: 'seat', seats: 'seats' };

/** Returns the label of a seat, such as `Stalls, row A, seat 1`. */
export const formatSeatLabel = ({ section, row, number }: SeatName, words = ENGLISH): string =>
  `${section}, ${words.row} ${row}, ${words.seat} ${number}`;

/** Returns the labels of several seats, grouped by row: `Stalls, row A, seats 1, 2`. */
export function formatSeatLabels(seats: SeatName[], words = ENGLISH): string {
  const rows = new Map<string, SeatName[]>();
  for (const seat of seats) {
    const key = JSON.stringify([seat.section, seat.row]);
    rows.set(key, [...(rows.get(key) ?? []), seat]);
  }
  return [...rows.values()]
    .map((own) =>
      own.length === 1
        ? formatSeatLabel(own[0]!, words)
        : `${own[0]!.section}, ${words.row} ${own[0]!.row}, ${words.seats} ${own.map(({ number }) => number).join(', ')}`,
    )
    .join('; ');
}
