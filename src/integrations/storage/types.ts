import type { Readable } from 'node:stream';

export interface StoredObject {
  key: string;
  /** Bytes. */
  size: number;
  modifiedAt: Date;
}

/** Keeps objects under keys (lib/files/file-keys.ts). Whatever fails for the store's own reasons is an AppError UNAVAILABLE. */
export interface Storage {
  /** Writes an object whole or not at all. */
  put(key: string, content: Readable, about: { contentType: string }): Promise<void>;
  /** Who has opened it reads it to the end or destroys it. */
  open(key: string): Promise<{ content: Readable; size: number } | undefined>;
  sizeOf(key: string): Promise<number | undefined>;
  /** Also where it is not there. */
  remove(key: string): Promise<void>;
  list(): AsyncIterable<StoredObject>;
  /** Forgets what writers that died have left half written since before then; returns how many. */
  dropUnfinished(before: Date): Promise<number>;
  close(): void;
}
