import { config } from '../../src/config';
import { database } from '../../src/database';

/** Fills the pool, so that concurrent work does not wait for connections to open. */
export async function openConnections(): Promise<void> {
  await Promise.all(Array.from({ length: config.databasePoolSize }, () => database.raw('SELECT pg_sleep(0.1)')));
}
