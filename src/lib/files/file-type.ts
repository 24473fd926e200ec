import { filetypemime } from 'magic-bytes.js';
import type { FileType } from './file-keys';

const BY_MAGIC: readonly FileType[] = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'];
/** How many of a file's first bytes tell what it is. */
export const HEAD_BYTES = 4096;

// What a browser that guesses would take for a page: https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
const MARKUP = /^\s*<(?:[!?/]|[a-z][\w:-]*[\s/>])/i;
// Text has these and no others of the control characters: tab, line feed, form feed, carriage return, and escape, which terminals write.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]/;

/** What the first bytes say it is; undefined where that is nothing that is taken, or text. */
export function detectByMagic(head: Buffer): FileType | undefined {
  const found = filetypemime(head);
  return BY_MAGIC.find((type) => found.includes(type));
}

/** Whether all of this is plain text: well-formed UTF-8 without control characters, and no markup. */
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
