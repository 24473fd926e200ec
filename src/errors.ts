/** Every error a client can meet: its status and the text it gets when the thrower says nothing better. */
export const errorTable = {
  VALIDATION_ERROR: [400, 'The request is not valid.'],
  MALFORMED_JSON: [400, 'The body is not valid JSON.'],
  TICKET_TYPE_REQUIRED: [400, 'This event has several ticket types: say which in `items`.'],
  UNAUTHORIZED: [401, 'Sign in first: a valid access token is needed.'],
  INVALID_CREDENTIALS: [401, 'The email or the password is wrong.'],
  TOKEN_EXPIRED: [401, 'The token has expired.'],
  PAYMENT_FAILED: [402, 'The payment failed.'],
  FORBIDDEN: [403, 'You may not do this.'],
  EMAIL_NOT_VERIFIED: [403, 'Verify your email address first.'],
  ACCOUNT_SUSPENDED: [403, 'This account is suspended.'],
  NOT_FOUND: [404, 'There is no such thing here.'],
  METHOD_NOT_ALLOWED: [405, 'This path does not take that method.'],
  USER_EXISTS: [409, 'There is an account with this email already.'],
  ACCOUNT_IN_USE: [409, 'This account still has bookings or events to come, or money on its way.'],
  EVENT_NOT_BOOKABLE: [409, 'This event can not be booked.'],
  EVENT_CLOSED: [409, 'This event is closed: it can not be changed any more.'],
  EVENT_HAS_BOOKINGS: [409, 'This event has bookings: cancel it instead.'],
  CAPACITY_BELOW_BOOKED: [409, 'More tickets than that are booked or held.'],
  SALES_CLOSED: [409, 'Tickets are not on sale now.'],
  DUPLICATE_BOOKING: [409, 'You have an active booking for this event.'],
  DISCOUNT_INVALID: [409, 'This discount code can not be used here.'],
  DISCOUNT_EXHAUSTED: [409, 'This discount code is used up.'],
  DISCOUNT_EXISTS: [409, 'There is a discount with this code already.'],
  SEAT_TAKEN: [409, 'One of these seats is taken.'],
  SOLD_OUT: [409, 'Not that many tickets are left.'],
  CANCELLATION_WINDOW_CLOSED: [409, 'It is too late to cancel this booking.'],
  ALREADY_CANCELLED: [409, 'This booking is cancelled already.'],
  BOOKING_EXPIRED: [409, 'This booking has expired.'],
  ORDER_NOT_PAYABLE: [409, 'This order is not waiting to be paid.'],
  INVOICE_ISSUED: [409, 'This order is paid: what is on its invoice stays.'],
  REFUND_EXCEEDS_PAID: [409, 'That is more than what was paid and not refunded yet.'],
  LAST_ADMIN: [409, 'There has to be an admin: make another one first.'],
  TICKETS_AVAILABLE: [409, 'That many tickets are free: book them.'],
  ALREADY_ON_WAITLIST: [409, 'You are on the waitlist of this event already.'],
  ALREADY_CHECKED_IN: [409, 'This ticket is checked in already.'],
  WRONG_EVENT: [409, 'This is a ticket to another event.'],
  TICKET_VOID: [409, 'This ticket is void.'],
  TICKET_TRANSFERRED: [409, 'Somebody else holds this ticket now.'],
  REQUEST_IN_PROGRESS: [409, 'A request with this idempotency key is running.'],
  PRECONDITION_FAILED: [412, 'The thing has changed since you read it.'],
  PAYLOAD_TOO_LARGE: [413, 'The body is too large.'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'This is not a type of content that is taken here.'],
  IDEMPOTENCY_KEY_REUSED: [422, 'This idempotency key was used with another request.'],
  RATE_LIMITED: [429, 'Too many requests: wait a little.'],
  INTERNAL_ERROR: [500, 'Something went wrong on our side.'],
  UNAVAILABLE: [503, 'The service is busy or not reachable: try again in a moment.'],
} as const satisfies Record<string, readonly [status: number, text: string]>;

export type ErrorCode = keyof typeof errorTable;

export interface ErrorDetail {
  path: string;
  message: string;
  [fact: string]: unknown;
}

/** A client is told so many faults at once, however many there are. */
export const MAX_DETAILS = 20;

interface ErrorOptions {
  details?: ErrorDetail[];
  /** Seconds after which trying again makes sense; sent as `Retry-After`. */
  retryAfter?: number;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** How to sign in, which every 401 has to say (RFC 9110); a token that was sent and does not count is named so (RFC 6750). */
function getChallenge(code: ErrorCode): string {
  return code === 'TOKEN_EXPIRED' ? 'Bearer realm="bilten", error="invalid_token"' : 'Bearer realm="bilten"';
}

/** A failure that the client is told about by its code. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details?: ErrorDetail[];
  readonly retryAfter?: number;
  readonly headers?: Record<string, string>;

  constructor(code: ErrorCode, message: string = errorTable[code][1], options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details?.slice(0, MAX_DETAILS);
    this.retryAfter = options.retryAfter ?? (code === 'UNAVAILABLE' ? 1 : undefined);
    this.headers =
      this.status === 401 ? { 'WWW-Authenticate': getChallenge(code), ...options.headers } : options.headers;
  }

  get status(): number {
    return errorTable[this.code][0];
  }
}

/** A 400 about one field. */
export function createValidationError(path: string, message: string): AppError {
  return new AppError('VALIDATION_ERROR', `${path}: ${message}`, { details: [{ path, message }] });
}
