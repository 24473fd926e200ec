import { createRequire } from 'node:module';
import { config } from '../config';
import type * as Sdk from './tracing.sdk';

// Whoever starts a process imports this before all else. Without an endpoint nothing is loaded.
const sdk = config.otlpEndpoint ? (createRequire(__filename)('./tracing.sdk') as typeof Sdk) : undefined;

export interface TracedJob {
  name: string;
  /** What it follows from. */
  traceparent: string | undefined;
  requestId: string | undefined;
  messageId: number;
}

/** Does a job's work in a span of the trace that it follows from; `work` is told the trace's id. */
export function traceJob<T>(job: TracedJob, work: (traceId?: string) => Promise<T>): Promise<T> {
  return sdk ? sdk.traceJob(job, work) : work();
}

/** Does what serves many requests in a span of its own, which names their traces. */
export function traceBatch<T>(
  name: string,
  requestIds: () => (string | undefined)[],
  work: () => Promise<T>,
): Promise<T> {
  return sdk ? sdk.traceBatch(name, requestIds(), work) : work();
}

/** Says in the span of the job that runs why it failed. */
export function traceFailure(reason: unknown): void {
  sdk?.traceFailure(reason);
}

/** Has messages of this request go on with its trace until `end` is called; undefined where nothing is traced. */
export const traceRequest = sdk?.traceRequest;

/** Sends what is still gathered. */
export async function closeTracing(): Promise<void> {
  await sdk?.close();
}
