import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import net from 'node:net';
import { createApp } from '../../src/app';
import { config, readConfig } from '../../src/config';

// Pages that only the developer at this machine may see. Requests use a socket, because client libraries write their own Host.

const PLACES = [
  ['GET', '/dev/mail'],
  ['GET', '/dev/mail.json'],
  ['GET', '/dev/sms.json'],
  ['GET', '/dev/mail/00000000000000-x.eml'],
  ['POST', '/api/payments/sandbox/pi_1/succeed'],
  ['GET', '/metrics'],
] as const;

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer(createApp());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as net.AddressInfo);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function messageOf(method: string, path: string, headers: Record<string, string>): Promise<string> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path, headers, agent: false }, resolve).once('error', reject).end();
  });
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return text;
}

const NOTHING = 'There is nothing at this path.';

const OURS = ['localhost', 'localhost:4000', '127.0.0.1', '127.0.0.2:80', '[::1]:4000', 'LOCALHOST'];
const THEIRS = ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '127.0.0.1@evil.example', '10.0.0.1'];
const FORWARDING = {
  'X-Forwarded-For': '127.0.0.1',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'localhost',
  'X-Forwarded-Server': 'web',
  'X-Real-IP': '127.0.0.1',
  Forwarded: 'for=127.0.0.1',
  Via: '1.1 caddy',
  'CF-Connecting-IP': '127.0.0.1',
  'True-Client-IP': '127.0.0.1',
  'X-Client-IP': '127.0.0.1',
  'Client-IP': '127.0.0.1',
  'X-ProxyUser-Ip': '127.0.0.1',
  X_Forwarded_For: '127.0.0.1',
  'X-Original-URL': '/',
  'Tailscale-User-Login': 'ada@example.com',
};

describe.each(PLACES)('%s %s', (method, path) => {
  it('is served to this machine under its names', async () => {
    for (const host of OURS) {
      const text = await messageOf(method, path, { Host: host });
      expect([host, text.includes(NOTHING)]).toEqual([host, false]);
    }
  });

  it('is not served under another name that resolves to this machine', async () => {
    for (const host of THEIRS) {
      const text = await messageOf(method, path, { Host: host });
      expect([host, text.includes(NOTHING)]).toEqual([host, true]);
    }
  });

  it('is not served through a proxy', async () => {
    for (const [name, value] of Object.entries(FORWARDING)) {
      const text = await messageOf(method, path, { Host: 'localhost', [name]: value });
      expect([name, text.includes(NOTHING)]).toEqual([name, true]);
    }
  });

  it.each([
    ['over HTTP/1.0, which nginx uses by default', `${method} ${path} HTTP/1.0\r\nHost: localhost\r\n\r\n`],
    [
      'for the URL of another host, as a proxy gets it',
      `${method} http://evil.example${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    ],
    [
      'with two Host headers, one of which is not ours',
      `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    ],
  ])('is not served %s', async (_how, head) => {
    const text = await new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = net.connect(port, '127.0.0.1', () => socket.write(head));
      socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
      socket.once('error', reject).once('close', () => resolve(received));
    });
    expect(text).toContain(NOTHING);
  });
});

describe('DEV_TOOLS', () => {
  const behindProxy = { Host: 'tickets.example', 'X-Forwarded-For': '203.0.113.7' };
  afterEach(() => Object.assign(config, { devTools: false, isProduction: false }));

  it('opens the developer pages to everybody, but not the metrics', async () => {
    config.devTools = true;
    expect(await messageOf('GET', '/dev/mail', behindProxy)).not.toContain(NOTHING);
    expect(await messageOf('GET', '/metrics', behindProxy)).toContain(NOTHING);
  });

  it('opens nothing in production', async () => {
    Object.assign(config, { devTools: true, isProduction: true });
    expect(await messageOf('GET', '/dev/mail', { Host: 'localhost' })).toContain(NOTHING);
  });
});

describe('HOST', () => {
  it('defaults to this machine only, outside production', () => {
    expect(readConfig({}).host).toBe('127.0.0.1');
    expect(readConfig({ NODE_ENV: 'test' }).host).toBe('127.0.0.1');
    expect(readConfig({ HOST: '0.0.0.0' }).host).toBe('0.0.0.0');
    expect(readConfig({ HOST: '::' }).host).toBe('::');
  });
});
