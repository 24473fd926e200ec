import { config } from '../../src/config';
import { database } from '../../src/database';

/** Fills the pool, so that what is started at the same time runs at the same time instead of waiting for connections to open. */
export async function openConnections(): Promise<void> {
  await Promise.all(Array.from({ length: config.databasePoolSize }, () => database.raw('SELECT pg_sleep(0.1)')));
}
