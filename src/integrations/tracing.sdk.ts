import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Link,
  type Span,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { traceparents } from '../runtime/traceparents';
import type { RouteMetrics } from './metrics';
import type { TracedJob } from './tracing';

const NOT_TRACED = /^\/(health|metrics)\b/;
const own = path.basename(process.argv[1] ?? '', '.js') === 'worker' ? 'worker' : 'api';

// The SDK itself reads OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER and the settings of the exporter.
const provider = new NodeTracerProvider({
  resource: defaultResource()
    .merge(resourceFromAttributes({ 'service.name': `bilten-${own}` }))
    .merge(detectResources({ detectors: [envDetector] })),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();

// These attributes contain the query, which can contain tokens; the log leaves it out too.
const ADDRESSES = ['http.target', 'http.url', 'url.full', 'url.query'];

function hideQuery(span: Span): void {
  const { attributes } = span as Span & { attributes: Record<string, unknown> };
  for (const name of ADDRESSES) {
    const value = attributes[name];
    if (typeof value === 'string') span.setAttribute(name, name === 'url.query' ? '' : value.split('?', 1)[0]!);
  }
}

/** Names the span of a request after its route, as the metrics do. */
function nameByRoute(span: Span, _req: unknown, res: unknown): void {
  hideQuery(span);
  const { locals } = res as ServerResponse & { locals?: { metrics?: RouteMetrics; requestId?: string } };
  if (locals?.requestId) span.setAttribute('bilten.request_id', locals.requestId);
  if (!locals?.metrics) return;
  const { method, route } = locals.metrics;
  span.updateName(`${method} ${route}`);
  span.setAttribute('http.route', route);
}

const instrumentations = [
  new HttpInstrumentation({
    ignoreIncomingRequestHook: (req: IncomingMessage) => NOT_TRACED.test(req.url ?? ''),
    requireParentforOutgoingSpans: true,
    applyCustomAttributesOnSpan: nameByRoute,
  }),
  new ExpressInstrumentation({ ignoreLayersType: [ExpressLayerType.MIDDLEWARE] }),
  // Regular queries of the relay and the schedules belong to no trace.
  new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
];
for (const instrumentation of instrumentations) instrumentation.setTracerProvider(provider);

const tracer = provider.getTracer('bilten');

function getTraceparent(of: Context): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(of, carrier);
  return carrier.traceparent;
}

const toContext = (traceparent: string | undefined): Context =>
  traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });

function recordFailure(span: Span, reason: unknown): void {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}

export function traceFailure(reason: unknown): void {
  const span = trace.getActiveSpan();
  if (span) recordFailure(span, reason);
}

async function runInSpan<T>(span: Span, of: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await context.with(of, work);
  } catch (error) {
    recordFailure(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Links everything that a request or job causes to the current trace until `end` is called. */
function linkRequest(requestId: string, of: Context): () => void {
  const traceparent = getTraceparent(of);
  if (traceparent === undefined) return () => undefined;
  traceparents.set(requestId, traceparent);
  return () => {
    // The id may have been reused in the meantime.
    if (traceparents.get(requestId) === traceparent) traceparents.delete(requestId);
  };
}

export function traceRequest(requestId: string): { traceId: string | undefined; end: () => void } {
  const active = context.active();
  return { traceId: trace.getSpanContext(active)?.traceId, end: linkRequest(requestId, active) };
}

export async function traceJob<T>(job: TracedJob, work: (traceId?: string) => Promise<T>): Promise<T> {
  const parent = toContext(job.traceparent);
  const attributes = { 'bilten.message_id': job.messageId, 'bilten.request_id': job.requestId };
  const span = tracer.startSpan(`job ${job.name}`, { kind: SpanKind.CONSUMER, attributes }, parent);
  const of = trace.setSpan(parent, span);
  const end = job.requestId === undefined ? undefined : linkRequest(job.requestId, of);
  try {
    return await runInSpan(span, of, () => work(span.spanContext().traceId));
  } finally {
    end?.();
  }
}

export async function traceBatch<T>(
  name: string,
  requestIds: (string | undefined)[],
  work: () => Promise<T>,
): Promise<T> {
  const links = requestIds.flatMap((requestId): Link[] => {
    const linked = trace.getSpanContext(toContext(requestId === undefined ? undefined : traceparents.get(requestId)));
    return linked ? [{ context: linked }] : [];
  });
  if (links.length === 0) return work();
  const span = tracer.startSpan(name, { links, attributes: { 'bilten.batch_size': requestIds.length } }, ROOT_CONTEXT);
  return runInSpan(span, trace.setSpan(ROOT_CONTEXT, span), work);
}

const CLOSE_MS = 3000;

export async function close(): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref());
  await Promise.race([provider.shutdown().catch(() => undefined), late]);
}
