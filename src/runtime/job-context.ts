import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line and every further message of a running job carries. */
export interface JobContext {
  /** The topic of its message, or the name of its schedule. */
  job: string;
  messageId?: number;
  /** Of the request that caused it. */
  requestId?: string;
  traceId?: string;
}

// Used by the worker alone: where no job ever runs it stays off, and costs nothing.
const storage = new AsyncLocalStorage<JobContext>();

export function runInJob<T>(context: JobContext, work: () => T): T {
  return storage.run(context, work);
}

/** For what serves several jobs at once, and so belongs to none. */
export function runOutsideJobs<T>(work: () => T): T {
  return storage.exit(work);
}

export function getCurrentJob(): JobContext | undefined {
  return storage.getStore();
}
