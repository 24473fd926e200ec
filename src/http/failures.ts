import { errorTable, type ErrorCode } from '../errors';
import type { Route } from './route';

// Public routes reject invalid tokens too, so the codes about tokens apply to every route.
const ALWAYS: ErrorCode[] = [
  // Also for a body sent to a route that takes none.
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
  // The booking engine serializes repeated requests: the second waits for the response of the first.
  if (route.idempotent === 'stored') codes.push('REQUEST_IN_PROGRESS');
  return codes;
}

/** Returns all error codes of a route: its own, and those implied by access, input and limits, in the order of the table. */
export function listErrorCodes(route: Route): ErrorCode[] {
  const codes = new Set([...route.errors, ...listImpliedErrors(route), ...ALWAYS]);
  return (Object.keys(errorTable) as ErrorCode[]).filter((code) => codes.has(code));
}
