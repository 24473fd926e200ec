import { Agent, createServer, type Server } from 'node:http';
import type { Express } from 'express';
import request, { type Response, type Test } from 'supertest';
import { createApp } from '../../src/app';
import { whenFileEnds } from './jest/closing';
import { asDeclared } from './contract';
import { locate, type AnswerOf, type Endpoint, type Input } from './endpoints';

let app: Express | undefined;

/** The application under test, one per test file. */
export function testApp(): Express {
  app ??= createApp();
  return app;
}

// One server per application, with kept-alive connections: to listen and connect for each request costs as much as the request.
const servers = new Map<Express, Server>();
const agent = new Agent({ keepAlive: true });

function getServer(application: Express): Server {
  let server = servers.get(application);
  if (!server) {
    // Without a host, `listen` binds at once. Supertest opens and closes a server that is not bound for every request.
    server = createServer(application).listen(0);
    // Otherwise the server could close an idle connection just as a client uses it again.
    server.keepAliveTimeout = 0;
    servers.set(application, server);
  }
  return server;
}

whenFileEnds(() => {
  agent.destroy();
  for (const server of servers.values()) {
    server.closeAllConnections();
    server.close();
  }
  servers.clear();
});

interface Untyped {
  get(path: string): Test;
  post(path: string): Test;
  put(path: string): Test;
  delete(path: string): Test;
}

export interface Client extends Untyped {
  /** A request whose path, query and body are those of the endpoint: `.request('POST /api/bookings', { body: { … } }).expect(409)`. */
  request<E extends Endpoint>(endpoint: E, ...input: Input<E>): Test;
  /** The same, expecting success. Resolves to the JSON body: `const { data } = await as(user).call('GET /api/bookings')`. */
  call<E extends Endpoint>(endpoint: E, ...input: Input<E>): Promise<AnswerOf<E>>;
}

export type Method = keyof Untyped;

function assertSuccess({ ok, status, body }: Response): void {
  if (!ok) throw new Error(`expected success, got ${status}: ${JSON.stringify(body)}`);
}

/** Returns a client for this application. A response that its route does not declare fails the test. */
export function clientOf(application: () => Express, headers: Record<string, string> = {}): Client {
  const send = (method: Method) => (path: string) =>
    request(getServer(application()))[method](path).agent(agent).set(headers).expect(asDeclared(method, path));
  const sendTo = (endpoint: Endpoint, input: unknown): Test => {
    const { method, path, body } = locate(endpoint, input ?? {});
    return send(method)(path).send(body);
  };
  return {
    get: send('get'),
    post: send('post'),
    put: send('put'),
    delete: send('delete'),
    request: (endpoint, ...[input]) => sendTo(endpoint, input),
    async call(endpoint, ...[input]) {
      const response = await sendTo(endpoint, input).expect(assertSuccess);
      return response.body as never;
    },
  };
}

/** Returns a client that sends a user's token, or a given one: `as(user).post('/api/events').send({ … }).expect(201)`. */
export function as(caller: { token: string } | string): Client {
  const token = typeof caller === 'string' ? caller : caller.token;
  return clientOf(testApp, { Authorization: `Bearer ${token}` });
}

/** A client that sends no token. */
export const anonymous: Client = clientOf(testApp);
