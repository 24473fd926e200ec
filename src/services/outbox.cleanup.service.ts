import { database } from '../database';
import { inChunks } from '../lib/chunks';
import { deleteDoneMessages } from '../models/outbox.relay.model';

const DAYS_KEPT = 7;
const CHUNK = 5000;

/** Forgets messages that are done. Returns how many. */
export async function cleanUpOutbox(): Promise<number> {
  return inChunks(CHUNK, (limit) => deleteDoneMessages(database, { days: DAYS_KEPT, limit }));
}
