import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { database } from '../../../src/database';
import { freePort } from '../../../src/embedded/ports';
import { registerUser, registerUsers, type TestUser } from '../../helpers/accounts';
import { makeEvent } from '../../helpers/events';
import { startInstance } from '../../helpers/instance';
import { eventually, start, type Started } from '../../helpers/servers/processes';

jest.setTimeout(120_000);

const SERVER = path.join(__dirname, '..', '..', '..', 'dist', 'server.js');
const CONNECTIONS = 100;

interface Sent {
  status?: number;
  /** The code of the error if there is no response. */
  error?: string;
}

describe('the server', () => {
  let port: number;
  let server: Started;
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

  function send(method: string, place: string, { token = '', body = '' } = {}): Promise<Sent> {
    const headers = {
      ...(token && { Authorization: `Bearer ${token}` }),
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    };
    return new Promise((resolve) => {
      const sent = request({ port, host: '127.0.0.1', method, path: place, headers, agent }, (response) => {
        response.resume();
        response.once('end', () => resolve({ status: response.statusCode }));
        response.once('error', (error) => resolve({ error: error.message }));
      });
      sent.once('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }));
      sent.end(body);
    });
  }

  beforeAll(async () => {
    port = await freePort();
    const { DATABASE_URL = '', JWT_SECRET = '' } = process.env;
    const settings = { DATABASE_URL, JWT_SECRET, NODE_ENV: 'test', PORT: `${port}`, RATE_LIMIT_MAX_REQUESTS: '0' };
    server = start(process.execPath, [SERVER], settings);
    await eventually(async () => (await send('GET', '/api/events')).status === 200, server.output);
  });
  afterAll(async () => {
    agent.destroy();
    server.child.kill('SIGKILL');
    await server.exited;
  });

  it.each([
    ['not HTTP', 'HELO mail.example.com\r\n\r\n', 400, 'VALIDATION_ERROR'],
    [
      'two Content-Length headers',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'VALIDATION_ERROR',
    ],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n', 400, 'VALIDATION_ERROR'],
    ['a URL that is too long', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 413, 'PAYLOAD_TOO_LARGE'],
  ])('refuses malformed requests as documented: %s', async (_what, text, status, code) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    for await (const chunk of socket.setEncoding('utf8')) answer += chunk as string;
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const requestId = /^X-Request-Id: (.*)$/m.exec(head)?.[1]?.trim();
    expect(JSON.parse(body)).toEqual({ success: false, error: { code, message: expect.any(String), requestId } });
    expect((await send('GET', '/api/events')).status).toBe(200);
  });

  async function answerTo(text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    for await (const chunk of socket.setEncoding('utf8')) answer += chunk as string;
    return answer;
  }

  const H2C =
    'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';
  const WEBSOCKET =
    'Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  const CREDENTIALS = '{"email":"nobody@example.com","password":"x"}';

  it.each([
    ['HTTP/2', `GET /api/events HTTP/1.1\r\nHost: a\r\n${H2C}\r\n`, 200],
    [
      'HTTP/2, with a body',
      `POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${CREDENTIALS.length}\r\n${H2C}\r\n${CREDENTIALS}`,
      401,
    ],
    ['TLS', 'OPTIONS /api/events HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: TLS/1.0\r\n\r\n', 204],
    ['a WebSocket on an ordinary path', `GET /api/events HTTP/1.1\r\nHost: a\r\n${WEBSOCKET}\r\n`, 200],
    ['a WebSocket next to the path of live updates', `GET /socket.iox HTTP/1.1\r\nHost: a\r\n${WEBSOCKET}\r\n`, 404],
    [
      'HTTP/2 at the path of live updates',
      `GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n${H2C}\r\n`,
      200,
    ],
  ])('responds with HTTP/1.1 to an offer of %s', async (_what, text, status) => {
    const answer = await answerTo(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('responds to every request that arrives before SIGTERM, and cuts none off', async () => {
    const event = await makeEvent(await registerUser({ role: 'organizer' }));
    const users = await registerUsers(4000);
    const answers: Sent[] = [];
    let isOver = false;

    async function book(mine: TestUser[]): Promise<void> {
      for (const { token } of mine) {
        const sent = await send('POST', '/api/bookings', {
          token,
          body: JSON.stringify({ eventId: event.id, ticketsCount: 1 }),
        });
        // The port is closed, so a client would send the next request to another process.
        if (sent.error === 'ECONNREFUSED') return;
        answers.push(sent);
        if (isOver) return;
      }
    }
    const share = users.length / CONNECTIONS;
    const clients = Array.from({ length: CONNECTIONS }, (_, i) => book(users.slice(i * share, (i + 1) * share)));
    await eventually(() => answers.length > 300);
    server.child.kill('SIGTERM');
    const { code } = await server.exited;
    isOver = true;
    await Promise.all(clients);

    expect(code).toBe(0);
    expect(answers.length).toBeLessThan(users.length);
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    const { rows } = await database.raw<{ rows: { count: number }[] }>('SELECT count(*) FROM bookings');
    expect(rows[0]!.count).toBe(answers.length);
  });
});

describe('ten concurrent logins', () => {
  it('do not delay others', async () => {
    const instance = startInstance({ BCRYPT_COST: '11' });
    const account = (n: number) => ({ email: `storm-${n}@example.com`, password: 'a long enough pass phrase' });
    const numbers = Array.from({ length: 10 }, (_, n) => n);
    await Promise.all(numbers.map((n) => instance.anonymous.post('/api/auth/register').send(account(n)).expect(201)));
    let signedIn = 0;
    const storm = numbers.map(async (n) => {
      await instance.anonymous.post('/api/auth/login').send(account(n)).expect(200);
      signedIn += 1;
    });
    let answered = 0;
    while (signedIn < numbers.length && answered < 30) {
      await instance.anonymous.get(`/api/events?page=${answered + 1}`).expect(200);
      answered += 1;
    }
    await Promise.all(storm);
    await instance.close();
    // If the thread that serves requests computed the hashes, only a few requests would succeed meanwhile.
    expect(answered).toBe(30);
  });
});
