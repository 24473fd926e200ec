import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';

export interface CsvColumn<Row> {
  key: keyof Row & string;
  header: string;
}

/** A table as CSV, written while its rows are read. */
export function csvOf<Row>(columns: CsvColumn<Row>[], rows: AsyncIterable<Row>): Readable {
  const csv = stringify({
    header: true,
    columns,
    // A spreadsheet would run a cell that starts with = + - @, tab or CR.
    escape_formulas: true,
    cast: { date: (value) => value.toISOString() },
  });
  // A failure of the source destroys `csv`, and with it the answer.
  return pipeline(Readable.from(rows), csv, () => undefined);
}
