import { database } from '../database';
import { inChunks } from '../lib/chunks';
import { deleteOldTokens } from '../models/auth.model';
import { deleteOldFailures } from '../models/auth.throttle.model';
import { FORGET_SECONDS } from './auth.throttle.service';
import { cleanUpSessions } from './sessions.service';

const CHUNK = 5000;

/** Deletes what is over: sessions, refresh tokens, mailed tokens, counted failures. */
export async function cleanUpAuth(): Promise<void> {
  await cleanUpSessions();
  await inChunks(CHUNK, (limit) => deleteOldTokens(database, limit));
  await inChunks(CHUNK, (limit) => deleteOldFailures(database, FORGET_SECONDS, limit));
}
