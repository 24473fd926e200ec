import { database } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { deleteDoneMessages } from '../../models/outbox/claim-messages';

const RETENTION_DAYS = 7;
const CLEANUP_CHUNK_SIZE = 5000;

/** Deletes messages that were finished over 7 days ago. Returns how many. */
export async function cleanUpOutbox(): Promise<number> {
  return repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteDoneMessages(database, { days: RETENTION_DAYS, limit }));
}
