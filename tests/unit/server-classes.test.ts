import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createServerClasses } from '../../src/http/server-classes';

const prototypes = (app: object) => app as { request: object; response: object };

describe('serverClasses', () => {
  const app = express();
  const seen: object[] = [];
  let server: Server;
  let url: string;

  beforeAll(async () => {
    app.post(
      '/echo',
      express.json(),
      (req, res) => void res.status(201).json({ host: req.host, body: req.body as unknown }),
    );
    server = createServer(createServerClasses(app), (req, res) => {
      seen.push(Object.getPrototypeOf(req) as object, Object.getPrototypeOf(res) as object);
      app(req, res);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => void server.close(resolve)));

  it('already have the prototypes that Express would set', async () => {
    const answer = await fetch(`${url}/echo`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"a":1}',
    });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ host: new URL(url).host, body: { a: 1 } });
    expect(seen[0]).toBe(prototypes(app).request);
    expect(seen[1]).toBe(prototypes(app).response);
  });
});
