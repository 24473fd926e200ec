import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';

export interface CsvColumn<Row> {
  key: keyof Row & string;
  header: string;
}

// Line by line each would be compressed and sent on its own, which takes twenty times as long.
const LINES = 500;

async function* eachPart<Row>(columns: CsvColumn<Row>[], rows: AsyncIterable<Row>): AsyncGenerator<string> {
  let header = true;
  const take = (lines: Row[]): string => {
    const text = stringify(lines, {
      header,
      columns,
      // A spreadsheet would run a cell that starts with = + - @, tab or CR.
      escape_formulas: true,
      cast: { date: (value) => value.toISOString() },
    });
    header = false;
    return text;
  };
  let lines: Row[] = [];
  for await (const row of rows) {
    lines.push(row);
    if (lines.length < LINES) continue;
    yield take(lines);
    lines = [];
  }
  if (header || lines.length > 0) yield take(lines);
}

/** A table as CSV, written while its rows are read; where reading fails the stream does. */
export function csvOf<Row>(columns: CsvColumn<Row>[], rows: AsyncIterable<Row>): Readable {
  return Readable.from(eachPart(columns, rows));
}
