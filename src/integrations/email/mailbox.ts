import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
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

/** Returns an id that sorts by time, and within a millisecond by number. */
function nameMail(number: number): string {
  return [String(Date.now()).padStart(14, '0'), String(number).padStart(9, '0'), randomUUID()].join('-');
}

/** Writes a file at once: handing each of its steps to a thread takes longer than the steps. */
function writeMail(id: string, bytes: Buffer): void {
  const draft = path.join(folder(), `${id}.draft`);
  mkdirSync(folder(), { recursive: true, mode: 0o700 });
  // The file is private because it contains tokens, and renamed when complete so that nobody reads a part of it.
  writeFileSync(draft, bytes, { mode: 0o600 });
  renameSync(draft, path.join(folder(), `${id}.eml`));
}

/** Stores mail as files in DATA_DIR, where /dev/mail shows it. */
export function mailboxDriver(): EmailDriver {
  let count = 0;
  return {
    async send(mail) {
      const { bytes } = compose(mail);
      writeMail(nameMail(count), bytes);
      count += 1;
      if (count % PRUNE_EVERY === 0) await prune();
    },
    async close() {},
  };
}
