import { getToken, renewSession } from './session.js';

/**
 * Connects to the live updates, over a WebSocket. Loaded apart from the page, which works without it.
 * @param {(socket: any) => void} listen
 * @returns {() => void} stops following
 */
function follow(listen) {
  /** @type {any} */
  let socket;
  let isOver = false;
  void import('socket.io-client').then(({ io }) => {
    if (isOver) return;
    socket = io({
      auth: (/** @type {(data: object) => void} */ send) => send({ token: getToken() }),
      transports: ['websocket', 'polling'],
    });
    // A connection lasts as long as the access token that it was opened with.
    const renew = async (/** @type {string | undefined} */ code) => {
      if (code !== 'TOKEN_EXPIRED') return;
      await renewSession({ isExpired: true });
      if (!isOver) socket.connect();
    };
    socket.on('signed_out', (/** @type {any} */ { code }) => void renew(code));
    socket.on('connect_error', (/** @type {any} */ { data }) => void renew(data?.code));
    listen(socket);
  });
  return () => {
    isOver = true;
    socket?.close();
  };
}

/**
 * Follows how many tickets are left.
 * @param {number} eventId
 * @param {(availability: { availableTickets: number | null, ticketTypes: any[] }) => void} onChange
 */
export const followAvailability = (eventId, onChange) =>
  follow((socket) => {
    socket.on('connect', () => socket.emit('watch', { eventId }));
    socket.on('availability', onChange);
  });

/** Follows the support tickets of the signed-in user; also calls back after a gap. @param {(supportTicketId: number | undefined) => void} onChange */
export const followSupport = (onChange) =>
  follow((socket) => {
    let isAgain = false;
    socket.on('connect', () => {
      if (isAgain) onChange(undefined);
      isAgain = true;
    });
    socket.on('support', (/** @type {{ id: number }} */ change) => onChange(change.id));
  });
