import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { database } from '../database';
import { drawImage } from '../integrations/images';
import { discard, createIncomingPath } from '../integrations/incoming';
import type { Actor } from '../lib/actor';
import { logger } from '../logger';
import { replaceCover } from '../services/events/event-cover';
import { listEvents } from '../services/events/list-events';
import { findAccountByAddress } from '../services/users/accounts';

const FOLDER = path.join(__dirname, '..', '..', 'database', 'seeds', 'covers');
// The same as in database/seeds.
const ORGANIZERS = ['organizer@bilten.example', 'club@bilten.example'];

const slug = (title: string): string => title.toLowerCase().replaceAll(/[^a-z]+/g, '-');

async function showCover(actor: Actor, eventId: number, drawing: string): Promise<void> {
  const target = await createIncomingPath();
  try {
    await drawImage(path.join(FOLDER, drawing), target);
    const upload = { path: target, originalName: drawing.replace('.svg', '.webp'), size: (await stat(target)).size };
    await replaceCover(actor, { eventId, upload });
  } finally {
    await discard(target);
  }
}

async function showCovers(): Promise<void> {
  const drawings = new Set(await readdir(FOLDER));
  for (const email of ORGANIZERS) {
    const account = await findAccountByAddress(database, email);
    if (!account) continue;
    const actor = { userId: account.id, role: account.role, sessionId: 0, requestId: 'demo' };
    const { data } = await listEvents(actor, { page: 1, limit: 100, mine: true });
    for (const { id: eventId, title } of data) {
      const drawing = `${slug(title)}.svg`;
      if (!drawings.has(drawing)) continue;
      await showCover(actor, eventId, drawing);
    }
  }
}

/** Uploads covers for the demo events as their organizer. Image files are named after event titles. */
export async function showDemoCovers(): Promise<void> {
  // Covers are optional, so do not fail if the store cannot be reached.
  await showCovers().catch((error: Error) => logger.warn({ err: error }, 'The demo events have no covers'));
}
