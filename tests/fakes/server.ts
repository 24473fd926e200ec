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
  /** Instead of JSON. */
  text?: string;
  headers?: Record<string, string>;
}

/** What goes wrong after the work was done: no answer at all, or a 500. */
export type Misbehavior = 'timeout' | 'error';

export interface FakeServer {
  url: string;
  /** `POST /v1/refunds`, in the order of arrival. */
  requests: string[];
  /** The next requests that change something do their work, then misbehave; none: no more of it. */
  misbehave(...how: Misbehavior[]): void;
  /** What a proxy says in its place, with 503; undefined: it is there again. */
  setDown(page: string | undefined): void;
  /** Takes no connections any more. */
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

/** `changesMoney` says which requests misbehave. */
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
  /** When it is sent; by default now. */
  at?: Date;
}

/** What all fakes can do, so that one test can go over all of them. Amounts are decimal strings. */
export interface FakeProvider extends FakeServer {
  /** Everything told so far, in the order in which it happened: deliver it doubled, late or shuffled. */
  events: FakeEvent[];
  intents(): number;
  /** How often a customer's money was taken. */
  charges(): number;
  /** How often money was given back. */
  refunds(): number;
  /** The customer pays; another amount or currency than was asked for is the provider's mistake. */
  pay(intentId: string, instead?: { amount?: string; currency?: string }): void;
  /** The customer's money is on its way, and may still not come. */
  payLater(intentId: string): void;
  /** What was on its way is there. */
  arrive(intentId: string): void;
  decline(intentId: string): void;
  sign(event: FakeEvent, signing?: Signing): Delivery;
}

/** Sends deliveries to a webhook's address, all at once; gives the statuses of the answers. */
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

/** Numbered, so that ids sort in the order in which they were made. */
export function fakeId(prefix: string, length = 24): string {
  count += 1;
  return prefix + String(count).padStart(length - prefix.length, '0');
}
