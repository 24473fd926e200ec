import pg from 'pg';
import { config } from '../config';
import { getConnectionOptions } from '../database';
import { endConnection } from '../database.silence';

/** Has a statement run; rejects when PostgreSQL does not answer in time. */
export type Ask = <T>(sql: string) => Promise<T[]>;

export interface Probe {
  ask: Ask;
  close(): Promise<void>;
}

/**
 * Asks PostgreSQL over a connection of its own, opened when first needed: a pool whose connections are all at work is no sign
 * of a server that is away. One that gave no answer in time is thrown away: the server may be back where it does not lead.
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
    // It keeps no process alive.
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
        // A statement that PostgreSQL refused leaves the connection as good as it was.
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
