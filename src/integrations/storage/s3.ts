import type { Readable } from 'node:stream';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { AppError } from '../../errors';
import { isKey } from '../../lib/files/file-keys';
import { createLimit } from '../../lib/create-limit';
import type { Storage, StoredObject } from './types';

export interface S3Settings {
  endpoint: string | undefined;
  bucket: string;
  region: string;
  accessKeyId: string | undefined;
  secretAccessKey: string | undefined;
}

// The minimum part size of S3, which is also the memory used for each object being written.
const PART_BYTES = 5 * 1024 * 1024;
const MAX_CONCURRENT_WRITES = 4;
const MAX_WAITING_WRITES = 200;
const CONNECT_MS = 5000;
const REQUEST_MS = 30_000;

function createUnavailableError(cause?: unknown): AppError {
  return new AppError('UNAVAILABLE', 'The files cannot be reached: try again in a moment.', { cause });
}

function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404;
}

async function attempt<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw createUnavailableError(error);
  });
}

async function ignoreMissing<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw createUnavailableError(error);
  });
}

function getClientSettings({ endpoint, region, accessKeyId, secretAccessKey }: S3Settings): S3ClientConfig {
  return {
    endpoint,
    region,
    // Without keys, the SDK looks for roles and profiles.
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
    forcePathStyle: true,
    // Not every S3-compatible store supports the checksums that the SDK sends by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS },
  };
}

/** Stores objects in a bucket. The SDK is loaded on first use. */
export function s3Storage(settings: S3Settings): Storage {
  const { bucket: Bucket } = settings;
  let client: S3Client | undefined;
  const write = createLimit({
    atOnce: MAX_CONCURRENT_WRITES,
    waiting: MAX_WAITING_WRITES,
    refuse: createUnavailableError,
  });

  async function load() {
    const sdk = await import('@aws-sdk/client-s3');
    client ??= new sdk.S3Client(getClientSettings(settings));
    return { sdk, client };
  }

  function objectOf(key: string): { Bucket: string; Key: string } {
    if (!isKey(key)) throw new Error('This is not a file key.');
    return { Bucket, Key: key };
  }

  return {
    async put(key, content, { contentType: ContentType }) {
      const { client: s3 } = await load();
      const { Upload } = await import('@aws-sdk/lib-storage');
      const params = { ...objectOf(key), Body: content, ContentType };
      await write(() => attempt(new Upload({ client: s3, params, partSize: PART_BYTES, queueSize: 1 }).done())).finally(
        () => content.destroy(),
      );
    },

    async open(key) {
      const { sdk, client: s3 } = await load();
      const found = await ignoreMissing(s3.send(new sdk.GetObjectCommand(objectOf(key))));
      return found && { content: found.Body as Readable, size: found.ContentLength ?? 0 };
    },

    async sizeOf(key) {
      const { sdk, client: s3 } = await load();
      return (await ignoreMissing(s3.send(new sdk.HeadObjectCommand(objectOf(key)))))?.ContentLength;
    },

    async remove(key) {
      const { sdk, client: s3 } = await load();
      await ignoreMissing(s3.send(new sdk.DeleteObjectCommand(objectOf(key))));
    },

    async *list(): AsyncGenerator<StoredObject> {
      const { sdk, client: s3 } = await load();
      let ContinuationToken: string | undefined;
      do {
        const page = await attempt(s3.send(new sdk.ListObjectsV2Command({ Bucket, ContinuationToken })));
        for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
          if (isKey(Key)) yield { key: Key, size: Size, modifiedAt: LastModified };
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },

    async dropUnfinished(before) {
      const { sdk, client: s3 } = await load();
      // One page per call is enough, because the cleanup runs every hour.
      const { Uploads = [] } = await attempt(s3.send(new sdk.ListMultipartUploadsCommand({ Bucket })));
      const old = Uploads.filter(({ Key = '', Initiated = new Date() }) => isKey(Key) && Initiated < before);
      for (const { Key, UploadId } of old)
        await ignoreMissing(s3.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
      return old.length;
    },

    close() {
      client?.destroy();
      client = undefined;
    },
  };
}
