/** The maximum number of seats in a seating plan. */
export const MAX_SEATS = 50_000;

interface RowSize {
  names?: string[];
  count?: number;
  seats?: unknown[];
}

/** Counts the seats that these sections describe, without building them. */
export function countSeats(sections: { rows: RowSize[] }[]): number {
  let total = 0;
  for (const { rows } of sections)
    for (const { names, count, seats } of rows) {
      const numbers = count ?? seats?.filter((number) => number !== null).length ?? 0;
      total += (names?.length ?? 1) * numbers;
    }
  return total;
}
