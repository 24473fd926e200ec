import { database } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { deleteOldTokens } from '../../models/auth/user-tokens';
import { deleteOldFailures, deleteOldNetworks } from '../../models/auth/throttle';
import { FORGET_SECONDS, KNOWN_NETWORK_DAYS } from './throttle';
import { cleanUpSessions } from '../sessions/start-and-end-sessions';

const CLEANUP_CHUNK_SIZE = 5000;

/** Deletes expired sessions, refresh tokens, mailed tokens, sign-in failures and networks. */
export async function cleanUpAuth(): Promise<void> {
  await cleanUpSessions();
  await repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteOldTokens(database, limit));
  await repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteOldFailures(database, FORGET_SECONDS, limit));
  await repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteOldNetworks(database, KNOWN_NETWORK_DAYS, limit));
}
