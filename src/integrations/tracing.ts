import { createRequire } from 'node:module';
import { config } from '../config';
import type * as Sdk from './tracing.sdk';

// Entry points import this before everything else. Without an endpoint, nothing is loaded.
const sdk = config.otlpEndpoint ? (createRequire(__filename)('./tracing.sdk') as typeof Sdk) : undefined;

export interface TracedJob {
  name: string;
  /** The trace context of its cause. */
  traceparent: string | undefined;
  requestId: string | undefined;
  messageId: number;
}

/** Runs a job in a span of the trace that caused it; `work` receives the trace id. */
export function traceJob<T>(job: TracedJob, work: (traceId?: string) => Promise<T>): Promise<T> {
  return sdk ? sdk.traceJob(job, work) : work();
}

/** Runs work that serves many requests in a separate span with links to their traces. */
export function traceBatch<T>(
  name: string,
  requestIds: () => (string | undefined)[],
  work: () => Promise<T>,
): Promise<T> {
  return sdk ? sdk.traceBatch(name, requestIds(), work) : work();
}

/** Records the failure in the span of the running job. */
export function traceFailure(reason: unknown): void {
  sdk?.traceFailure(reason);
}

/** Continues the trace of a request in its messages until `end` is called; undefined if tracing is off. */
export const traceRequest = sdk?.traceRequest;

/** Sends all buffered spans. */
export async function closeTracing(): Promise<void> {
  await sdk?.close();
}
