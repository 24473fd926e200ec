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

export interface Client {
  get(path: string): Test;
  post(path: string): Test;
  put(path: string): Test;
  delete(path: string): Test;
}

type Method = keyof Client;

/** Returns a client for this application. A response that its route does not declare fails the test. */
export function clientOf(application: () => Express, headers: Record<string, string> = {}): Client {
  const send = (method: Method) => (path: string) =>
    request(getServer(application()))[method](path).agent(agent).set(headers).expect(asDeclared(method, path));
  return { get: send('get'), post: send('post'), put: send('put'), delete: send('delete') };
}

/** Returns a client that sends a user's token, or a given one: `as(user).post('/api/events').send({ … }).expect(201)`. */
export function as(caller: { token: string } | string): Client {
  const token = typeof caller === 'string' ? caller : caller.token;
  return clientOf(testApp, { Authorization: `Bearer ${token}` });
}

/** A client that sends no token. */
export const anonymous: Client = clientOf(testApp);
