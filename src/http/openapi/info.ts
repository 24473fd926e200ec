import { errorTable } from '../../errors';

/** The tags, in the order in which somebody who runs an event meets them. */
export const tags = [
  { name: 'Auth', description: 'Accounts, signing in and out, passwords, profile, sessions.' },
  { name: 'Events', description: 'Publish a show, find shows, change, cancel and evaluate your own.' },
  {
    name: 'Ticket types',
    description:
      'What is offered at an event, and for how much. An event made without any has one, “General admission”.',
  },
  {
    name: 'Seats',
    description: 'Halls with numbered seats: their map, their drawing, and what an organizer does with them.',
  },
  { name: 'Bookings', description: 'Claims on tickets: made, looked up, cancelled.' },
  { name: 'Tickets', description: 'What lets one person in: codes, documents, passing on, the door.' },
  { name: 'Discounts', description: 'Codes that take something off, as often as their organizer lets them.' },
  {
    name: 'Waitlist',
    description:
      'Lines at sold-out events. Freed tickets are offered to the first in line whom they suffice, and held meanwhile.',
  },
  { name: 'Orders', description: 'What bookings cost: items, tax, payments, refunds.' },
  { name: 'Payments', description: 'For payment providers, and a sandbox that stands in for one.' },
  { name: 'Files', description: 'Images and documents that you upload.' },
  { name: 'Notifications', description: 'What you are told in the app, and how to be told less by mail.' },
  { name: 'Privacy', description: 'What is held about you, and how to have it erased.' },
  { name: 'Admin', description: 'For those who run this installation.' },
];

const codes = Object.entries(errorTable)
  .map(([code, [status, text]]) => `| ${status} | \`${code}\` | ${text} |`)
  .join('\n');

export const description = `
Bilten books tickets for events: organizers publish shows, customers book, wait in line and cancel, and nothing is ever sold twice.

## Signing in
1. **POST /api/auth/register** with an email, a password and \`"role": "organizer"\` (or \`"customer"\`), or **POST /api/auth/login**.
2. The answer's \`token\` goes with every request as \`Authorization: Bearer <token>\`. On this page that happens by itself once you have signed in through *Try it out*; the **Authorize** button takes a token of yours.
3. A token lives an hour. **POST /api/auth/refresh** gives a new pair for the \`refreshToken\`.

## Running an event
**POST /api/events** publishes it (\`"status": "draft"\` keeps it to yourself until **PUT /api/events/{id}** publishes it) · **GET /api/events?mine=true** lists yours · **PUT /api/events/{id}** changes time, place or capacity and tells everybody who has booked · **GET /api/events/{id}/stats** and **/attendees** show the sale · **POST /api/events/{id}/cancel** says what cancelling it would do, and with \`"confirm": true\` cancels it.

## At the door
**POST /api/events/{id}/check-in** with the \`code\` of a ticket's QR code lets in once, **DELETE** takes that back. Somebody without a code is found by name, address or reference with **GET /api/events/{id}/attendees?search=** and checked in by \`ticketId\`. Without a connection: load **GET /api/ticket-keys** and the list of **GET /api/events/{id}/check-in** before.

## Live updates
Socket.IO 4, at this address, over WebSocket or polling. The access token goes into the handshake; without one, a page can watch what is left of events:
\`\`\`js
import { io } from 'socket.io-client';
const socket = io(API, { auth: (give) => give({ token: currentAccessToken() }) });
socket.on('notification', (notification) => …);         // as GET /api/notifications shows it
socket.on('availability', ({ eventId, availableTickets, ticketTypes }) => …); // ticketTypes: [{ id, quantityAvailable }]
socket.on('connect', () => socket.emit('watch', { eventId: 5 }, (answer) => …)); // { success } or { success: false, error }
socket.emit('unwatch', { eventId: 5 });
socket.on('signed_out', ({ code }) => …);               // then the server hangs up: TOKEN_EXPIRED means refresh, and connect()
socket.on('connect_error', ({ data }) => data?.code);   // UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_SUSPENDED, RATE_LIMITED
\`\`\`
\`watch\` answers with \`availability\` at once and upon change, four times a second at most. Watches end with their connection, so ask for them on every \`connect\`. A connection watches up to 100 events, 20 while signed out; connections that have not signed in are limited per address.

## Conventions
- JSON in and out. Success is \`{ "success": true, "data": … }\`; a list adds \`pagination\` and takes \`page\` and \`limit\` (at most 100).
- Times are ISO 8601; a request’s need an offset (\`2030-06-01T20:00:00+02:00\`), answers are in UTC with milliseconds.
- Money is a decimal string next to a \`currency\` (\`"25.00"\`, \`"1500"\` in JPY); a request may also send a number.
- A field that a body should not have is refused by name, on routes that take no body too; an unknown query parameter is ignored.
- A token that was sent and does not count is a 401 on public routes too: send none with **POST /api/auth/login** and **/refresh**.
- A 201 says in \`Location\` where the new thing is, a 401 in \`WWW-Authenticate\` how to sign in.
- \`Idempotency-Key\` on a request that makes something: sent again with the same key and body it gives the first answer again, with \`Idempotent-Replayed: true\`. Kept for 24 hours.
- \`X-Request-Id\` may be sent, is always answered, and stands in every failure.
- Requests are limited per user, or per address while not signed in: \`RateLimit\` says what is left, \`Retry-After\` when to come back.

## Failures
\`{ "success": false, "error": { "code", "message", "details"?, "requestId" } }\`, for every failure there is; whoever prefers \`text/html\` gets a small page.

<details><summary>All codes</summary>

| status | code | meaning |
|---|---|---|
${codes}

</details>
`.trim();
