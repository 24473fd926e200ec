// Decides what a scan means; pure, so that it is the same with and without a connection.

/**
 * A ticket as the list of the door has it.
 * @typedef {object} Entry
 * @property {number} id
 * @property {string} digest
 * @property {number} ticketTypeId
 * @property {any} seat
 * @property {string | null} attendeeName
 * @property {string | null} bookerName
 * @property {string} reference
 * @property {string | null} checkedInAt
 * @property {string | null} checkedInGate
 */

/**
 * @typedef {'in' | 'already' | 'unknown' | 'elsewhere' | 'void' | 'unlisted'} Kind
 * @typedef {object} Verdict
 * @property {Kind} kind
 * @property {number} [ticketId]
 * @property {string | null} [name]
 * @property {string} [reference]
 * @property {number} [ticketTypeId]
 * @property {any} [seat]
 * @property {string | null} [at] when it was checked in first
 * @property {string | null} [gate] where it was checked in first
 */

/** @type {Record<Kind, 'good' | 'warn' | 'bad'>} */
export const TONES = { in: 'good', already: 'warn', unknown: 'bad', elsewhere: 'bad', void: 'bad', unlisted: 'bad' };

/** A ticket has the name of its attendee, or else of the customer. @param {{ attendeeName: string | null, bookerName?: string | null }} ticket */
export const getName = ({ attendeeName, bookerName = null }) => attendeeName ?? bookerName;

/** @param {Entry} entry */
const describe = ({ id, attendeeName, bookerName, reference, ticketTypeId, seat }) => ({
  ticketId: id,
  name: getName({ attendeeName, bookerName }),
  reference,
  ticketTypeId,
  seat,
});

/** @param {Entry} entry @returns {Verdict} */
export function judgeEntry(entry) {
  const { checkedInAt, checkedInGate } = entry;
  if (checkedInAt) return { kind: 'already', ...describe(entry), at: checkedInAt, gate: checkedInGate };
  return { kind: 'in', ...describe(entry) };
}

/**
 * Judges a code without the server.
 * @param {import('./ticket-code.js').ReadCode | undefined} code
 * @param {{ eventId: number, isGenuine: boolean, digest: string, entry: Entry | undefined }} known
 * @returns {Verdict}
 */
export function judgeCode(code, { eventId, isGenuine, digest, entry }) {
  if (!code || !isGenuine) return { kind: 'unknown' };
  if (code.eventId !== eventId) return { kind: 'elsewhere' };
  // Sold after the list was loaded, or cancelled before that.
  if (!entry) return { kind: 'unlisted' };
  // The ticket was transferred, and its holder has another code.
  if (entry.digest !== digest) return { kind: 'void', ...describe(entry) };
  return judgeEntry(entry);
}

/** @type {Record<string, Kind>} */
const KINDS = { NOT_FOUND: 'unknown', WRONG_EVENT: 'elsewhere', TICKET_VOID: 'void', ALREADY_CHECKED_IN: 'already' };

/** Reads what the server has decided; only the list knows the customer. @param {{ refusal: string | null, ticket: any }} result @param {(ticketId: number) => Entry | undefined} [find] @returns {Verdict} */
export function judgeResult({ refusal, ticket }, find) {
  const kind = refusal === null ? 'in' : (KINDS[refusal] ?? 'unknown');
  if (!ticket) return { kind };
  return {
    kind,
    ...describe({ bookerName: find?.(ticket.id)?.bookerName, ...ticket }),
    at: ticket.checkedInAt,
    gate: ticket.checkedInGate,
  };
}

/**
 * A ticket that was admitted twice, or that was no longer valid when it was.
 * @typedef {object} Conflict
 * @property {string} id
 * @property {'twice' | 'invalid'} kind
 * @property {string | null} name
 * @property {string} reference
 * @property {string} at when this phone admitted it
 * @property {string | null} [otherAt]
 * @property {string | null} [otherGate]
 */

/**
 * Returns the conflict that the server reports for a scan that this phone has admitted on its own.
 * @param {{ id: string, scannedAt: string }} row
 * @param {{ refusal: string | null, ticket: any, replaced: any }} result
 * @param {(ticketId: number) => Entry | undefined} [find]
 * @returns {Conflict | undefined}
 */
export function findConflict({ id, scannedAt: at }, { refusal, ticket, replaced }, find) {
  const entry = find?.(ticket?.id);
  const who = {
    id,
    at,
    name: ticket?.attendeeName ?? (entry ? getName(entry) : null),
    reference: ticket?.reference ?? '',
  };
  if (refusal === 'ALREADY_CHECKED_IN')
    return { ...who, kind: 'twice', otherAt: ticket.checkedInAt, otherGate: ticket.checkedInGate };
  if (refusal !== null) return { ...who, kind: 'invalid' };
  if (replaced) return { ...who, kind: 'twice', otherAt: replaced.checkedInAt, otherGate: replaced.gate };
  return undefined;
}

/**
 * Compares a ticket that this phone has admitted with a newer list: another gate may have been earlier and without a connection.
 * @param {{ id: string, at: string, gate: string }} own
 * @param {Entry | undefined} entry
 * @returns {Conflict | undefined}
 */
export function compareWithList({ id, at, gate }, entry) {
  if (!entry?.checkedInAt || entry.checkedInAt >= at) return undefined;
  // The server corrects a clock that is fast; that is the same scan.
  const isSame = entry.checkedInGate === gate && Date.parse(at) - Date.parse(entry.checkedInAt) < CLOCK_TOLERANCE_MS;
  if (isSame) return undefined;
  const { reference, checkedInAt: otherAt, checkedInGate: otherGate } = entry;
  return { id, kind: 'twice', name: getName(entry), reference, at, otherAt, otherGate };
}

const CLOCK_TOLERANCE_MS = 5000;

const MARKS = /\p{M}/gu;
const toPlain = (/** @type {string} */ text) => text.normalize('NFD').replace(MARKS, '').toLowerCase();

/** Finds tickets by parts of names, or by the reference. @param {Iterable<Entry>} entries @param {string} text @param {number} limit */
export function findEntries(entries, text, limit) {
  const words = toPlain(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  /** @type {Entry[]} */
  const found = [];
  for (const entry of entries) {
    const about = toPlain([entry.attendeeName, entry.bookerName, entry.reference].filter(Boolean).join(' '));
    if (words.every((word) => about.includes(word))) found.push(entry);
    if (found.length === limit) break;
  }
  return found;
}
