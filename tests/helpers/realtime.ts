import path from 'node:path';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { freePort } from '../../src/embedded/ports';
import { eventually, start } from './servers/processes';

export interface Process {
  url: string;
  /** Stops the process as a deployment does. */
  terminate(): void;
  stop(): Promise<void>;
}

const SERVER = path.join(__dirname, '..', '..', 'dist', 'server.js');

/** Starts an API in a separate process. */
export async function startApi(settings: Record<string, string> = {}): Promise<Process> {
  const port = await freePort();
  const { DATABASE_URL = '', JWT_SECRET = '' } = process.env;
  const common = { DATABASE_URL, JWT_SECRET, NODE_ENV: 'test', PORT: `${port}`, RATE_LIMIT_MAX_REQUESTS: '0' };
  const server = start(process.execPath, [SERVER], { ...common, ...settings });
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    () =>
      fetch(`${url}/api/events`).then(
        ({ ok }) => ok,
        () => false,
      ),
    server.output,
  );
  return {
    url,
    terminate: () => void server.child.kill('SIGTERM'),
    async stop() {
      server.child.kill('SIGKILL');
      await server.exited;
    },
  };
}

export interface Heard {
  socket: Socket;
  /** Returns all events with this name, in order. */
  all<T = Record<string, unknown>>(name: string): T[];
  /** Waits for the next event with this name that the test has not taken yet. */
  next<T = Record<string, unknown>>(name: string): Promise<T>;
  ask(name: string, request?: unknown): Promise<{ success: boolean; error?: { code: string } }>;
  close(): void;
}

type Options = Partial<ManagerOptions & SocketOptions>;

/** Connects a client that records what it receives, including `connect`, `connect_error` and `disconnect`. */
export function connectTo(url: string, token: unknown, options: Options = {}): Heard {
  const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, ...options });
  const heard = new Map<string, unknown[]>();
  const seen = new Map<string, number>();
  const keep = (name: string, what: unknown): void => void heard.set(name, [...(heard.get(name) ?? []), what]);
  socket.onAny(keep);
  for (const name of ['connect', 'connect_error', 'disconnect'] as const)
    socket.on(name, (what: unknown) => keep(name, what ?? true));
  const all = <T>(name: string): T[] => (heard.get(name) ?? []) as T[];
  return {
    socket,
    all,
    async next<T>(name: string): Promise<T> {
      const index = seen.get(name) ?? 0;
      seen.set(name, index + 1);
      await eventually(
        () => all(name).length > index,
        () => `${name}: ${JSON.stringify([...heard])}`,
      );
      return all<T>(name)[index]!;
    },
    ask: (name, request) => socket.timeout(5000).emitWithAck(name, request) as ReturnType<Heard['ask']>,
    close: () => void socket.disconnect(),
  };
}
