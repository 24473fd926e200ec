import { buffer } from 'node:stream/consumers';
import { database } from '../../database';
import { printableImage } from '../../integrations/images';
import { storage } from '../../integrations/storage';
import { getVariantKey } from '../../lib/files/file-keys';
import { createLoader } from '../../lib/loader';
import { logger } from '../../logger';
import { listLogoKeysByEvent } from '../../models/users/accounts';

// The object of a key never changes, so cached logos stay valid.
const MAX_LOGOS = 100;
const PRINTED_WIDTH = 640;
const logos = new Map<string, Uint8Array>();

const findLogoKey = createLoader(async (eventIds: readonly number[]) => {
  const rows = await listLogoKeysByEvent(database, [...new Set(eventIds)]);
  const keys = new Map(rows.map(({ eventId, logoKey }) => [eventId, logoKey]));
  return eventIds.map((id) => keys.get(id) ?? undefined);
});

async function readLogo(key: string): Promise<Uint8Array | undefined> {
  const object = (await storage().open(getVariantKey(key, PRINTED_WIDTH))) ?? (await storage().open(key));
  return object && printableImage(await buffer(object.content));
}

/** Returns the logo of an event's organizer as a JPEG; undefined if there is none or it cannot be read. */
export async function findPrintedLogo(eventId: number): Promise<Uint8Array | undefined> {
  const key = await findLogoKey(eventId);
  if (!key) return undefined;
  const known = logos.get(key);
  if (known) return known;
  try {
    const logo = await readLogo(key);
    if (logo) {
      if (logos.size >= MAX_LOGOS) logos.clear();
      logos.set(key, logo);
    }
    return logo;
  } catch (error) {
    logger.warn({ err: error, eventId }, 'A logo could not be read; the document is rendered without it');
    return undefined;
  }
}
