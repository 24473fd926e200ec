import os from 'node:os';
import type { Figure } from './figures';
import { generator } from './load';

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Row {
  figure: Figure;
  /** One value per round that could measure it. */
  values: number[];
  /** Why it could not be measured. */
  failure?: string;
}

function said({ unit }: Figure, value: number): string {
  return unit === undefined ? value.toFixed(2) : `${value.toFixed(unit === 'MB' ? 0 : 1)} ${unit}`;
}

function line({ figure, values, failure }: Row): string[] {
  const { id, what, bar, aim } = figure;
  const atLeast = bar && 'atLeast' in bar ? bar.atLeast : -Infinity;
  const atMost = bar && 'atMost' in bar ? bar.atMost : Infinity;
  const limit = [atLeast > -Infinity && `≥ ${said(figure, atLeast)}`, atMost < Infinity && `≤ ${said(figure, atMost)}`]
    .filter(Boolean)
    .join();
  const aimed = aim === undefined ? '' : said(figure, aim);
  if (values.length === 0) return [id, what, failure ?? 'not measured here', limit, aimed, failure ? 'NO' : '–'];
  const value = median(values);
  const passes = value >= atLeast && value <= atMost;
  const spread = values.length > 1 ? ` (${values.map((one) => said(figure, one)).join(', ')})` : '';
  return [id, what, `**${said(figure, value)}**${spread}`, limit, aimed, !passes || failure ? 'NO' : bar ? 'yes' : ''];
}

export function table(rows: Row[]): string {
  const lines = [
    ['id', 'what', 'figure (each round)', 'bar', 'aim', 'pass'],
    Array<string>(6).fill('---'),
    ...rows.map(line),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function machine(postgres: string): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${os.availableParallelism()} × ${cpu?.model.trim() ?? 'unknown processor'}, ${memory} GB; Node ${process.versions.node}, PostgreSQL ${postgres}; generator: ${generator}`;
}
