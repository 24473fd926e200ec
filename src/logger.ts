import pino from 'pino';
import { config } from './config';

// Lines are gathered and written asynchronously: a write per request would cost more than the request.
const destination = pino.destination({ fd: 1, sync: false, minLength: config.isProduction ? 4096 : 0 });

/** Each line names the fields it carries: bodies, headers and queries, where secrets travel, are never handed to it whole. */
export const logger = pino(
  {
    level: config.nodeEnv === 'test' ? 'silent' : config.logLevel,
    base: { process: process.pid },
    // What pg hangs on its errors: the whole connection, pages long.
    serializers: { err: (error: Error) => ({ ...pino.stdSerializers.err(error), client: undefined }) },
  },
  destination,
);

/** Writes what is still gathered; for the end of the process. */
export function flushLog(): void {
  try {
    destination.flushSync();
  } catch {
    // The destination may not be open yet: then there is nothing to lose.
  }
}
