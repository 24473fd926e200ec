// What the phone keeps. The list of an event and its keys are in a database of their own, which is deleted when somebody signs out
// or chooses another event; scans stay until they are sent. Connections are short, so that nothing keeps the list from being deleted.
import { openDB } from 'idb';
import { LIST_DATABASE } from '../session.js';

/** @typedef {import('./judge.js').Entry} Entry */
/**
 * @typedef {object} Door
 * @property {any} event
 * @property {string} gate
 * @property {number} userId
 * @property {string} takenAt when the list was loaded
 * @property {import('./ticket-code.js').TicketKey[]} keys
 * @property {{ ticketTypeId: number, name: string }[]} types
 * @property {number} clockOffset in ms, to be added to the clock of this phone
 */
/** @typedef {{ id: string, ticketId: number, at: string, gate: string }} Admission a scan that this phone has admitted */
/** @typedef {{ id: string, userId: number, eventId: number, gate: string, code?: string, ticketId?: number, scannedAt: string, batch?: string, isOwn?: boolean }} Row a scan that is not sent yet: `batch` is the key of the request that has sent it in vain, and `isOwn` if this phone admitted it without the server */

const DOOR = 'door';

const lists = () =>
  openDB(LIST_DATABASE, 1, {
    upgrade(database) {
      database.createObjectStore('door');
      database.createObjectStore('entries', { keyPath: 'id' });
      database.createObjectStore('admissions', { keyPath: 'id' });
      database.createObjectStore('conflicts', { keyPath: 'id' });
    },
  });

const outbox = () =>
  openDB('bilten-scans', 1, {
    upgrade: (database) => void database.createObjectStore('rows', { keyPath: 'id' }),
  });

/** @template T @param {() => Promise<import('idb').IDBPDatabase<any>>} open @param {(database: import('idb').IDBPDatabase<any>) => Promise<T>} work */
async function using(open, work) {
  const database = await open();
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** @returns {Promise<{ door: Door, entries: Entry[], admissions: Admission[], conflicts: import('./judge.js').Conflict[] } | undefined>} */
export const loadDoor = () =>
  using(lists, async (database) => {
    const door = await database.get('door', DOOR);
    if (!door) return undefined;
    const [entries, admissions, conflicts] = await Promise.all(
      ['entries', 'admissions', 'conflicts'].map((name) => database.getAll(name)),
    );
    return /** @type {any} */ ({ door, entries, admissions, conflicts });
  });

/** Replaces the list. @param {Door} door @param {Entry[]} entries */
export const storeDoor = (door, entries) =>
  using(lists, async (database) => {
    const work = database.transaction(['door', 'entries'], 'readwrite');
    void work.objectStore('door').put(door, DOOR);
    void work.objectStore('entries').clear();
    for (const entry of entries) void work.objectStore('entries').put(entry);
    await work.done;
  });

/** @param {'entries' | 'admissions' | 'conflicts'} store @param {object} value */
export const put = (store, value) => using(lists, (database) => database.put(store, value));

/** @param {'admissions' | 'conflicts'} store @param {string} id */
export const discard = (store, id) => using(lists, (database) => database.delete(store, id));

/** @returns {Promise<Row[]>} in the order of their scans */
export const listRows = () =>
  using(outbox, async (database) =>
    (await database.getAll('rows')).sort((a, b) => (a.scannedAt < b.scannedAt ? -1 : 1)),
  );

/** @param {Row[]} rows */
export const putRows = (rows) =>
  using(outbox, async (database) => {
    const work = database.transaction('rows', 'readwrite');
    for (const row of rows) void work.store.put(row);
    await work.done;
  });

/** @param {Row[]} rows */
export const deleteRows = (rows) =>
  using(outbox, async (database) => {
    const work = database.transaction('rows', 'readwrite');
    for (const { id } of rows) void work.store.delete(id);
    await work.done;
  });
