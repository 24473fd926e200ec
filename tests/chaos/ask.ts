import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random';

const PATIENCE_MS = 15_000;
const agent = new http.Agent({ keepAlive: true, maxSockets: 200 });

export interface Answer {
  /** 0 if there was none: the connection failed or ended, or it took too long. */
  status: number;
  body: { data?: Record<string, unknown>; error?: { code: string; message: string } };
  retryAfterMs: number;
}

export interface Question {
  method: string;
  path: string;
  token: string;
  body?: unknown;
  key?: string;
}

/** Sends a request once. */
export function askOnce(port: number, { method, path, token, body, key }: Question): Promise<Answer> {
  return new Promise((resolve) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const none = (): void => resolve({ status: 0, body: {}, retryAfterMs: 0 });
    const request = http.request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method,
        path,
        timeout: PATIENCE_MS,
        headers: {
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
          ...(body === undefined
            ? {}
            : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
          ...(key ? { 'Idempotency-Key': key } : {}),
        },
      },
      (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
        response.on('error', none).on('close', () => {
          if (!response.complete) return none();
          resolve({
            status: response.statusCode!,
            body: received.startsWith('{') ? (JSON.parse(received) as Answer['body']) : {},
            retryAfterMs: Number(response.headers['retry-after'] ?? 0) * 1000,
          });
        });
      },
    );
    request.on('error', none).on('timeout', () => request.destroy());
    request.end(text);
  });
}

/** Returns whether an API answers requests that need the database. */
export async function isAnswering(port: number): Promise<boolean> {
  return (await askOnce(port, { method: 'GET', path: '/health/ready', token: '' })).status === 200;
}

export interface Asker {
  /** Asks until there is an answer, as a good client does: with the same key, from another process if one does not answer. */
  ask(question: Question): Promise<Answer | undefined>;
  /** After this, questions without an answer get `undefined` when the patience is over. */
  endAt(ms: number): void;
  /** The times at which changes succeeded, by port. */
  successes: { port: number; at: number }[];
  counts: { asked: number; answered: number; repeated: number; refusedForNow: number };
  /** Answers that no client should ever get. */
  problems: string[];
}

const isFinal = ({ status, body }: Answer): boolean =>
  status !== 0 && status !== 429 && status < 500 && body.error?.code !== 'REQUEST_IN_PROGRESS';

export function createAsker(ports: number[], random: Random): Asker {
  let deadline = Infinity;
  const asker: Asker = {
    successes: [],
    counts: { asked: 0, answered: 0, repeated: 0, refusedForNow: 0 },
    problems: [],
    endAt: (ms) => void (deadline = ms),
    async ask(question) {
      asker.counts.asked += 1;
      for (let turn = Math.floor(random.next() * ports.length); ; turn += 1) {
        const port = ports[turn % ports.length]!;
        const answer = await askOnce(port, question);
        if (isFinal(answer)) {
          asker.counts.answered += 1;
          if (answer.status < 300) asker.successes.push({ port, at: Date.now() });
          return answer;
        }
        const { status, body, retryAfterMs } = answer;
        if (status >= 500 && status !== 503)
          asker.problems.push(`${question.method} ${question.path}: ${status} ${JSON.stringify(body)}`);
        if (status === 503) asker.counts.refusedForNow += 1;
        if (Date.now() > deadline) return undefined;
        asker.counts.repeated += 1;
        await sleep(Math.min(retryAfterMs, 1000) || random.between(50, 250));
      }
    },
  };
  return asker;
}
