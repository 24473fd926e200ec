import { database } from '../database';
import { repeatInChunks } from '../lib/chunks';
import { deleteOldTokens } from '../models/auth.model';
import { deleteOldFailures, deleteOldNetworks } from '../models/auth.throttle.model';
import { FORGET_SECONDS, KNOWN_NETWORK_DAYS } from './auth.throttle.service';
import { cleanUpSessions } from './sessions.service';

const CLEANUP_CHUNK_SIZE = 5000;

/** Deletes what is over: sessions, refresh tokens, mailed tokens, counted failures. */
export async function cleanUpAuth(): Promise<void> {
  await cleanUpSessions();
  await repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteOldTokens(database, limit));
  await repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteOldFailures(database, FORGET_SECONDS, limit));
  await repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteOldNetworks(database, KNOWN_NETWORK_DAYS, limit));
}
