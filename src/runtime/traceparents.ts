/**
 * The trace context of each request and job that runs now, by request id; empty where nothing is traced.
 * The booking engine writes many requests' messages at once, so what a message follows from is known by its request id alone.
 */
export const traceparents = new Map<string, string>();
