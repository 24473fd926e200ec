import path from 'node:path';
import { config } from '../../config';
import { localStorage } from './local';
import { s3Storage } from './s3';
import type { Storage } from './types';

export type { Storage } from './types';

export const STORAGE_DRIVERS = ['local', 's3'] as const;
export type StorageDriver = (typeof STORAGE_DRIVERS)[number];

const factories: Record<StorageDriver, () => Storage> = {
  local: () => localStorage(path.resolve(config.dataDir, 'uploads')),
  s3: () => {
    const { s3Endpoint: endpoint, s3Bucket: bucket, s3Region: region } = config;
    if (!bucket) throw new Error('S3_BUCKET is not set.');
    return s3Storage({
      endpoint,
      bucket,
      region,
      accessKeyId: config.s3AccessKeyId,
      secretAccessKey: config.s3SecretAccessKey,
    });
  },
};

const opened = new Map<StorageDriver, Storage>();

/** Returns the store of a driver, even if another one is configured. */
export function getStorage(driver: StorageDriver): Storage {
  const known = opened.get(driver) ?? factories[driver]();
  opened.set(driver, known);
  return known;
}

/** Returns the configured store. */
export function storage(): Storage {
  return getStorage(config.storageDriver);
}

export function closeStorage(): void {
  for (const each of opened.values()) each.close();
  opened.clear();
}
