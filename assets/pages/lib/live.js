import { getToken } from './session.js';

/**
 * Follows how many tickets are left, over a WebSocket. Loaded apart from the page, which works without it.
 * @param {number} eventId
 * @param {(availability: { availableTickets: number | null, ticketTypes: any[] }) => void} onChange
 * @returns {() => void} stops following
 */
export function followAvailability(eventId, onChange) {
  /** @type {any} */
  let socket;
  let isOver = false;
  void import('socket.io-client').then(({ io }) => {
    if (isOver) return;
    socket = io({
      auth: (/** @type {(data: object) => void} */ send) => send({ token: getToken() }),
      transports: ['websocket', 'polling'],
    });
    socket.on('connect', () => socket.emit('watch', { eventId }));
    socket.on('availability', onChange);
  });
  return () => {
    isOver = true;
    socket?.close();
  };
}
