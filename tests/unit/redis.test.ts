import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { reconnectingRedisOptions } from '../../src/integrations/redis';

// A server that answers as a test tells it to, and counts its connections.

let server: Server;
let sockets: Socket[];
let answer: (command: string) => string;
let client: Redis | undefined;

beforeEach(async () => {
  sockets = [];
  answer = () => '+OK\r\n';
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      // Each command is a list, whose first line is `*` and its length.
      for (const command of data.toString().split(/(?=\*\d+\r\n)/)) socket.write(answer(command));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(async () => {
  client?.disconnect();
  for (const socket of sockets) socket.destroy();
  server.close();
});

async function connect(silenceMs: number): Promise<Redis> {
  client = new Redis((server.address() as AddressInfo).port, '127.0.0.1', {
    ...reconnectingRedisOptions(silenceMs),
    enableReadyCheck: false,
    disableClientInfo: true,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => undefined);
  await once(client, 'ready');
  return client;
}

describe('reconnectingRedisOptions', () => {
  it('end a connection without answers', async () => {
    const redis = await connect(300);
    answer = () => '';
    await expect(redis.get('a')).rejects.toThrow();
    answer = () => '+OK\r\n';
    await once(redis, 'ready');
    await expect(redis.get('a')).resolves.toBe('OK');
    expect(sockets).toHaveLength(2);
  });

  it('leave the next connection alone when one breaks while a command waits', async () => {
    const redis = await connect(300);
    answer = () => '';
    const waiting = redis.get('a').catch(() => undefined);
    await sleep(100);
    answer = () => '+OK\r\n';
    sockets[0]!.destroy();
    await waiting;
    await once(redis, 'ready');
    await redis.get('a');
    await sleep(600);
    expect(sockets).toHaveLength(2);
  });

  it('connect again when the server has become a replica', async () => {
    const redis = await connect(1000);
    answer = () => "-READONLY You can't write against a read only replica.\r\n";
    const connected = once(redis, 'ready');
    await expect(redis.set('a', 'b')).rejects.toThrow('READONLY');
    answer = () => '+OK\r\n';
    await connected;
    await expect(redis.set('a', 'b')).resolves.toBe('OK');
    expect(sockets).toHaveLength(2);
  });
});
