import { createServer, type Server } from 'node:http';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import express from 'express';
import { sendCachedList, sendList } from '../../src/http/list-cache';
import { bumpListVersion } from '../../src/runtime/list-version';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
}

let server: Server;
let port: number;
let made: string[] = [];
// Runs while a list is being built, and delays it.
let meanwhile: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  const app = express();
  app.set('etag', false);
  app.get('/lists', async (req, res) => {
    const known = sendCachedList(req, res);
    if (known) return known;
    const which = String(req.query.which);
    await sendList(req, res, {
      query: which,
      build: async () => {
        made.push(which);
        const count = made.length;
        await meanwhile();
        return { which, count, filler: 'x'.repeat(which === 'short' ? 10 : 5000) };
      },
    });
  });
  server = createServer(app);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

beforeEach(() => {
  made = [];
  meanwhile = async () => undefined;
  bumpListVersion();
});

afterAll(() => new Promise((resolve) => void server.close(resolve)));

function get(query: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: `/lists?${query}`, headers }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, bytes: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}

const countOf = ({ bytes }: Answer): number => (JSON.parse(bytes.toString()) as { count: number }).count;

describe('sendList', () => {
  it('computes a list once for concurrent requests, however they write the query', async () => {
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    meanwhile = () => gate;
    const answers = Array.from({ length: 10 }, (_, i) => get(`which=a&spelling=${i % 3}`));
    while (made.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    setTimeout(go, 50);
    expect(new Set((await Promise.all(answers)).map(countOf))).toEqual(new Set([1]));
    await get('which=a');
    expect(made).toEqual(['a']);
    await get('which=b');
    expect(made).toEqual(['a', 'b']);
  });

  it('computes it again after a write, even a write during the computation', async () => {
    meanwhile = async () => {
      if (made.length === 1) bumpListVersion();
    };
    expect(countOf(await get('which=a'))).toBe(1);
    expect(countOf(await get('which=a'))).toBe(2);
    expect(countOf(await get('which=a'))).toBe(2);
    bumpListVersion();
    expect(countOf(await get('which=a'))).toBe(3);
  });

  it('computes it again after a failure', async () => {
    meanwhile = async () => {
      if (made.length === 1) throw new Error('away');
    };
    expect((await get('which=a')).status).toBe(500);
    expect(countOf(await get('which=a'))).toBe(2);
  });

  it('compresses it for clients that accept that', async () => {
    const plain = await get('which=a');
    const zipped = await get('which=a', { 'Accept-Encoding': 'gzip, br' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
    expect(Number(zipped.headers['content-length'])).toBe(zipped.bytes.length);
    expect(zipped.headers.etag).toBe(`W/${plain.headers.etag as string}`);
    expect((await get('which=a', { 'Accept-Encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined();
    expect((await get('which=short', { 'Accept-Encoding': 'gzip' })).headers['content-encoding']).toBeUndefined();
  });

  it.each(['', 'gzip'])('returns 304 to clients that have the list (Accept-Encoding: %j)', async (encoding) => {
    const headers = { 'Accept-Encoding': encoding };
    const { headers: first } = await get('which=a', headers);
    const again = await get('which=a', { ...headers, 'If-None-Match': `"other", ${first.etag as string}` });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    expect((await get('which=a', { ...headers, 'If-None-Match': '"other"' })).status).toBe(200);
  });
});
