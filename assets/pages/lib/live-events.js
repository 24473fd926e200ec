// How many tickets of events are left, followed over one WebSocket while anything is watched.
import { useEffect, useState } from 'preact/hooks';
import { getToken, renewSession } from './session.js';

/** @typedef {{ eventId: number, availableTickets: number | null, ticketTypes: { id: number, quantityAvailable: number | null }[] }} Availability */

/** @type {Map<number, Set<(availability: Availability) => void>>} */
const watched = new Map();
/** @type {Set<() => void>} */
const watchers = new Set();
/** @type {any} */
let socket;
let isOpening = false;

const tell = () => watchers.forEach((watcher) => watcher());

async function open() {
  if (isOpening || socket) return;
  isOpening = true;
  const { io } = await import('socket.io-client').finally(() => (isOpening = false));
  if (watched.size === 0) return;
  socket = io({
    auth: (/** @type {(data: object) => void} */ send) => send({ token: getToken() }),
    transports: ['websocket', 'polling'],
  });
  // A connection lasts as long as the access token that it was opened with.
  const renew = async (/** @type {string | undefined} */ code) => {
    if (code !== 'TOKEN_EXPIRED') return;
    await renewSession({ isExpired: true });
    socket?.connect();
  };
  socket.on('signed_out', (/** @type {any} */ { code }) => void renew(code));
  socket.on('connect_error', (/** @type {any} */ { data }) => {
    tell();
    void renew(data?.code);
  });
  socket.on('connect', () => {
    for (const eventId of watched.keys()) socket.emit('watch', { eventId });
    tell();
  });
  socket.on('disconnect', tell);
  socket.on('availability', (/** @type {Availability} */ availability) =>
    watched.get(availability.eventId)?.forEach((onChange) => onChange(availability)),
  );
}

/** @param {number} eventId @param {(availability: Availability) => void} onChange @returns {() => void} stops watching */
export function watchEvent(eventId, onChange) {
  const own = watched.get(eventId) ?? new Set();
  if (own.size === 0) socket?.emit('watch', { eventId });
  own.add(onChange);
  watched.set(eventId, own);
  void open();
  return () => {
    own.delete(onChange);
    if (own.size > 0) return;
    watched.delete(eventId);
    socket?.emit('unwatch', { eventId });
    if (watched.size > 0) return;
    socket?.close();
    socket = undefined;
    tell();
  };
}

/** Follows an event; undefined until the first update. @param {number} eventId @returns {Availability | undefined} */
export function useAvailability(eventId) {
  const [availability, setAvailability] = useState(/** @type {Availability | undefined} */ (undefined));
  useEffect(() => watchEvent(eventId, setAvailability), [eventId]);
  return availability;
}

/** True while updates arrive. */
export function useIsLive() {
  const [, update] = useState(0);
  useEffect(() => {
    const watcher = () => update((count) => count + 1);
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  }, []);
  return socket?.connected === true;
}
