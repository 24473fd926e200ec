import { get } from '../api.js';

const PAGE_SIZE = 5000;
const TOLERATED_MS = 2000;

/** Returns by how many ms this phone's clock is slow; the server's time is known to the second. */
async function measureClock() {
  const before = Date.now();
  const response = await fetch('/health/live', { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
  const time = Date.parse(response?.headers.get('Date') ?? '');
  const offset = time + 500 - (before + Date.now()) / 2;
  return Math.abs(offset) > TOLERATED_MS ? Math.round(offset) : 0;
}

/** Loads what the door needs without a connection: the valid tickets of an event and the keys that verify codes. @param {number} eventId @throws ApiError */
export async function loadList(eventId) {
  const takenAt = new Date().toISOString();
  /** @type {import('./judge.js').Entry[]} */
  const entries = [];
  /** @type {any} */
  let page;
  do {
    page = await get(`/api/events/${eventId}/check-in`, { after: page?.nextAfter ?? 0, limit: PAGE_SIZE });
    entries.push(...page.list);
  } while (page.nextAfter !== null);
  const [keys, clockOffset] = await Promise.all([get('/api/ticket-keys'), measureClock()]);
  return { takenAt, entries, keys, clockOffset: clockOffset || 0, types: page.byTicketType };
}
