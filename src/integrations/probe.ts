import pg from 'pg';
import { config } from '../config';
import { getConnectionOptions } from '../database';
import { endConnection } from '../database/silence';

/** Runs a statement; rejects if PostgreSQL does not respond in time. */
export type Ask = <T>(sql: string) => Promise<T[]>;

export interface Probe {
  ask: Ask;
  close(): Promise<void>;
}

/**
 * Queries PostgreSQL over a separate connection, opened on first use, because a busy pool does not mean that the server is
 * down. After a timeout the connection is discarded, since the server may be back at another address.
 */
export function createProbe(limitMs: number): Probe {
  let client: pg.Client | undefined;
  let opening: Promise<pg.Client> | undefined;

  function drop(broken: pg.Client): void {
    if (client === broken) client = undefined;
    void endConnection(broken);
  }

  async function open(): Promise<pg.Client> {
    const options = getConnectionOptions(config.databaseUrl ?? '', 'bilten health');
    const fresh = new pg.Client({ ...options, connectionTimeoutMillis: limitMs });
    fresh.on('error', () => drop(fresh));
    try {
      await fresh.connect();
    } catch (error) {
      drop(fresh);
      throw error;
    }
    // The connection must not keep the process alive.
    (fresh as pg.Client & { unref(): void }).unref();
    client = fresh;
    return fresh;
  }

  return {
    async ask<T>(sql: string) {
      const current = client ?? (await (opening ??= open().finally(() => (opening = undefined))));
      try {
        const { rows } = await current.query({ text: sql, query_timeout: limitMs } as pg.QueryConfig);
        return rows as T[];
      } catch (error) {
        // A statement that PostgreSQL rejected leaves the connection usable.
        if (!(error instanceof pg.DatabaseError) || error.code?.startsWith('57P')) drop(current);
        throw error;
      }
    },
    async close() {
      if (client) await endConnection(client);
      client = undefined;
    },
  };
}
