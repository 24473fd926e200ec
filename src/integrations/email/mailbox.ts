import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { config } from '../../config';
import type { EmailDriver } from './driver';
import { compose } from './message';

const MAX_KEPT_MAILS = 1000;
const PRUNE_EVERY = 100;
const NAME = /^\d{14}-[\w-]+$/;

const folder = (): string => path.join(config.dataDir, 'mailbox');

/** Returns the ids of all mails, newest first. */
export async function listMailIds(): Promise<string[]> {
  const names = await readdir(folder()).catch(() => [] as string[]);
  const ids = names.filter((name) => name.endsWith('.eml')).map((name) => name.slice(0, -4));
  return ids.sort().reverse();
}

/** Returns a mail as it was sent (RFC 5322); undefined if there is none with this id. */
export async function readMail(id: string): Promise<Buffer | undefined> {
  if (!NAME.test(id)) return undefined;
  return readFile(path.join(folder(), `${id}.eml`)).catch(() => undefined);
}

async function prune(): Promise<void> {
  const old = (await listMailIds()).slice(MAX_KEPT_MAILS);
  for (const id of old) await rm(path.join(folder(), `${id}.eml`), { force: true });
}

/** Stores mail as files in DATA_DIR, where /dev/mail shows it. */
export function mailboxDriver(): EmailDriver {
  let count = 0;
  return {
    async send(mail) {
      const { bytes } = await compose(mail);
      const name = `${String(Date.now()).padStart(14, '0')}-${randomUUID()}`;
      const draft = path.join(folder(), `${name}.draft`);
      await mkdir(folder(), { recursive: true, mode: 0o700 });
      // The file is private because it contains tokens, and renamed when complete so that nobody reads a part of it.
      await writeFile(draft, bytes, { mode: 0o600 });
      await rename(draft, path.join(folder(), `${name}.eml`));
      count += 1;
      if (count % PRUNE_EVERY === 0) await prune();
    },
    async close() {},
  };
}
