import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { Response, Test } from 'supertest';
import type { File } from '../../client/api';
import { config } from '../../src/config';
import { database } from '../../src/database';
import { closeStorage, storage } from '../../src/integrations/storage';
import { startFakeS3, S3_BUCKET, S3_KEYS, type FakeS3 } from '../fakes/s3';
import { anonymous, as } from './client';
import { eventually } from './servers/processes';
import type { TestUser } from './accounts';

export type TestFile = File;

export const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n');

interface Picture {
  width?: number;
  height?: number;
  format?: 'jpeg' | 'png' | 'webp';
}

export async function picture({ width = 40, height = 30, format = 'png' }: Picture = {}): Promise<Buffer> {
  const image = sharp({ create: { width, height, channels: 3, background: '#d1495b' } });
  return image.toFormat(format).toBuffer();
}

/** Sends `POST /api/files` with this file. */
export function uploading(user: TestUser, content: Buffer, { name = 'a file', to = '/api/files' } = {}): Test {
  return as(user).post(to).attach('file', content, { filename: name, contentType: 'application/octet-stream' });
}

export async function uploaded(user: TestUser, content: Buffer, name?: string): Promise<TestFile> {
  const { body } = await uploading(user, content, { name }).expect(201);
  return (body as { data: TestFile }).data;
}

/** Fetches an address from a response. */
export function fetching(url: string): Test {
  const { pathname, search } = new URL(url);
  return anonymous
    .get(pathname + search)
    .buffer(true)
    .parse(asBytes);
}

function asBytes(res: Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = res as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}

export async function storedKeys(): Promise<string[]> {
  const keys = [];
  for await (const { key } of storage().list()) keys.push(key);
  return keys.sort();
}

/** Returns the keys in the rows of completed files. */
export async function knownKeys(): Promise<string[]> {
  const rows = await database('files')
    .where('status', 'stored')
    .select<{ key: string; variants: { key: string }[] }[]>();
  return rows.flatMap(({ key, variants }) => [key, ...variants.map((each) => each.key)]).sort();
}

async function leftovers(): Promise<string[]> {
  const folders = ['incoming', 'uploads/.partial'].map((name) => path.resolve(config.dataDir, name));
  const names = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  const pending: string[] = await database('files').where('status', 'pending').pluck('key');
  return [...names.flat(), ...pending];
}

/** Waits until failed and completed uploads have left nothing behind. */
export async function nothingIsLeft(): Promise<void> {
  let left: string[] = [];
  await eventually(
    async () => (left = await leftovers()).length === 0,
    () => left.join(', '),
  );
}

interface Stage {
  /** Settings for a worker, which loads its own modules. */
  environment: Record<string, string>;
  s3: FakeS3 | undefined;
}

/** Makes this file's tests use this driver. */
export function useStorage(driver: 'local' | 's3'): Stage {
  const stage: Stage = { environment: {}, s3: undefined };
  const before = { ...config };

  beforeAll(async () => {
    // Rows from before name objects that this store does not have.
    await database('files').delete();
    if (driver === 'local') return;
    stage.s3 = await startFakeS3(path.resolve(config.dataDir, `s3-${randomUUID()}`));
    const { accessKeyId, secretAccessKey } = S3_KEYS;
    stage.environment = {
      STORAGE_DRIVER: 's3',
      S3_ENDPOINT: stage.s3.url,
      S3_BUCKET,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    };
    Object.assign(config, {
      storageDriver: 's3',
      s3Endpoint: stage.s3.url,
      s3Bucket: S3_BUCKET,
      s3AccessKeyId: accessKeyId,
      s3SecretAccessKey: secretAccessKey,
    });
  });

  afterAll(async () => {
    closeStorage();
    Object.assign(config, before);
    await stage.s3?.stop();
  });

  return stage;
}
