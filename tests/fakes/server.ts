import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface FakeAnswer {
  status: number;
  body?: unknown;
  /** Sent in place of JSON. */
  text?: string;
  headers?: Record<string, string>;
}

/** What goes wrong after the work was done: no response at all, or a 500. */
export type Misbehavior = 'timeout' | 'error';

export interface FakeServer {
  url: string;
  /** In order of arrival, such as `POST /v1/refunds`. */
  requests: string[];
  /** The next requests that change money take effect and then misbehave. Without arguments, requests behave again. */
  misbehave(...how: Misbehavior[]): void;
  /** Sends this page with 503 for every request, as a proxy does when the server is down. `undefined` brings it back up. */
  setDown(page: string | undefined): void;
  /** Ends all connections and accepts no new ones. */
  close(): Promise<void>;
}

async function read(request: http.IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
  return {
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** @param changesMoney returns true for requests that `misbehave` applies to */
export async function startFake(
  handle: (request: FakeRequest) => FakeAnswer,
  changesMoney: (request: FakeRequest) => boolean,
): Promise<FakeServer> {
  const planned: Misbehavior[] = [];
  const requests: string[] = [];
  let down: string | undefined;

  function answerOf(request: FakeRequest): FakeAnswer | undefined {
    requests.push(`${request.method} ${request.path}`);
    if (down !== undefined) return { status: 503, text: down };
    const answer = handle(request);
    const wrong = changesMoney(request) ? planned.shift() : undefined;
    if (wrong === 'timeout') return undefined;
    return wrong === 'error' ? { status: 500, body: { error: { type: 'api_error', message: 'oh no' } } } : answer;
  }

  const server = http.createServer((request, response) => {
    void read(request).then((known) => {
      const answer = answerOf(known);
      if (!answer) return;
      const body = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    misbehave: (...how) => void planned.splice(0, planned.length, ...how),
    setDown: (page) => void (down = page),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A webhook of a provider. Repeated deliveries have the same content; each is signed separately. */
export interface FakeEvent {
  id: string;
  type: string;
  intentId: string;
  body: string;
}

export interface Delivery {
  body: Buffer;
  headers: Record<string, string>;
}

export interface Signing {
  secret?: string;
  /** The time of sending. Now by default. */
  at?: Date;
}

/** What all fake providers can do, so that one test can cover all of them. Amounts are decimal strings. */
export interface FakeProvider extends FakeServer {
  /** All webhooks so far, in the order in which they happened. Tests deliver them twice, late or shuffled. */
  events: FakeEvent[];
  intents(): number;
  /** Returns how often a customer was charged. */
  charges(): number;
  /** Returns how often money was refunded. */
  refunds(): number;
  /** The customer pays. `instead` simulates a provider that reports another amount or currency than requested. */
  pay(intentId: string, instead?: { amount?: string; currency?: string }): void;
  /** The customer's payment is processing and can still fail. */
  payLater(intentId: string): void;
  /** A processing payment succeeds. */
  arrive(intentId: string): void;
  decline(intentId: string): void;
  sign(event: FakeEvent, signing?: Signing): Delivery;
}

/** Sends deliveries to the address of a webhook, all at once, and returns the statuses of the responses. */
export function deliver(url: string, deliveries: Delivery[]): Promise<number[]> {
  return Promise.all(
    deliveries.map(async ({ body, headers }) => {
      const answer = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers });
      await answer.arrayBuffer();
      return answer.status;
    }),
  );
}

let count = 0;

/** Returns numbered ids, so that they sort in the order of their creation. */
export function fakeId(prefix: string, length = 24): string {
  count += 1;
  return prefix + String(count).padStart(length - prefix.length, '0');
}
