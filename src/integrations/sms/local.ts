import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { config } from '../../config';
import type { Sms, SmsDriver } from './driver';

const MAX_KEPT_MESSAGES = 1000;
const PRUNE_EVERY = 100;

export interface KeptSms extends Sms {
  id: string;
  sentAt: string;
}

const folder = (): string => path.join(config.dataDir, 'sms');

async function listNames(): Promise<string[]> {
  const names = await readdir(folder()).catch(() => [] as string[]);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse();
}

/** Returns the stored text messages, newest first. */
export async function listKeptSms(limit: number): Promise<KeptSms[]> {
  const names = (await listNames()).slice(0, limit);
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder(), name), 'utf8').catch(() => null)));
  return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as KeptSms]));
}

async function prune(): Promise<void> {
  for (const name of (await listNames()).slice(MAX_KEPT_MESSAGES)) await rm(path.join(folder(), name), { force: true });
}

/** Stores text messages as files in DATA_DIR, where /dev/mail shows them. */
export function localSmsDriver(): SmsDriver {
  let count = 0;
  return {
    async send({ to, body }) {
      const id = `${String(Date.now()).padStart(14, '0')}-${randomUUID()}`;
      const draft = path.join(folder(), `${id}.draft`);
      await mkdir(folder(), { recursive: true, mode: 0o700 });
      // Renamed when complete, so that nobody reads a part of it.
      await writeFile(draft, JSON.stringify({ id, to, body, sentAt: new Date().toISOString() }), { mode: 0o600 });
      await rename(draft, path.join(folder(), `${id}.json`));
      count += 1;
      if (count % PRUNE_EVERY === 0) await prune();
      return true;
    },
  };
}
