import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';
import { localStorage } from '../../src/integrations/storage/local';
import { s3Storage } from '../../src/integrations/storage/s3';
import type { Storage } from '../../src/integrations/storage/types';
import { createKey as newKeyOf, getVariantKey, type FileType } from '../../src/lib/files/file-keys';
import { startFakeS3, S3_BUCKET, S3_KEYS, type FakeS3 } from '../fakes/s3';

const MB = 1024 * 1024;
const newKey = (type: FileType): string => newKeyOf(type, '0123abcd');
const text = { contentType: 'text/plain' };
const root = path.resolve(process.env.DATA_DIR!, 'uploads');

let fake: FakeS3;
let settings: Parameters<typeof s3Storage>[0];
let storages: Record<'local' | 's3', Storage>;

beforeAll(async () => {
  fake = await startFakeS3(path.resolve(process.env.DATA_DIR!, 'fake-s3'));
  settings = { endpoint: fake.url, bucket: S3_BUCKET, region: 'us-east-1', ...S3_KEYS };
  storages = { local: localStorage(root), s3: s3Storage(settings) };
});

afterAll(async () => {
  storages.s3.close();
  await fake.stop();
});

/** Returns a stream that yields bytes in small pieces on demand. `asked` returns how many it has yielded. */
function stream(bytes: Buffer): Readable & { asked: () => number } {
  let at = 0;
  const readable = new Readable({
    highWaterMark: 64 * 1024,
    read(size) {
      readable.push(at < bytes.length ? bytes.subarray(at, (at += size)) : null);
    },
  });
  return Object.assign(readable, { asked: () => at });
}

async function read(storage: Storage, key: string): Promise<Buffer | undefined> {
  const object = await storage.open(key);
  if (!object) return undefined;
  const bytes = await buffer(object.content);
  expect(bytes.length).toBe(object.size);
  return bytes;
}

async function keysOf(storage: Storage): Promise<string[]> {
  const keys = [];
  for await (const { key } of storage.list()) keys.push(key);
  return keys;
}

describe.each(['local', 's3'] as const)('the %s storage', (driver) => {
  let storage: Storage;
  beforeAll(() => {
    storage = storages[driver];
  });

  it.each([0, 1, 5 * MB, 5 * MB + 1, 11 * MB])('stores an object of %i bytes unchanged', async (size) => {
    const key = newKey('application/pdf');
    const bytes = randomBytes(size);
    await storage.put(key, stream(bytes), text);
    expect((await read(storage, key))?.equals(bytes)).toBe(true);
    expect(await storage.sizeOf(key)).toBe(size);
    await storage.remove(key);
  });

  it('returns undefined for missing objects', async () => {
    const key = newKey('text/plain');
    expect(await storage.open(key)).toBeUndefined();
    expect(await storage.sizeOf(key)).toBeUndefined();
    await expect(storage.remove(key)).resolves.toBeUndefined();
  });

  it('replaces and removes objects', async () => {
    const key = newKey('text/plain');
    await storage.put(key, stream(Buffer.from('one')), text);
    await storage.put(key, stream(Buffer.from('another')), text);
    expect(String(await read(storage, key))).toBe('another');
    await storage.remove(key);
    await storage.remove(key);
    expect(await read(storage, key)).toBeUndefined();
  });

  it('lists every object, with size and time', async () => {
    const main = newKey('image/png');
    const keys = [
      main,
      ...[320, 640].map((width) => getVariantKey(main, width)),
      ...Array.from({ length: 6 }, () => newKey('text/plain')),
    ];
    for (const key of keys) await storage.put(key, stream(Buffer.from(key)), text);
    const listed = [];
    for await (const object of storage.list()) listed.push(object);
    expect(listed.map(({ key }) => key).sort()).toEqual([...keys].sort());
    for (const { size, modifiedAt } of listed) {
      expect(size).toBeGreaterThan(40);
      expect(Math.abs(Date.now() - modifiedAt.getTime())).toBeLessThan(60_000);
    }
    for (const key of keys) await storage.remove(key);
    expect(await keysOf(storage)).toEqual([]);
  });

  it.each([1, 7 * MB])('stores nothing of an upload that ends early after %i bytes', async (size) => {
    const key = newKey('application/pdf');
    const source = Readable.from(
      (async function* () {
        yield randomBytes(size);
        throw new Error('The connection is gone.');
      })(),
    );
    await expect(storage.put(key, source, text)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await storage.sizeOf(key)).toBeUndefined();
    expect(await keysOf(storage)).toEqual([]);
    expect(await storage.dropUnfinished(new Date(Date.now() + 60_000))).toBe(0);
  });

  it('reads a source only as fast as it can write, and an object only as far as requested', async () => {
    const keys = Array.from({ length: 6 }, () => newKey('application/pdf'));
    const bytes = randomBytes(10 * MB);
    const sources = keys.map(() => stream(bytes));
    const puts = keys.map((key, index) => storage.put(key, sources[index]!, text));
    await Promise.race(puts);
    const held = sources.filter(({ asked }) => asked() < bytes.length).length;
    await Promise.all(puts);
    if (driver === 's3') expect(held).toBeGreaterThan(0);
    const { content } = (await storage.open(keys[0]!))!;
    content.once('readable', () => content.read(1));
    await new Promise((resolve) => content.once('readable', resolve));
    expect(content.readableLength).toBeLessThan(MB);
    content.destroy();
    for (const key of keys) await storage.remove(key);
  });

  it.each([
    '../../etc/passwd',
    'a/b.png',
    '',
    '.partial',
    `${'a'.repeat(40)}.png\0`,
    `${'a'.repeat(40)}.html`,
    `../${'a'.repeat(40)}.png`,
  ])('refuses %j as a key', async (key) => {
    const attempts = [
      () => storage.put(key, stream(Buffer.from('x')), text),
      () => storage.open(key),
      () => storage.sizeOf(key),
      () => storage.remove(key),
    ];
    for (const attempt of attempts) await expect((async () => void (await attempt()))()).rejects.toThrow();
  });
});

describe('the local storage', () => {
  it('removes old temporary files of a writer that died', async () => {
    await mkdir(path.join(root, '.partial'), { recursive: true });
    await writeFile(path.join(root, '.partial', 'left'), 'half');
    expect(await storages.local.dropUnfinished(new Date(Date.now() - 60_000))).toBe(0);
    expect(await storages.local.dropUnfinished(new Date(Date.now() + 60_000))).toBe(1);
    expect(await readdir(path.join(root, '.partial'))).toEqual([]);
  });

  it('is unavailable if its folder cannot be used', async () => {
    const folder = path.resolve(process.env.DATA_DIR!, 'no-folder');
    await writeFile(folder, 'a file');
    await expect(localStorage(folder).put(newKey('text/plain'), stream(Buffer.from('x')), text)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });
});

describe('the s3 storage', () => {
  it('sends a large object in parts, and removes the parts of one that fails', async () => {
    const key = newKey('application/pdf');
    fake.requests.length = 0;
    await storages.s3.put(key, stream(randomBytes(6 * MB)), text);
    expect(fake.requests.filter((request) => request.includes('partNumber='))).toHaveLength(2);
    await storages.s3.remove(key);
    fake.failing = (request) => request.includes('partNumber=2');
    await expect(storages.s3.put(key, stream(randomBytes(6 * MB)), text)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    fake.failing = undefined;
    expect([await fake.keys(), fake.unfinished()]).toEqual([[], 0]);
  });

  it('removes the parts that a dead writer left', async () => {
    fake.failing = (request) => request.includes('partNumber=2') || request.startsWith('DELETE');
    const put = storages.s3.put(newKey('application/pdf'), stream(randomBytes(6 * MB)), text);
    await expect(put).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    fake.failing = undefined;
    expect(fake.unfinished()).toBe(1);
    expect(await storages.s3.dropUnfinished(new Date(Date.now() - 60_000))).toBe(0);
    expect(await storages.s3.dropUnfinished(new Date(Date.now() + 60_000))).toBe(1);
    expect(fake.unfinished()).toBe(0);
  });

  it.each([
    ['a wrong secret', { secretAccessKey: 'guessed' }],
    ['an unknown key', { accessKeyId: 'AKIDOTHER' }],
    ['a bucket that does not exist', { bucket: 'elsewhere' }],
    ['no server at its address', { endpoint: 'http://127.0.0.1:9' }],
  ])('is unavailable with %s', async (_what, wrong) => {
    const storage = s3Storage({ ...settings, ...wrong });
    const key = newKey('text/plain');
    await expect(storage.put(key, stream(Buffer.from('x')), text)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    if (!('bucket' in wrong)) await expect(storage.open(key)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    storage.close();
  });
});

describe('the fake S3 server', () => {
  it('understands chunks with trailing checksums, and refuses a body that was not signed', async () => {
    const client = new S3Client({
      endpoint: fake.url,
      region: 'us-east-1',
      credentials: S3_KEYS,
      forcePathStyle: true,
    });
    const [key, bytes] = [newKey('application/pdf'), randomBytes(300_000)];
    const put = (Body: Readable | Buffer) =>
      new PutObjectCommand({ Bucket: S3_BUCKET, Key: key, Body, ContentLength: bytes.length });
    await client.send(put(stream(bytes)));
    expect((await read(storages.s3, key))?.equals(bytes)).toBe(true);
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: Buffer }).body = Buffer.alloc(bytes.length);
        return next(args);
      },
      { step: 'deserialize' },
    );
    await expect(client.send(put(bytes))).rejects.toThrow();
    client.destroy();
    await storages.s3.remove(key);
  });
});
