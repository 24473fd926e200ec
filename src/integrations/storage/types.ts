import type { Readable } from 'node:stream';

export interface StoredObject {
  key: string;
  /** The size in bytes. */
  size: number;
  modifiedAt: Date;
}

/** Stores objects by key (lib/files/file-keys.ts). Failures of the store are AppError UNAVAILABLE. */
export interface Storage {
  /** Writes an object completely or not at all. */
  put(key: string, content: Readable, about: { contentType: string }): Promise<void>;
  /** Opens an object. The caller must read the stream to the end or destroy it. */
  open(key: string): Promise<{ content: Readable; size: number } | undefined>;
  sizeOf(key: string): Promise<number | undefined>;
  /** Deletes an object; succeeds if it does not exist. */
  remove(key: string): Promise<void>;
  list(): AsyncIterable<StoredObject>;
  /** Deletes incomplete objects that crashed writers left behind before this time. Returns how many. */
  dropUnfinished(before: Date): Promise<number>;
  close(): void;
}
