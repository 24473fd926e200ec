import pg from 'pg';
import { config } from '../config';
import { getConnectionOptions } from '../database';
import { endConnection, watchSilence } from '../database/silence';
import { logger } from '../logger';

export interface Listener {
  close(): Promise<void>;
}

const RETRY_MS = 1000;
// An idle connection looks like a dead one; a query tells them apart.
const ASK_MS = 5000;
const SILENCE_MS = 5000;

/**
 * Calls back with the payload of each NOTIFY on a channel, over a separate connection that is reopened when it breaks.
 * Nothing must depend on it, because notifications never arrive through a pooler.
 */
export function listen(channel: string, onNotify: (payload: string) => void): Listener {
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isClosed = false;

  function again(broken: pg.Client): void {
    if (client !== broken) return;
    client = undefined;
    void endConnection(broken);
    if (!isClosed) retry = setTimeout(connect, RETRY_MS);
  }

  function connect(): void {
    const url = config.databaseDirectUrl ?? config.databaseUrl ?? '';
    const current = new pg.Client(getConnectionOptions(url, 'bilten listener'));
    client = current;
    current.on('notification', ({ payload = '' }) => onNotify(payload));
    current.on('error', (error) => {
      logger.debug({ err: error }, 'The listening connection broke');
      again(current);
    });
    current.on('end', () => again(current));
    current
      .connect()
      .then(() => {
        watchSilence(current, SILENCE_MS);
        return current.query(`LISTEN ${channel}`);
      })
      .catch(() => again(current));
  }

  // A failure is reported by the connection itself.
  const asking = setInterval(() => void client?.query('SELECT 1').catch(() => undefined), ASK_MS).unref();

  connect();
  return {
    async close() {
      isClosed = true;
      clearInterval(asking);
      clearTimeout(retry);
      if (client) await endConnection(client);
    },
  };
}
