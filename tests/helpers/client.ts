import type { Express } from 'express';
import request, { type Test } from 'supertest';
import { createApp } from '../../src/app';
import { asDeclared } from './contract';

let app: Express | undefined;

/** The application under test, one per test file. */
export function testApp(): Express {
  app ??= createApp();
  return app;
}

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
    request(application())[method](path).set(headers).expect(asDeclared(method, path));
  return { get: send('get'), post: send('post'), put: send('put'), delete: send('delete') };
}

/** Requests with this user's access token, or with a token itself: `as(user).post('/api/events').send({ … }).expect(201)`. */
export function as(caller: { token: string } | string): Client {
  const token = typeof caller === 'string' ? caller : caller.token;
  return clientOf(testApp, { Authorization: `Bearer ${token}` });
}

/** Requests without signing in. */
export const anonymous: Client = clientOf(testApp);
