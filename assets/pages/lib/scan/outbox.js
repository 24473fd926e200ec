// Scans on their way to the server. Each is stored before it is sent, and removed when the server has answered; a request that is
// repeated has the same scans and the same key, so none counts twice.
import { ApiError, createKey, post } from '../api.js';
import { deleteRows, listRows, putRows } from './storage.js';

/** @typedef {import('./storage.js').Row} Row */
/** @typedef {{ tickets: number, checkedIn: number, results: any[] }} Answer */

const MAX_BATCH = 50;

/** Returns the scans that belong into the next request. @param {Row[]} rows @returns {Row[]} */
export function takeBatch(rows) {
  const [first] = rows;
  if (!first) return [];
  if (first.batch) return rows.filter(({ batch }) => batch === first.batch);
  const isSame = (/** @type {Row} */ row) => !row.batch && row.eventId === first.eventId && row.gate === first.gate;
  return rows.filter(isSame).slice(0, MAX_BATCH);
}

/** True if trying again later can help. @param {any} error */
export const isPassing = (error) =>
  error instanceof ApiError &&
  ([0, 401, 408, 429].includes(error.status) || error.status >= 500 || error.code === 'REQUEST_IN_PROGRESS');

/** The scans that are being sent right now. @type {Set<string>} */
const onTheirWay = new Set();

/** Sends scans in one request. @param {Row[]} rows @param {number} timeoutMs @returns {Promise<Answer>} @throws ApiError */
export async function sendRows(rows, timeoutMs) {
  const [{ eventId, gate, batch = createKey() }] = /** @type {[Row]} */ (rows);
  for (const row of rows) {
    row.batch = batch;
    onTheirWay.add(row.id);
  }
  try {
    await putRows(rows);
    const scans = rows.map(({ code, ticketId, scannedAt }) => ({ code, ticketId, scannedAt }));
    const options = { idempotencyKey: batch, signal: AbortSignal.timeout(timeoutMs) };
    const answer = await post(`/api/events/${eventId}/check-in/scans`, { gate, scans }, options);
    await deleteRows(rows);
    return answer;
  } finally {
    for (const { id } of rows) onTheirWay.delete(id);
  }
}

/** @param {number} userId @returns {Promise<Row[]>} what this user has scanned and is not sent */
export async function listUnsent(userId) {
  const rows = await listRows();
  return rows.filter((row) => row.userId === userId && !onTheirWay.has(row.id));
}

/**
 * Sends everything that waits. @param {number} userId @param {(row: Row, result: any, answer: Answer) => Promise<void>} onSent @throws ApiError
 */
export async function sendUnsent(userId, onSent) {
  for (;;) {
    const batch = takeBatch(await listUnsent(userId));
    if (batch.length === 0) return;
    const answer = await sendRows(batch, 20_000);
    for (const [index, row] of batch.entries()) await onSent(row, answer.results[index], answer);
  }
}
