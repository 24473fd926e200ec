import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { startApi } from '../../helpers/servers/api';
import { as, testApp } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { nothingIsLeft, PDF } from '../../helpers/files';

let user: TestUser;
let organizer: TestUser;

beforeAll(async () => {
  [user, organizer] = [await registerUser(), await registerUser({ role: 'organizer' })];
});

describe('an upload', () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    server = createServer(testApp()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Sends the headers of a request without its body, and returns the status of the response. */
  function announced(
    path: string,
    { token }: Partial<TestUser> = {},
    { length = 9_000_000, waitMs = 20_000 } = {},
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(port, '127.0.0.1');
      const headers = [
        `POST ${path} HTTP/1.1`,
        'Host: localhost',
        'Content-Type: multipart/form-data; boundary=b',
        `Content-Length: ${length}`,
        ...(token ? [`Authorization: Bearer ${token}`] : []),
      ];
      socket.write(`${headers.join('\r\n')}\r\n\r\n`);
      socket.setTimeout(waitMs, () => socket.destroy(new Error('It waits for the body.')));
      socket.once('data', (data) => {
        resolve(String(data).split(' ', 2)[1]!);
        socket.destroy();
      });
      socket.once('error', reject);
    });
  }

  it('is refused before its body arrives', async () => {
    const event = await makeEvent(organizer);
    const over = await makeEvent(organizer);
    await as(organizer).post(`/api/events/${over.id}/cancel`).send({ confirm: true }).expect(202);
    expect(await announced('/api/files')).toBe('401');
    expect(await announced(`/api/events/${event.id}/cover`)).toBe('401');
    expect(await announced(`/api/events/${event.id}/cover`, user)).toBe('403');
    expect(await announced(`/api/events/${event.id}/cover`, await registerUser({ role: 'organizer' }))).toBe('403');
    expect(await announced('/api/events/2000000000/cover', organizer)).toBe('404');
    expect(await announced('/api/events/x/cover', organizer)).toBe('400');
    expect(await announced(`/api/events/${over.id}/cover`, organizer)).toBe('409');
    expect(await announced('/api/files', user, { length: 50_000_000 })).toBe('413');
    await expect(announced('/api/files', user, { waitMs: 500 })).rejects.toThrow('It waits for the body.');
  });

  it('gets 100 Continue only if it would be accepted', async () => {
    const api = await startApi({ BCRYPT_COST: '10' });
    const expecting = (path: string, type: string, token?: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = net.connect(api.port, '127.0.0.1');
        const bearer = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: x\r\n${bearer}Content-Type: ${type}\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n`,
        );
        socket.once('data', (data) => {
          resolve(String(data).split(' ', 2)[1]!);
          socket.destroy();
        });
        socket.once('error', reject);
      });
    const multipart = 'multipart/form-data; boundary=b';
    expect(await expecting('/api/files', multipart)).toBe('401');
    expect(await expecting('/api/users/me/logo', multipart, user.token)).toBe('403');
    expect(await expecting('/api/files', multipart, user.token)).toBe('100');
    expect(await expecting('/api/auth/login', 'application/json')).toBe('100');
    await api.stop();
  });

  it('of 10 MB is never completely in memory, even twenty at once', async () => {
    const content = Buffer.concat([PDF, randomBytes(10_000_000), PDF]);
    const head = Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n');
    const body = Buffer.concat([head, content, Buffer.from('\r\n--b--\r\n')]);
    const held = () => process.memoryUsage().arrayBuffers;
    const before = held();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, held() - before)), 5);
    const send = () =>
      new Promise<string>((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.write(
          `POST /api/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n`,
        );
        socket.write(body);
        socket.once('data', (data) => {
          resolve(String(data).split(' ', 2)[1]!);
          socket.destroy();
        });
        socket.once('error', reject);
      });
    const statuses = await Promise.all(Array.from({ length: 20 }, send));
    clearInterval(watch);
    expect(statuses).toEqual(Array(20).fill('201'));
    // The uploads are 200 MB. The limit leaves room for memory that is not collected yet, which is more on Node.js 24.
    expect(most / 1e6).toBeLessThan(100);
    await nothingIsLeft();
  });
});
