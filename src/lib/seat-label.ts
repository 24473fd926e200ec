export interface SeatName {
  section: string;
  row: string;
  number: string;
}

/** As a person at the door reads it. */
export const seatLabel = ({ section, row, number }: SeatName): string => `${section}, row ${row}, seat ${number}`;

/** Those of each row together: `Stalls, row A, seats 1, 2`. */
export function seatLabels(seats: SeatName[]): string {
  const rows = new Map<string, SeatName[]>();
  for (const seat of seats) {
    const key = JSON.stringify([seat.section, seat.row]);
    rows.set(key, [...(rows.get(key) ?? []), seat]);
  }
  return [...rows.values()]
    .map((own) =>
      own.length === 1
        ? seatLabel(own[0]!)
        : `${own[0]!.section}, row ${own[0]!.row}, seats ${own.map(({ number }) => number).join(', ')}`,
    )
    .join('; ');
}
