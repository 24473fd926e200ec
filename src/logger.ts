import pino from 'pino';
import { config } from './config';
import { getCurrentJob } from './runtime/job-context';

// Lines are buffered and written asynchronously, at most one second later: one write per request would cost more than the request.
const GATHERED = { minLength: 4096, periodicFlush: 1000 };
const destination = pino.destination({ fd: 1, sync: false, ...(config.isProduction && GATHERED) });

const OUTSIDE = {};

/** The log. Callers name each field they log; bodies, headers and queries can contain secrets and are never logged whole. */
export const logger = pino(
  {
    level: config.nodeEnv === 'test' ? 'silent' : config.logLevel,
    base: { process: process.pid },
    // pg attaches the whole connection to its errors, which would fill pages.
    mixin: () => getCurrentJob() ?? OUTSIDE,
    // Outside of jobs there is nothing to merge, which would cost more than everything else.
    mixinMergeStrategy: (line, job) => (job === OUTSIDE ? line : { ...job, ...line }),
    serializers: { err: (error: Error) => ({ ...pino.stdSerializers.err(error), client: undefined }) },
  },
  destination,
);

/** Writes a formatted line, in order with the lines of the logger. */
export function writeToLog(line: string): void {
  destination.write(line);
}

/** Writes all buffered lines; called before the process ends. */
export function flushLog(): void {
  try {
    destination.flushSync();
  } catch {
    // The destination may not be open yet; then nothing is buffered.
  }
}
