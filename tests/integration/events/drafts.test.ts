import type { Response } from 'supertest';
import { database } from '../../../src/database';
import { theOrganizer, anOpenEvent, booking, joining, registerUser, codeOf } from '../../helpers/bookings';
import { anonymous, as, type Client } from '../../helpers/client';
import type { TestEvent } from '../../helpers/events';

const MISSING = 2_000_000_000;
const SECRET = 'Secret tier';

interface Named {
  eventId: number;
  ticketTypeId: number;
}
type Ask = (client: Client, named: Named) => PromiseLike<Response>;

const book =
  (fields: (named: Named) => object): Ask =>
  (client, named) =>
    client.post('/api/bookings').send({ eventId: named.eventId, ...fields(named) });
const get =
  (path: string): Ask =>
  (client, { eventId }) =>
    client.get(`/api/events/${eventId}${path}`);

const FOR_ANYBODY: [string, Ask][] = ['', '/calendar.ics', '/seats', '/seats.svg', '/ticket-types'].map((path) => [
  `GET /events/:id${path}`,
  get(path),
]);

const SIGNED_IN: [string, Ask][] = [
  ['a booking in the short form', book(() => ({ ticketsCount: 1 }))],
  ['a booking of a type', book(({ ticketTypeId }) => ({ items: [{ ticketTypeId, quantity: 2 }] }))],
  ['a booking below the type’s minimum', book(({ ticketTypeId }) => ({ items: [{ ticketTypeId, quantity: 1 }] }))],
  ['a booking of a type that is not there', book(() => ({ items: [{ ticketTypeId: MISSING, quantity: 2 }] }))],
  ['a booking of seats', book(() => ({ seatIds: [1, 2] }))],
  ['a booking of the best seats', book(() => ({ ticketsCount: 2, bestAvailable: true }))],
  ['a booking with a discount code', book(() => ({ ticketsCount: 1, discountCode: 'EARLY' }))],
  ['a booking past the user’s limit', book(() => ({ ticketsCount: 4 }))],
  ['a waitlist entry', (client, { eventId }) => client.post('/api/waitlist/join').send({ eventId })],
  [
    'a waitlist entry for a type',
    (client, { eventId, ticketTypeId }) =>
      client.post('/api/waitlist/join').send({ eventId, ticketTypeId, ticketsCount: 1 }),
  ],
  [
    'a waitlist entry for an unknown type',
    (client, { eventId }) => client.post('/api/waitlist/join').send({ eventId, ticketTypeId: MISSING }),
  ],
  ['leaving the waitlist', (client, { eventId }) => client.delete(`/api/waitlist/${eventId}`)],
  [
    'a discount code',
    (client, { eventId, ticketTypeId }) =>
      client.post('/api/discounts/validate').send({ code: 'EARLY', eventId, items: [{ ticketTypeId, quantity: 1 }] }),
  ],
];

const STAFF: [string, Ask][] = [
  ...['/attendees', '/attendees.csv', '/stats', '/check-in', '/messages'].map((path): [string, Ask] => [
    `GET /events/:id${path}`,
    get(path),
  ]),
  [
    'a message',
    (client, { eventId }) => client.post(`/api/events/${eventId}/message`).send({ subject: 'A', body: 'B' }),
  ],
  ['a change', (client, { eventId }) => client.put(`/api/events/${eventId}`).send({ title: 'Mine' })],
  ['a scan', (client, { eventId }) => client.post(`/api/events/${eventId}/check-in`).send({ code: 'A' })],
  [
    'a discount',
    (client, { eventId }) =>
      client.post('/api/discounts').send({ code: 'MINE', type: 'percentage', value: 10, eventId }),
  ],
];

describe('another organizer’s draft', () => {
  let draft: TestEvent;
  beforeAll(async () => {
    draft = await anOpenEvent({
      status: 'draft',
      title: 'Secret show',
      maxPerUser: 3,
      ticketTypes: [{ name: SECRET, minPerBooking: 2 }],
    });
    await as(await theOrganizer())
      .post('/api/discounts')
      .send({ code: 'EARLY', type: 'percentage', value: 10 })
      .expect(201);
  });

  async function sameAnswer(client: Client, ask: Ask): Promise<void> {
    const ticketTypeId = draft.ticketTypes[0]!.id;
    const [secret, missing] = [
      await ask(client, { eventId: draft.id, ticketTypeId }),
      await ask(client, { eventId: MISSING, ticketTypeId }),
    ];
    const plain = ({ status, text }: Response) => [status, text.replace(/"requestId":"[^"]*"/, '')];
    expect(plain(secret)).toEqual(plain(missing));
    expect(secret.status).toBe(404);
    expect(secret.text).not.toContain('ecret');
  }

  it.each([...FOR_ANYBODY, ...SIGNED_IN])('does not exist for customers: %s', async (_what, ask) => {
    await sameAnswer(as(await registerUser()), ask);
  });

  it.each(FOR_ANYBODY)('does not exist for anonymous callers: %s', async (_what, ask) => {
    await sameAnswer(anonymous, ask);
  });

  it.each([...FOR_ANYBODY, ...SIGNED_IN, ...STAFF])('does not exist for other organizers: %s', async (_what, ask) => {
    await sameAnswer(as(await registerUser({ role: 'organizer' })), ask);
  });

  it('is visible to its organizer and admins, who cannot book it until it is published', async () => {
    const admin = await registerUser({ role: 'admin' });
    for (const user of [await theOrganizer(), admin]) {
      const items = [{ ticketTypeId: draft.ticketTypes[0]!.id, quantity: 2 }];
      expect(codeOf(await booking(user, draft.id, items).expect(409))).toBe('EVENT_NOT_BOOKABLE');
      expect(codeOf(await joining(user, draft.id, { ticketsCount: 2 }).expect(409))).toBe('EVENT_NOT_BOOKABLE');
    }
    expect(await database('bookings').where({ event_id: draft.id })).toEqual([]);
  });
});
