import { filetypemime } from 'magic-bytes.js';
import type { FileType } from './file-keys';

const BY_MAGIC: readonly FileType[] = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'];
/** The number of leading bytes that identify a file type. */
export const HEAD_BYTES = 4096;

// Text that a sniffing browser would treat as a page: https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
const MARKUP = /^\s*<(?:[!?/]|[a-z][\w:-]*[\s/>])/i;
// Plain text may only contain these control characters: tab, line feed, form feed, carriage return, and escape (from terminals).
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]/;

/** Returns the type that the first bytes identify; undefined for text and for types that are not accepted. */
export function detectByMagic(head: Buffer): FileType | undefined {
  const found = filetypemime(head);
  return BY_MAGIC.find((type) => found.includes(type));
}

/** True for plain text: well-formed UTF-8 without control characters or markup. */
export async function isPlainText(content: AsyncIterable<Buffer>): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = '';
  try {
    for await (const chunk of content) {
      const text = decoder.decode(chunk, { stream: true });
      if (CONTROL.test(text)) return false;
      if (start.length < HEAD_BYTES) start += text.slice(0, HEAD_BYTES);
    }
    decoder.decode();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw error;
  }
  return !MARKUP.test(start);
}
