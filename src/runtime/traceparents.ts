/**
 * The trace context of each running request and job by request id; empty if tracing is off.
 * The booking engine writes messages of many requests at once, so only the request id links a message to its trace.
 */
export const traceparents = new Map<string, string>();
