import pino from 'pino';
import { config } from './config';
import { getCurrentJob } from './runtime/job-context';

// Lines are gathered and written asynchronously: a write per request would cost more than the request. None waits for longer than a second.
const GATHERED = { minLength: 4096, periodicFlush: 1000 };
const destination = pino.destination({ fd: 1, sync: false, ...(config.isProduction && GATHERED) });

const OUTSIDE = {};

/** Each line names the fields it carries: bodies, headers and queries, where secrets travel, are never handed to it whole. */
export const logger = pino(
  {
    level: config.nodeEnv === 'test' ? 'silent' : config.logLevel,
    base: { process: process.pid },
    // What pg hangs on its errors: the whole connection, pages long.
    mixin: () => getCurrentJob() ?? OUTSIDE,
    // Outside of jobs a line is left as it is: merging would cost more than all the rest.
    mixinMergeStrategy: (line, job) => (job === OUTSIDE ? line : { ...job, ...line }),
    serializers: { err: (error: Error) => ({ ...pino.stdSerializers.err(error), client: undefined }) },
  },
  destination,
);

/** Writes a line that is ready, in its place among the logger's. */
export function writeToLog(line: string): void {
  destination.write(line);
}

/** Writes what is still gathered; for the end of the process. */
export function flushLog(): void {
  try {
    destination.flushSync();
  } catch {
    // The destination may not be open yet: then there is nothing to lose.
  }
}
