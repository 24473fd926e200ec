import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Waits until a destroyed stream has closed its file; until then, a pending open could create the file again. */
export async function whenClosed(stream: Writable): Promise<void> {
  stream.destroy();
  if (!stream.closed) await once(stream, 'close').catch(() => undefined);
}
