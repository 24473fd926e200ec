import net from 'node:net';
import path from 'node:path';
import { freePort } from '../../../src/embedded/ports';
import { eventually, start } from './processes';

// Runs the program as in production, in separate processes, with many clients. Needs `npm run build`.

const SERVER = path.join(__dirname, '..', '..', '..', 'dist', 'server.js');

export interface Api {
  output(): string;
  port: number;
  pid: number;
  /** Stops the process as an orchestrator does, and waits until it has ended. */
  stop(): Promise<number | null>;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(Boolean(socket.destroy())));
    socket.once('error', () => resolve(false));
  });
}

/** Starts an API process on this file's database. */
export async function startApi(settings: Record<string, string> = {}): Promise<Api> {
  const port = await freePort();
  const { DATABASE_URL = '', DATA_DIR = '', JWT_SECRET = '', TEST_FOLDER = '' } = process.env;
  const program = start(process.execPath, [SERVER], {
    DOTENV_CONFIG_PATH: path.join(TEST_FOLDER, 'none.env'),
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'error',
    RATE_LIMIT_MAX_REQUESTS: '0',
    MAIL_DRIVER: 'local',
    PUBLIC_URL: 'https://api.example.com',
    FRONTEND_URL: 'https://tickets.example.com',
    DATABASE_URL,
    DATA_DIR,
    JWT_SECRET,
    ...settings,
  });
  const hasEnded = () => program.child.exitCode !== null;
  await eventually(async () => hasEnded() || (await isListening(port)), program.output);
  if (hasEnded()) throw new Error(`The API did not start: ${program.output()}`);
  return {
    port,
    pid: program.pid,
    output: program.output,
    async stop() {
      program.child.kill('SIGTERM');
      return (await program.exited).code;
    },
  };
}

export interface RawAnswer {
  status: number;
  body: string;
  isReplayed: boolean;
}

interface RawRequest {
  method?: string;
  path: string;
  token: string;
  body: unknown;
  idempotencyKey?: string;
}

/** Returns the bytes of a request. */
export function wire({ method = 'POST', path: target, token, body, idempotencyKey }: RawRequest): string {
  const text = JSON.stringify(body);
  const key = idempotencyKey === undefined ? '' : `Idempotency-Key: ${idempotencyKey}\r\n`;
  const type = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`;
  return `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n${key}${type}\r\n${text}`;
}

export interface Connection {
  /** Sends a request. The previous one must be finished. */
  send(request: string): Promise<RawAnswer>;
  close(): void;
}

function parse(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  // Bodies here are ASCII, so one character is one byte.
  if (text.length < end + 4 + length) return undefined;
  return {
    status: Number(head.slice(9, 12)),
    body: text.slice(end + 4),
    isReplayed: /^idempotent-replayed: true/im.test(head),
  };
}

/** Opens a kept-alive connection that takes almost no processor time, for tests that send thousands of requests. */
export function connect(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let waiting: { resolve: (answer: RawAnswer) => void; reject: (error: Error) => void } | undefined;
    let received = '';
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk;
      const answer = parse(received);
      if (!answer) return;
      received = '';
      waiting?.resolve(answer);
      waiting = undefined;
    });
    const fail = (error = new Error('The connection was closed.')) => {
      waiting?.reject(error);
      waiting = undefined;
      reject(error);
    };
    socket.on('error', fail).on('close', () => fail());
    socket.once('connect', () =>
      resolve({
        send: (request) =>
          new Promise((answered, failed) => {
            waiting = { resolve: answered, reject: failed };
            socket.write(request);
          }),
        close: () => socket.destroy(),
      }),
    );
  });
}

/** Opens `count` connections, distributed over the processes. */
export function connectAll(apis: Api[], count: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => connect(apis[index % apis.length]!.port)));
}
