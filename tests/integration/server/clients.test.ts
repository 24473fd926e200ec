import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { freePort } from '../../../src/embedded/ports';
import { eventually, start, type Started } from '../../helpers/servers/processes';

jest.setTimeout(180_000);

const program = (name: string): string => path.join(__dirname, '..', '..', '..', 'dist', `${name}.js`);
// Node.js checks its connections once a second, and the machine may be busy.
const SLACK_MS = 5000;

const started: Started[] = [];
let port: number;
let workerPort: number;

async function serves(at: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${at}/health/live`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function startProgram(name: string, settings: Record<string, string>, at: number): Promise<void> {
  const { DATABASE_URL = '', JWT_SECRET = '', DATA_DIR = '' } = process.env;
  const child = start(process.execPath, [program(name)], {
    DATABASE_URL,
    JWT_SECRET,
    DATA_DIR,
    NODE_ENV: 'test',
    ...settings,
  });
  started.push(child);
  await eventually(() => serves(at), child.output);
}

/** Sends these parts, then nothing, without disconnecting. Resolves with the received data and the time until the end. */
function stall(at: number, ...parts: string[]): Promise<{ ms: number; heard: string }> {
  const since = performance.now();
  return new Promise((resolve) => {
    let heard = '';
    const socket: Socket = connect({ port: at, host: '127.0.0.1', allowHalfOpen: true }, () => {
      for (const [index, part] of parts.entries()) setTimeout(() => socket.write(part), 100 * index);
    });
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    const closed = (): void => resolve({ ms: performance.now() - since, heard });
    // Both ends must close: a half-closed connection still counts.
    socket.on('error', closed).on('close', closed);
    socket.on('end', () => {
      const look = setInterval(() => socket.write('x', (error) => error && clearInterval(look)), 200);
      socket.once('close', () => clearInterval(look));
    });
  });
}

beforeAll(async () => {
  [port, workerPort] = [await freePort(), await freePort()];
  await startProgram('server', { PORT: `${port}`, MAX_CONNECTIONS: '40' }, port);
  await startProgram('worker', { WORKER_PORT: `${workerPort}`, MAX_CONNECTIONS: '40' }, workerPort);
});
afterAll(async () => {
  for (const { child, exited } of started) {
    child.kill('SIGKILL');
    await exited;
  }
});

const POST = (place: string, type: string, length = 100) =>
  `POST ${place} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
const GET = 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n';

const STALLING: [what: string, limitMs: number, parts: string[]][] = [
  ['says nothing', 10_000, []],
  ['sends empty lines', 10_000, ['\r\n', '\r\n']],
  ['begins with something else', 10_000, ['\x16']],
  ['stops in the headers', 10_000, ['GET /api/events HTTP/1.1\r\nHo']],
  ['stops in the headers of its second request', 10_000, [GET, 'GET /api/ev']],
  ['stops in a JSON body', 30_000, [POST('/api/auth/login', 'application/json'), '{"email":']],
  ['stops in a form', 30_000, [POST('/api/auth/login', 'application/x-www-form-urlencoded'), 'email=']],
  [
    'stops in a chunk',
    30_000,
    [
      'POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a',
    ],
  ],
  ['stops in the body of a webhook', 30_000, [POST('/api/payments/webhooks/sandbox', 'application/json'), '{']],
  ['stops in a body that nobody wants', 30_000, [POST('/api/nothing', 'application/json'), '{']],
  ['stops in an upload to nowhere', 30_000, [POST('/api/nothing', 'multipart/form-data; boundary=x'), '--x\r\n']],
  ['stops in an upload without a token', 30_000, [POST('/api/files', 'multipart/form-data; boundary=x'), '--x\r\n']],
];

async function register(): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/auth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'slow@example.com', password: 'a long enough one 9' }),
  });
  return ((await answer.json()) as { data: { token: string } }).data.token;
}

describe('stalled clients', () => {
  it('are disconnected after 10 s in the headers or 30 s in the body; uploads get longer', async () => {
    let isUploadOver = false;
    const head = POST('/api/files', `multipart/form-data; boundary=x\r\nAuthorization: Bearer ${await register()}`);
    void stall(port, head, '--x\r\n').then(() => (isUploadOver = true));
    const ends = await Promise.all(
      STALLING.map(async ([what, limitMs, parts]) => ({ what, limitMs, ...(await stall(port, ...parts)) })),
    );
    ends.push(
      ...(await Promise.all(
        STALLING.filter(([, limitMs]) => limitMs === 10_000).map(async ([what, limitMs, parts]) => ({
          what: `${what}, to the worker`,
          limitMs,
          ...(await stall(workerPort, ...parts)),
        })),
      )),
    );
    expect(ends.filter(({ ms, limitMs }) => ms > limitMs + SLACK_MS)).toEqual([]);
    // These clients are slow, but not too slow.
    expect(ends.filter(({ ms, limitMs }) => limitMs === 30_000 && ms < 28_000)).toEqual([]);
    expect(isUploadOver).toBe(false);
  });
});

describe('more clients than MAX_CONNECTIONS', () => {
  it('are refused while existing ones are served', async () => {
    const sockets = Array.from({ length: 60 }, () => connect({ port, host: '127.0.0.1' }));
    let closed = 0;
    for (const socket of sockets) socket.on('error', () => undefined).on('close', () => (closed += 1));
    await eventually(() => closed >= 20);
    expect(closed).toBeLessThan(25);
    const open = sockets.find((socket) => !socket.destroyed)!;
    const answered = new Promise<string>((resolve) => open.once('data', (data) => resolve(data.toString())));
    open.write(GET);
    expect(await answered).toMatch(/^HTTP\/1.1 200/);
    for (const socket of sockets) socket.destroy();
  });
});
