import { config } from '../../src/config';
import { database } from '../../src/database';

/** Opens all connections of the pool, so that concurrent work does not wait for them. */
export async function openConnections(): Promise<void> {
  await Promise.all(Array.from({ length: config.databasePoolSize }, () => database.raw('SELECT pg_sleep(0.1)')));
}
