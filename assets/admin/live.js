import { currentToken, refresh } from './session.js';

let socket;
let watched = new Map();
let onState = () => undefined;

function tell() {
  onState(socket?.connected === true);
}

function connect() {
  socket = io({ auth: (use) => use({ token: currentToken() }), transports: ['websocket', 'polling'] });
  socket.on('connect', () => {
    for (const eventId of watched.keys()) socket.emit('watch', { eventId });
    tell();
  });
  socket.on('disconnect', tell);
  // Refused in the handshake or signed out; try again with a new token.
  const renew = () => void refresh().then(() => socket?.connect(), tell);
  socket.on('connect_error', (error) => {
    tell();
    if (['TOKEN_EXPIRED', 'UNAUTHORIZED'].includes(error.data?.code)) renew();
  });
  socket.on('signed_out', ({ code }) => code === 'TOKEN_EXPIRED' && renew());
  socket.on('availability', (availability) => watched.get(availability.eventId)?.(availability));
}

/** Watches events until the signal fires. Calls back with the availability of each, now and on changes, and with the state of the connection. */
export function watch(eventIds, { onAvailability, onLive, signal }) {
  if (typeof io === 'undefined' || signal.aborted) return;
  onState = onLive;
  watched = new Map(eventIds.map((id) => [id, onAvailability]));
  if (!socket) connect();
  else for (const eventId of eventIds) socket.emit('watch', { eventId });
  tell();
  signal.addEventListener('abort', () => {
    for (const eventId of eventIds) {
      watched.delete(eventId);
      socket?.emit('unwatch', { eventId });
    }
    onState = () => undefined;
  });
}

export function closeLive() {
  socket?.close();
  socket = undefined;
  watched.clear();
}
