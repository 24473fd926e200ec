import { database } from '../database';
import { inChunks } from '../lib/chunks';
import { deleteOldTokens } from '../models/auth.model';
import { deleteOldFailures, deleteOldNetworks } from '../models/auth.throttle.model';
import { FORGET_SECONDS, KNOWN_NETWORK_DAYS } from './auth.throttle.service';
import { cleanUpSessions } from './sessions.service';

const CHUNK = 5000;

/** Deletes what is over: sessions, refresh tokens, mailed tokens, counted failures. */
export async function cleanUpAuth(): Promise<void> {
  await cleanUpSessions();
  await inChunks(CHUNK, (limit) => deleteOldTokens(database, limit));
  await inChunks(CHUNK, (limit) => deleteOldFailures(database, FORGET_SECONDS, limit));
  await inChunks(CHUNK, (limit) => deleteOldNetworks(database, KNOWN_NETWORK_DAYS, limit));
}
