import { database } from '../database';
import { deleteOldTokens } from '../models/auth.model';
import { deleteOldFailures } from '../models/auth.throttle.model';
import { FORGET_SECONDS } from './auth.throttle.service';
import { cleanUpSessions } from './sessions.service';

/** Deletes what is over: sessions, refresh tokens, mailed tokens, counted failures. */
export async function cleanUpAuth(): Promise<void> {
  await cleanUpSessions();
  await deleteOldTokens(database);
  await deleteOldFailures(database, FORGET_SECONDS);
}
