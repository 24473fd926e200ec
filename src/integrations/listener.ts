import pg from 'pg';
import { config } from '../config';
import { logger } from '../logger';

export interface Listener {
  close(): Promise<void>;
}

const RETRY_MS = 1000;

/**
 * Calls back with what each NOTIFY on a channel says, over a connection of its own that is made again when it breaks.
 * Nothing may depend on it: behind a pooler no notification ever comes.
 */
export function listen(channel: string, onNotify: (payload: string) => void): Listener {
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isClosed = false;

  function again(broken: pg.Client): void {
    if (client !== broken) return;
    client = undefined;
    void broken.end().catch(() => undefined);
    if (!isClosed) retry = setTimeout(connect, RETRY_MS);
  }

  function connect(): void {
    const current = new pg.Client({
      connectionString: config.databaseDirectUrl ?? config.databaseUrl,
      application_name: 'bilten listener',
      connectionTimeoutMillis: 5000,
      keepAlive: true,
    });
    client = current;
    current.on('notification', ({ payload = '' }) => onNotify(payload));
    current.on('error', (error) => {
      logger.debug({ err: error }, 'The listening connection broke');
      again(current);
    });
    current.on('end', () => again(current));
    current
      .connect()
      .then(() => current.query(`LISTEN ${channel}`))
      .catch(() => again(current));
  }

  connect();
  return {
    async close() {
      isClosed = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
