import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { formatMoney } from './money/money';

export interface CsvColumn<Row> {
  key: keyof Row & string;
  header: string;
  /** For a decimal amount: the key of its currency. */
  currency?: keyof Row & string;
}

// Line by line each would be compressed and sent on its own, which takes twenty times as long.
const LINES = 500;

// A spreadsheet would run such a cell. Some take the full-width signs for the plain ones.
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

async function* iterateParts<Row>(columns: CsvColumn<Row>[], rows: AsyncIterable<Row>): AsyncGenerator<string> {
  const money = columns.filter(({ currency }) => currency !== undefined);
  // Numbers stay numbers for a spreadsheet, also those below zero.
  const plain = new Set<unknown>(money.map(({ key }) => key));
  const withMoney = (row: Row): Row => {
    const amounts = money.flatMap(({ key, currency }) => {
      const amount = row[key];
      return typeof amount === 'string' ? [[key, formatMoney(amount, String(row[currency!]))]] : [];
    });
    return { ...row, ...(Object.fromEntries(amounts) as Partial<Row>) };
  };
  let header = true;
  const take = (lines: Row[]): string => {
    const text = stringify(money.length > 0 ? lines.map(withMoney) : lines, {
      header,
      columns,
      // Spreadsheets take a file without the mark for one of their own encoding, and some split cells at semicolons.
      bom: header,
      quoted_match: /;/,
      cast: {
        date: (value) => value.toISOString(),
        string: (value, { column }) => (FORMULA.test(value) && !plain.has(column) ? `'${value}` : value),
      },
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
export function renderCsv<Row>(columns: CsvColumn<Row>[], rows: AsyncIterable<Row>): Readable {
  return Readable.from(iterateParts(columns, rows));
}
