import { errorTable } from '../../errors';

/** The tags, in the order in which somebody who runs an event needs them. */
export const tags = [
  { name: 'Auth', description: 'Accounts, sign-in and sign-out, passwords, profiles and sessions.' },
  { name: 'Events', description: 'Find events; publish, change, cancel and analyze your own.' },
  {
    name: 'Ticket types',
    description:
      'The kinds of tickets an event offers, and their prices. An event created without any has one, “General admission”.',
  },
  {
    name: 'Seats',
    description: 'Numbered seats: the seat map, its drawing, and managing seats as an organizer.',
  },
  { name: 'Bookings', description: 'Book tickets, look up bookings, and cancel them.' },
  { name: 'Tickets', description: 'Ticket codes, documents, transfers and check-in. Each ticket admits one person.' },
  { name: 'Discounts', description: 'Discount codes, with limits on their use.' },
  {
    name: 'Waitlist',
    description:
      'Waitlists of sold-out events. Released tickets are offered to the first people they suffice for, and held until the offer ends.',
  },
  { name: 'Cart', description: 'What you are about to buy: tickets of several events and products in one cart.' },
  { name: 'Addresses', description: 'Addresses that you have saved for orders.' },
  { name: 'Store', description: 'What front ends have to know, and what the store charges for shipping and as tax.' },
  {
    name: 'Catalog',
    description: 'Categories and products: goods, downloads, licenses and credits, with their stock.',
  },
  { name: 'Orders', description: 'What bookings cost: items, tax, payments and refunds.' },
  { name: 'Credits', description: 'Credits that pay for orders: balances, and what has changed them.' },
  {
    name: 'Licenses',
    description:
      'License keys that were bought, the devices that they are in use on, and certificates that work without a connection.',
  },
  { name: 'Payments', description: 'Webhooks for payment providers, and a sandbox that stands in for one.' },
  {
    name: 'Support',
    description: 'Ask for help, and answer as staff: admins, and organizers whom a request concerns.',
  },
  { name: 'Files', description: 'Images and documents that you upload.' },
  { name: 'Notifications', description: 'Notifications in the app, and unsubscribing from email.' },
  { name: 'Privacy', description: 'Export and erase your personal data.' },
  { name: 'Admin', description: 'Administration of this installation.' },
];

const codes = Object.entries(errorTable)
  .map(([code, [status, text]]) => `| ${status} | \`${code}\` | ${text} |`)
  .join('\n');

export const description = `
Bilten is a ticketing API: organizers publish events, customers book tickets, join waitlists and cancel, and no ticket is ever sold twice.

## Signing in
1. **POST /api/auth/register** with an email, a password and \`"role": "organizer"\` (or \`"customer"\`), or **POST /api/auth/login**.
2. Send the \`token\` from the response with every request as \`Authorization: Bearer <token>\`. This page does so automatically after you sign in through *Try it out*; you can also enter a token with the **Authorize** button.
3. A token is valid for one hour. **POST /api/auth/refresh** exchanges the \`refreshToken\` for a new pair.

## Running an event
- **POST /api/events** publishes an event. \`"status": "draft"\` keeps it private until **PUT /api/events/{id}** publishes it.
- **GET /api/events?mine=true** lists your events.
- **PUT /api/events/{id}** changes the time, place or capacity, and notifies everyone who has booked.
- **GET /api/events/{id}/stats** and **/attendees** show how the event sells.
- **POST /api/events/{id}/cancel** shows what a cancellation would do; with \`"confirm": true\` it cancels the event.

## Check-in
*POST /api/events/{id}/check-in** with the \`code\` from a ticket's QR code checks in the ticket once; **DELETE** undoes it. For attendees without a code, search by name, email address or reference with **GET /api/events/{id}/attendees?search=** and check in by \`ticketId\`. To check tickets without a connection, load **GET /api/ticket-keys** and the list from **GET /api/events/{id}/check-in** beforehand. Afterwards, send the scans with their times to **POST /api/events/{id}/check-in/scans**.

## Live updates
Live updates use Socket.IO 4 at this address, over WebSocket or polling. Pass the access token in the handshake; a client without a token can only watch the availability of events:
\`\`\`js
import { io } from 'socket.io-client';
const socket = io(API, { auth: (callback) => callback({ token: currentAccessToken() }) });
socket.on('notification', (notification) => …);         // the same fields as in GET /api/notifications
socket.on('availability', ({ eventId, availableTickets, ticketTypes }) => …); // ticketTypes: [{ id, quantityAvailable }]
socket.on('connect', () => socket.emit('watch', { eventId: 5 }, (response) => …)); // { success } or { success: false, error }
socket.emit('unwatch', { eventId: 5 });
socket.on('support', ({ id, number, status, updatedAt }) => …); // a support ticket of yours, or one that concerns you as staff, has changed
socket.on('signed_out', ({ code }) => …);               // the server then disconnects; after TOKEN_EXPIRED, refresh the token and connect()
socket.on('connect_error', ({ data }) => data?.code);   // UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_SUSPENDED, RATE_LIMITED
\`\`\`
After \`watch\`, the server sends \`availability\` at once and after every change, at most four times a second. Watches end with their connection, so start them on every \`connect\`. A connection can watch up to 100 events, or 20 without a token; the number of connections without a token is limited per address.

## Conventions
- \`/api/v1/…\` answers exactly like \`/api/…\`.
- Requests and responses are JSON. A successful response is \`{ "success": true, "data": … }\`; a list adds \`pagination\` and takes \`page\` and \`limit\` (at most 100).
- Times are ISO 8601. In requests they need an offset (\`2030-06-01T20:00:00+02:00\`); in responses they are in UTC with milliseconds.
- Money is a decimal string next to a \`currency\` (\`"25.00"\`, \`"1500"\` in JPY); requests can also send a number.
- Unknown fields in a body are rejected by name, even on routes that take no body; unknown query parameters are ignored.
- An invalid token is answered with 401 even on public routes, so do not send one with **POST /api/auth/login** and **/refresh**.
- A 201 has the path of the new resource in \`Location\`; a 401 says how to sign in in \`WWW-Authenticate\`.
- Send an \`Idempotency-Key\` with a request that creates something. Repeating it with the same key and body returns the first response, with \`Idempotent-Replayed: true\`. Keys are kept for 24 hours.
- You can send \`X-Request-Id\`. Every response has one, and every failure includes it.
- Requests are limited per user, or per IP address without a token: \`RateLimit\` shows what is left, \`Retry-After\` when to try again.

## Failures
\`{ "success": false, "error": { "code", "message", "details"?, "requestId" } }\`, for every failure. Clients that prefer \`text/html\` get a small page.

<details><summary>All codes</summary>

| status | code | meaning |
|---|---|---|
${codes}

</details>
`.trim();
