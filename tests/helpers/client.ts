import { Agent, createServer, type Server } from 'node:http';
import type { Express } from 'express';
import request, { type Test } from 'supertest';
import { createApp } from '../../src/app';
import { whenFileEnds } from './jest/closing';
import { asDeclared } from './contract';

let app: Express | undefined;

/** The application under test, one per test file. */
export function testApp(): Express {
  app ??= createApp();
  return app;
}

// One server per application, on connections that are kept: listening and connecting for each request costs as much as the request.
const servers = new Map<Express, Server>();
const agent = new Agent({ keepAlive: true });

function getServer(application: Express): Server {
  let server = servers.get(application);
  if (!server) {
    // Without a host it is bound when this returns; supertest would listen by itself otherwise, and close it each time.
    server = createServer(application).listen(0);
    // An idle connection must not be closed at the moment in which it is used again.
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

export interface Client {
  get(path: string): Test;
  post(path: string): Test;
  put(path: string): Test;
  delete(path: string): Test;
}

type Method = keyof Client;

/** Requests to this application; an answer that its route does not declare fails the test. */
export function clientOf(application: () => Express, headers: Record<string, string> = {}): Client {
  const send = (method: Method) => (path: string) =>
    request(getServer(application()))[method](path).agent(agent).set(headers).expect(asDeclared(method, path));
  return { get: send('get'), post: send('post'), put: send('put'), delete: send('delete') };
}

/** Requests with this user's access token, or with a token itself: `as(user).post('/api/events').send({ … }).expect(201)`. */
export function as(caller: { token: string } | string): Client {
  const token = typeof caller === 'string' ? caller : caller.token;
  return clientOf(testApp, { Authorization: `Bearer ${token}` });
}

/** Requests without signing in. */
export const anonymous: Client = clientOf(testApp);
