import { errorTable, type ErrorCode } from '../errors';
import type { Route } from './route';

// Public routes refuse a token that does not count too.
const ALWAYS: ErrorCode[] = [
  // Of a body that a route does not take, too.
  'VALIDATION_ERROR',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNAUTHORIZED',
  'TOKEN_EXPIRED',
  'ACCOUNT_SUSPENDED',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'UNAVAILABLE',
];

function listImpliedErrors(route: Route): ErrorCode[] {
  const codes: ErrorCode[] = [];
  if (route.access === 'organizer' || route.access === 'admin') codes.push('FORBIDDEN');
  if (!route.upload && !route.rawBody) codes.push('MALFORMED_JSON');
  if (route.idempotent) codes.push('IDEMPOTENCY_KEY_REUSED');
  // The booking engine serializes repetitions: the second waits for the first one's answer.
  if (route.idempotent === 'stored') codes.push('REQUEST_IN_PROGRESS');
  return codes;
}

/** Every code that a route may answer: those it names, and those that follow from access, input and limits; in the table's order. */
export function listErrorCodes(route: Route): ErrorCode[] {
  const codes = new Set([...route.errors, ...listImpliedErrors(route), ...ALWAYS]);
  return (Object.keys(errorTable) as ErrorCode[]).filter((code) => codes.has(code));
}
