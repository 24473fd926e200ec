// The times that the overview can show, and the equally long time before.
import { getTimeZone, toDayStart } from '../../../lib/zoned-time.js';

/** @typedef {{ name: string, unit: 'day' | 'week' | 'month', days?: number, months?: number }} Range */

/** @type {Range[]} */
export const RANGES = [
  { name: '7', unit: 'day', days: 7 },
  { name: '30', unit: 'day', days: 30 },
  { name: '12w', unit: 'week', days: 84 },
  { name: '12m', unit: 'month', months: 12 },
];
const USUAL = '30';
const DATE = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;
const MANY_DAYS = 92;

/** @param {Date} date in the zone of the browser */
const toDate = (date) =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

/** @param {Range} range @param {Date} now */
function findStart({ unit, days = 0, months = 0 }, now) {
  const start = new Date(now);
  start.setHours(0, 0, 0, 0);
  if (unit === 'week') start.setDate(start.getDate() - ((start.getDay() + 6) % 7) - days + 7);
  else if (unit === 'month') start.setMonth(start.getMonth() - months + 1, 1);
  else start.setDate(start.getDate() - days + 1);
  return start;
}

/**
 * Reads the time to show from the address. Days are those of the browser's time zone, the last one included.
 * @param {Record<string, string>} query @param {Date} [now]
 * @returns {{ name: string, unit: string, from: string, to?: string, before: { from: string, to: string }, days: { from: string, to: string }, timezone: string }}
 */
export function readRange({ range = USUAL, from = '', to = '' }, now = new Date()) {
  const timezone = getTimeZone();
  if (range === 'custom' && DATE.test(from) && DATE.test(to) && from <= to) {
    const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
    const start = toDayStart(from);
    return {
      name: 'custom',
      unit: days > MANY_DAYS ? 'month' : 'day',
      from: start,
      to: toDayStart(to, 1),
      before: { from: toDayStart(from, -days), to: start },
      days: { from, to },
      timezone,
    };
  }
  const found = RANGES.find(({ name }) => name === range) ?? /** @type {Range} */ (RANGES[1]);
  const start = findStart(found, now);
  const before = new Date(start.getTime() - (now.getTime() - start.getTime()));
  return {
    name: found.name,
    unit: found.unit,
    from: start.toISOString(),
    before: { from: before.toISOString(), to: start.toISOString() },
    days: { from: toDate(start), to: toDate(now) },
    timezone,
  };
}
