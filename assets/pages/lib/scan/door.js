// The door of one event on this phone: judges scans with the server, or alone from its list while there is no connection.
import { ApiError, createKey, get, remove } from '../api.js';
import { compareWithList, findConflict, judgeCode, judgeEntry, judgeResult } from './judge.js';
import { loadList } from './load-list.js';
import { isPassing, listUnsent, sendRows, sendUnsent } from './outbox.js';
import { deleteRows, discard, put, putRows, storeDoor } from './storage.js';
import { getDigest, isGenuine, readCode } from './ticket-code.js';

/** @typedef {import('./judge.js').Entry} Entry */
/** @typedef {import('./judge.js').Verdict} Verdict */
/** @typedef {import('./storage.js').Row} Row */
/** @typedef {NonNullable<Awaited<ReturnType<typeof import('./storage.js').loadDoor>>>} Kept */

const SCAN_TIMEOUT_MS = 4000;
const POLL_MS = 10_000;
const POLL_OFFLINE_MS = 4000;
const MAX_LIST_AGE_MS = 30_000;
const LONG_LIST = 5000;
const MAX_LONG_LIST_AGE_MS = 300_000;

/** @param {Kept} kept @param {() => void} onChange */
export function createDoor({ door, entries: list, admissions, conflicts }, onChange) {
  let { keys, clockOffset } = door;
  const { gate, userId } = door;
  const eventId = door.event.id;
  /** @type {Map<number, Entry>} */
  let entries = new Map(list.map((entry) => [entry.id, entry]));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let loadedAt = 0;
  let isStopped = false;
  const countCheckedIn = () => [...entries.values()].filter(({ checkedInAt }) => checkedInAt).length;
  const state = {
    door,
    counts: { tickets: entries.size, checkedIn: countCheckedIn() },
    isConnected: true,
    unsent: 0,
    conflicts,
    /** @type {any} */
    error: undefined,
    /** @type {{ row: Row, verdict: Verdict } | undefined} */
    last: undefined,
  };

  /** @param {Partial<typeof state>} change */
  function set(change) {
    Object.assign(state, change);
    if (!isStopped) onChange();
  }

  const setCheckedIn = (/** @type {number} */ change) =>
    set({ counts: { ...state.counts, checkedIn: state.counts.checkedIn + change } });
  const findEntry = (/** @type {number} */ id) => entries.get(id);
  const countUnsent = async () => set({ unsent: (await listUnsent(userId)).length });

  /** @param {number | undefined} ticketId @param {{ at: string | null, gate: string | null }} to */
  async function markEntry(ticketId, to) {
    const entry = entries.get(ticketId ?? 0);
    if (!entry) return;
    Object.assign(entry, { checkedInAt: to.at, checkedInGate: to.gate });
    await put('entries', entry);
  }

  /** @param {import('./judge.js').Conflict | undefined} conflict */
  async function report(conflict) {
    if (!conflict || state.conflicts.some(({ id }) => id === conflict.id)) return;
    await put('conflicts', conflict);
    set({ conflicts: [...state.conflicts, conflict] });
  }

  /** @param {Row} row @param {Verdict} verdict */
  async function admit(row, verdict) {
    await markEntry(verdict.ticketId, { at: row.scannedAt, gate });
    await put('admissions', { id: row.id, ticketId: verdict.ticketId, at: row.scannedAt, gate });
    admissions.push({ id: row.id, ticketId: verdict.ticketId ?? 0, at: row.scannedAt, gate });
    set({ last: { row, verdict } });
  }

  /** @param {{ code?: string, ticketId?: number }} input @returns {Promise<Verdict>} */
  async function judgeAlone({ code = '', ticketId }) {
    const known = entries.get(ticketId ?? 0);
    if (ticketId !== undefined) return known ? judgeEntry(known) : { kind: 'unlisted' };
    const read = readCode(code);
    if (!read) return { kind: 'unknown' };
    const [digest, genuine] = await Promise.all([getDigest(read), isGenuine(read, keys)]);
    return judgeCode(read, { eventId, isGenuine: genuine, digest, entry: entries.get(read.ticketId) });
  }

  /** Lets the server judge; undefined if it cannot be reached. @param {Row} row @returns {Promise<Verdict | undefined>} */
  async function ask(row) {
    if (!state.isConnected || !navigator.onLine) return undefined;
    try {
      const answer = await sendRows([row], SCAN_TIMEOUT_MS);
      const verdict = judgeResult(answer.results[0], findEntry);
      set({ counts: { tickets: answer.tickets, checkedIn: answer.checkedIn }, error: undefined });
      if (verdict.kind === 'in') await admit(row, verdict);
      else if (verdict.kind === 'already')
        await markEntry(verdict.ticketId, { at: verdict.at ?? null, gate: verdict.gate ?? null });
      return verdict;
    } catch (error) {
      if (!isPassing(error)) {
        await deleteRows([row]);
        throw error;
      }
      lose();
      return undefined;
    }
  }

  /** Checks in a code or a ticket that was looked up. @param {{ code?: string, ticketId?: number }} input @returns {Promise<Verdict>} @throws ApiError */
  async function scan(input) {
    const alone = await judgeAlone(input);
    if (input.code !== undefined && !readCode(input.code)) return alone;
    const scannedAt = new Date(Date.now() + clockOffset).toISOString();
    /** @type {Row} */
    const row = { id: createKey(), userId, eventId, gate, ...input, scannedAt };
    const verdict = await ask(row);
    if (verdict) return verdict;
    if (alone.kind === 'in') {
      row.isOwn = true;
      await putRows([row]);
      await admit(row, alone);
      setCheckedIn(1);
    } else await deleteRows([row]);
    await countUnsent();
    return alone;
  }

  /** @param {Row} row @param {any} result */
  async function onSent(row, result) {
    // What the server was asked about while somebody waited was answered by the list in the end, or the page was closed.
    if (row.isOwn) await report(findConflict(row, result, findEntry));
  }

  async function refresh() {
    const { entries: fresh, ...rest } = await loadList(eventId);
    if (isStopped) return;
    const unsent = (await listUnsent(userId)).filter((row) => row.eventId === eventId && row.isOwn);
    const byId = new Map(fresh.map((entry) => [entry.id, entry]));
    for (const own of admissions) await report(compareWithList(own, byId.get(own.ticketId)));
    for (const { id, scannedAt } of unsent) {
      const entry = byId.get(admissions.find((own) => own.id === id)?.ticketId ?? 0);
      if (entry && !entry.checkedInAt) Object.assign(entry, { checkedInAt: scannedAt, checkedInGate: gate });
    }
    entries = byId;
    ({ keys, clockOffset } = rest);
    loadedAt = Date.now();
    const next = { ...state.door, ...rest };
    await storeDoor(next, fresh);
    set({ door: next, counts: { tickets: byId.size, checkedIn: countCheckedIn() } });
  }

  async function sync() {
    try {
      const head = await get(`/api/events/${eventId}/check-in`, { limit: 1 }, { signal: AbortSignal.timeout(20_000) });
      set({ isConnected: true });
      await sendUnsent(userId, onSent);
      const maxAge = entries.size > LONG_LIST ? MAX_LONG_LIST_AGE_MS : MAX_LIST_AGE_MS;
      const isOld = Date.now() - loadedAt > maxAge;
      const isShort = entries.size <= LONG_LIST;
      const hasChanged = head.checkedIn !== countCheckedIn() || head.tickets !== entries.size;
      if (isOld || (isShort && hasChanged)) await refresh();
      else set({ counts: { tickets: head.tickets, checkedIn: head.checkedIn } });
      set({ error: undefined });
    } catch (error) {
      if (isPassing(error)) set({ isConnected: false });
      else set({ error });
    }
    await countUnsent();
  }

  /** @type {Promise<void> | undefined} */
  let syncing;
  const syncOnce = () => (syncing ??= sync().finally(() => (syncing = undefined)));

  async function poll() {
    clearTimeout(timer);
    await syncOnce();
    if (isStopped) return;
    clearTimeout(timer);
    timer = setTimeout(poll, state.isConnected ? POLL_MS : POLL_OFFLINE_MS);
  }

  function lose() {
    set({ isConnected: false });
    clearTimeout(timer);
    timer = setTimeout(poll, POLL_OFFLINE_MS);
  }

  /** Takes the last check-in of this phone back. @throws ApiError */
  async function undo() {
    const { last } = state;
    if (!last) return;
    const { row, verdict } = last;
    const isWaiting = async () => (await listUnsent(userId)).some(({ id }) => id === row.id);
    if (!row.batch && (await isWaiting())) await deleteRows([row]);
    else {
      // It may have arrived although the answer was lost.
      if (await isWaiting()) await syncOnce();
      if (await isWaiting()) throw new ApiError(0);
      await remove(`/api/events/${eventId}/check-in`, { ticketId: verdict.ticketId });
    }
    await markEntry(verdict.ticketId, { at: null, gate: null });
    await discard('admissions', row.id);
    admissions = admissions.filter(({ id }) => id !== row.id);
    setCheckedIn(-1);
    set({ last: undefined });
    await countUnsent();
  }

  /** @param {string} id */
  async function dismiss(id) {
    await discard('conflicts', id);
    admissions = admissions.filter((own) => own.id !== id);
    await discard('admissions', id);
    set({ conflicts: state.conflicts.filter((conflict) => conflict.id !== id) });
  }

  const wake = () => void poll();
  addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  void poll();
  return {
    state,
    scan,
    undo,
    dismiss,
    getEntries: () => entries.values(),
    stop() {
      isStopped = true;
      clearTimeout(timer);
      removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
    },
  };
}
