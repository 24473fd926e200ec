import request from 'supertest';
import { changeAccess } from '../../../src/services/users/change-access';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { theOrganizer } from '../../helpers/bookings';
import { makeEvent } from '../../helpers/events';
import { connectTo, startApi, type Heard, type Process } from '../../helpers/realtime';
import { eventually } from '../../helpers/servers/processes';

const PER_ADDRESS = 3;

let api: Process;
const clients: Heard[] = [];
let addresses = 0;

/** Returns a new address each time, so that no test counts connections of another. */
const newAddress = (): string => `203.0.113.${(addresses += 1)}`;
const from = (address: string) => ({ 'X-Forwarded-For': address });

function connecting(address: string, token?: string, options: Parameters<typeof connectTo>[2] = {}): Heard {
  const client = connectTo(api.url, token, { reconnection: false, extraHeaders: from(address), ...options });
  clients.push(client);
  return client;
}

/** Returns whether a client can connect. */
async function isAdmitted(...args: Parameters<typeof connecting>): Promise<boolean> {
  const client = connecting(...args);
  await eventually(() => client.all('connect').length + client.all('connect_error').length > 0);
  return client.all('connect').length > 0;
}

async function handshake(address: string, query = '', { url } = api): Promise<number> {
  const { status } = await fetch(`${url}/socket.io/?EIO=4&transport=polling${query}`, { headers: from(address) });
  return status;
}

beforeAll(async () => {
  api = await startApi({ LIVE_CONNECTIONS_PER_ADDRESS: String(PER_ADDRESS), TRUST_PROXY: '1' });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => api.stop());

describe('a signed-out connection', () => {
  it('can watch the availability of an event and receives nothing else', async () => {
    const event = await makeEvent(await theOrganizer(), { totalTickets: 5 });
    const user = await registerUser();
    const watcher = connecting(newAddress());
    await watcher.next('connect');
    expect(await watcher.ask('watch', { eventId: event.id })).toEqual({ success: true });
    expect(await watcher.next('availability')).toMatchObject({ eventId: event.id, availableTickets: 5 });
    await request(api.url)
      .post('/api/bookings')
      .set('Authorization', `Bearer ${user.token}`)
      .send({ eventId: event.id, ticketsCount: 2 })
      .expect(201);
    expect(await watcher.next('availability')).toMatchObject({ eventId: event.id, availableTickets: 3 });
    expect(await watcher.ask('unwatch', { eventId: event.id })).toEqual({ success: true });
    expect(watcher.all('notification')).toEqual([]);
  });

  it('sees no availability for an event of a suspended organizer', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const { id: eventId, ticketTypes } = await makeEvent(organizer, { totalTickets: 5 });
    await changeAccess(organizer.user.id, { status: 'suspended' });
    const watcher = connecting(newAddress());
    await watcher.next('connect');
    await watcher.ask('watch', { eventId });
    const types = [{ id: ticketTypes[0]!.id, quantityAvailable: 0 }];
    expect(await watcher.next('availability')).toEqual({ eventId, availableTickets: 0, ticketTypes: types });
  });

  it('cannot watch drafts', async () => {
    const draft = await makeEvent(await theOrganizer(), { status: 'draft' });
    const watcher = connecting(newAddress());
    await watcher.next('connect');
    for (const eventId of [draft.id, 2_000_000_000])
      expect((await watcher.ask('watch', { eventId })).error?.code).toBe('NOT_FOUND');
  });

  it('may watch fewer events than a signed-in one, and shares the request limit of its address', async () => {
    const events = [];
    for (let i = 0; i < 21; i += 1) events.push(await makeEvent(await theOrganizer()));
    const address = newAddress();
    const [one, other] = [connecting(address), connecting(address)];
    await Promise.all([one.next('connect'), other.next('connect')]);
    const answers = [];
    for (const { id } of events) answers.push(await one.ask('watch', { eventId: id }));
    expect(answers.filter(({ success }) => success)).toHaveLength(20);
    expect(answers.at(-1)!.error!.code).toBe('RATE_LIMITED');
    await Promise.all(Array.from({ length: 140 }, () => one.ask('unwatch', { eventId: 1 })));
    const refused = await Promise.all(Array.from({ length: 30 }, () => other.ask('unwatch', { eventId: 1 })));
    expect(refused.some(({ error }) => error?.code === 'RATE_LIMITED')).toBe(true);
  });
});

describe('signed-out connections from one address', () => {
  let users: TestUser[];
  beforeAll(async () => {
    users = [await registerUser(), await registerUser()];
  });

  it('are limited; one that ends makes room for another', async () => {
    const address = newAddress();
    for (let i = 0; i < PER_ADDRESS; i += 1) expect(await isAdmitted(address)).toBe(true);
    expect(await isAdmitted(address)).toBe(false);
    expect(await isAdmitted(address, undefined, { transports: ['polling'] })).toBe(false);
    clients.at(-3)!.close();
    await eventually(() => isAdmitted(address));
  });

  it('do not affect other addresses, except in the same network', async () => {
    for (let i = 0; i < PER_ADDRESS; i += 1) expect(await isAdmitted(`2001:db8:0:${i}::1`)).toBe(true);
    expect(await isAdmitted('2001:db8:0:9::1')).toBe(false);
    expect(await isAdmitted('2001:db8:1:900::1')).toBe(true);
    expect(await isAdmitted(newAddress())).toBe(true);
  });

  it('do not count once they sign in', async () => {
    const address = newAddress();
    for (let i = 0; i < PER_ADDRESS + 2; i += 1) expect(await isAdmitted(address, users[i % 2]!.token)).toBe(true);
  });

  it('count even before they send anything', async () => {
    const address = newAddress();
    for (let i = 0; i < PER_ADDRESS; i += 1) expect(await handshake(address)).toBe(200);
    expect(await handshake(address)).toBe(403);
  });

  it.each(['&xsid=1', '&sid=', '&x=sid=1', '&SID=1'])('cannot bypass the limit with a query: %s', async (query) => {
    const address = newAddress();
    for (let i = 0; i < PER_ADDRESS; i += 1) expect(await isAdmitted(address)).toBe(true);
    expect(await handshake(address, query)).toBe(403);
    expect(await handshake(address, '&sid=made-up')).toBe(400);
  });
});

describe('all connections', () => {
  it('are limited, whatever the query says', async () => {
    const small = await startApi({ LIVE_CONNECTIONS: '2', TRUST_PROXY: '1' });
    for (let i = 0; i < 2; i += 1) expect(await handshake(newAddress(), '', small)).toBe(200);
    for (const query of ['', '&xsid=1', '&x=sid=1']) expect(await handshake(newAddress(), query, small)).toBe(403);
    await small.stop();
  });
});
