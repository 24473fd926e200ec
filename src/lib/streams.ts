import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Waits until a destroyed stream has let go of its file: before that, opening it may still make the file anew. */
export async function whenClosed(stream: Writable): Promise<void> {
  stream.destroy();
  if (!stream.closed) await once(stream, 'close').catch(() => undefined);
}
