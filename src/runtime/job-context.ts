import { AsyncLocalStorage } from 'node:async_hooks';

/** The context added to every log line and message of a running job. */
export interface JobContext {
  /** The topic of its message, or the name of its schedule. */
  job: string;
  messageId?: number;
  /** The id of the request that caused it. */
  requestId?: string;
  traceId?: string;
}

// Only the worker uses this; in other processes it stays disabled and costs nothing.
const storage = new AsyncLocalStorage<JobContext>();

export function runInJob<T>(context: JobContext, work: () => T): T {
  return storage.run(context, work);
}

export function getCurrentJob(): JobContext | undefined {
  return storage.getStore();
}
