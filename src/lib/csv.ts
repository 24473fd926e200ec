import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { formatMoney } from './money/money';

export interface CsvColumn<Row> {
  key: keyof Row & string;
  header: string;
  /** For an amount, the key of its currency. */
  currency?: keyof Row & string;
}

// Rows are written in chunks: compressing and sending each row by itself takes twenty times as long.
const LINES = 500;

// Spreadsheets run cells that start like this as formulas. Some treat full-width signs like the plain ones.
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

async function* iterateParts<Row>(columns: CsvColumn<Row>[], rows: AsyncIterable<Row>): AsyncGenerator<string> {
  const money = columns.filter(({ currency }) => currency !== undefined);
  // Amounts are not escaped, so that negative ones stay numbers.
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
      // Without a byte order mark spreadsheets assume another encoding; some also split unquoted cells at semicolons.
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

/** Returns a CSV stream that is written while its rows are read. It fails if reading fails. */
export function renderCsv<Row>(columns: CsvColumn<Row>[], rows: AsyncIterable<Row>): Readable {
  return Readable.from(iterateParts(columns, rows));
}
