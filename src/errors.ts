/** All error codes, each with its HTTP status and default message. */
export const errorTable = {
  VALIDATION_ERROR: [400, 'The request is not valid.'],
  MALFORMED_JSON: [400, 'The body is not valid JSON.'],
  TICKET_TYPE_REQUIRED: [400, 'This event has several ticket types: specify them in `items`.'],
  UNAUTHORIZED: [401, 'A valid access token is required.'],
  INVALID_CREDENTIALS: [401, 'The email or password is incorrect.'],
  TOKEN_EXPIRED: [401, 'The token has expired.'],
  PAYMENT_FAILED: [402, 'The payment failed.'],
  FORBIDDEN: [403, 'You are not allowed to do this.'],
  EMAIL_NOT_VERIFIED: [403, 'Verify your email address first.'],
  ACCOUNT_SUSPENDED: [403, 'This account is suspended.'],
  NOT_FOUND: [404, 'Not found.'],
  METHOD_NOT_ALLOWED: [405, 'This path does not allow this method.'],
  USER_EXISTS: [409, 'An account with this email already exists.'],
  ACCOUNT_IN_USE: [409, 'This account still has upcoming bookings or events, or pending payments.'],
  EVENT_NOT_BOOKABLE: [409, 'This event cannot be booked.'],
  EVENT_CLOSED: [409, 'This event is closed and can no longer be changed.'],
  EVENT_HAS_BOOKINGS: [409, 'This event has bookings: cancel it instead.'],
  CAPACITY_BELOW_BOOKED: [409, 'The capacity cannot be less than the tickets booked or held.'],
  SALES_CLOSED: [409, 'These tickets are not on sale at this time.'],
  DUPLICATE_BOOKING: [409, 'You already have an active booking for this event.'],
  CURRENCY_MISMATCH: [409, 'A cart has only one currency.'],
  QUANTITY_LIMIT: [409, 'That is more than is allowed.'],
  TAX_RATE_EXISTS: [409, 'There is already a tax rate for this country and region.'],
  EMPTY_CART: [400, 'The cart is empty.'],
  NOT_SHIPPABLE: [409, 'Some of these goods cannot be shipped to this address.'],
  OUT_OF_STOCK: [409, 'Some of these goods are not in stock.'],
  CREDITS_NOT_ALLOWED: [409, 'Credits cannot be bought with credits.'],
  INSUFFICIENT_CREDITS: [409, 'There are not enough credits.'],
  DISCOUNT_INVALID: [409, 'This discount code cannot be used here.'],
  DISCOUNT_EXHAUSTED: [409, 'This discount code has been used up.'],
  DISCOUNT_EXISTS: [409, 'A discount with this code already exists.'],
  CATEGORY_EXISTS: [409, 'A category with this slug already exists.'],
  CATEGORY_IN_USE: [409, 'This category has products or subcategories.'],
  PRODUCT_EXISTS: [409, 'A product with this SKU or slug already exists.'],
  STOCK_BELOW_HELD: [409, 'The stock cannot be less than the units sold or held.'],
  FILE_IN_USE: [409, 'This file is the download of a product.'],
  TICKET_CLOSED: [409, 'This support ticket is closed: open a new one.'],
  ALREADY_RATED: [409, 'You have already rated this support ticket.'],
  SEAT_TAKEN: [409, 'At least one of these seats is taken.'],
  SOLD_OUT: [409, 'Not enough tickets are available.'],
  CANCELLATION_WINDOW_CLOSED: [409, 'It is too late to cancel this booking.'],
  ALREADY_CANCELLED: [409, 'This booking is already cancelled.'],
  BOOKING_EXPIRED: [409, 'This booking has expired.'],
  ORDER_NOT_PAID: [409, 'This order is not paid.'],
  ALREADY_FULFILLED: [409, 'Some of these items have already been sent.'],
  WITHDRAWAL_PERIOD_OVER: [409, 'It is too late to withdraw from this purchase.'],
  WITHDRAWAL_EXCLUDED: [409, 'Some of these items cannot be withdrawn.'],
  DOWNLOAD_LIMIT_REACHED: [409, 'This was downloaded as often as allowed.'],
  ORDER_NOT_PAYABLE: [409, 'This order is not awaiting payment.'],
  INVOICE_ISSUED: [409, 'This order is paid, and its invoice cannot be changed.'],
  REFUND_EXCEEDS_PAID: [409, 'The amount exceeds what was paid and not yet refunded.'],
  ACTIVATION_LIMIT_REACHED: [409, 'This license is in use on as many devices as it allows.'],
  LICENSE_NOT_ACTIVE: [409, 'This license is not active.'],
  LAST_ADMIN: [409, 'The last admin cannot be removed: create another admin first.'],
  TICKETS_AVAILABLE: [409, 'These tickets are available: book them instead.'],
  ALREADY_ON_WAITLIST: [409, 'You are already on the waitlist of this event.'],
  ALREADY_CHECKED_IN: [409, 'This ticket is already checked in.'],
  WRONG_EVENT: [409, 'This ticket is for another event.'],
  TICKET_VOID: [409, 'This ticket is void.'],
  TICKET_TRANSFERRED: [409, 'This ticket was transferred to someone else.'],
  REQUEST_IN_PROGRESS: [409, 'A request with this idempotency key is in progress.'],
  PRECONDITION_FAILED: [412, 'The resource changed since you read it.'],
  PAYLOAD_TOO_LARGE: [413, 'The body is too large.'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'This content type is not supported.'],
  IDEMPOTENCY_KEY_REUSED: [422, 'This idempotency key was used with a different request.'],
  RATE_LIMITED: [429, 'Too many requests: try again later.'],
  INTERNAL_ERROR: [500, 'Something went wrong on our side.'],
  UNAVAILABLE: [503, 'The service is unavailable: try again in a moment.'],
} as const satisfies Record<string, readonly [status: number, text: string]>;

export type ErrorCode = keyof typeof errorTable;

export interface ErrorDetail {
  path: string;
  message: string;
  [fact: string]: unknown;
}

/** The most details that an error response lists. */
export const MAX_DETAILS = 20;

interface ErrorOptions {
  details?: ErrorDetail[];
  /** Seconds after which the client may retry; sent as `Retry-After`. */
  retryAfter?: number;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** Returns the `WWW-Authenticate` value that every 401 needs (RFC 9110); it names an expired token as invalid (RFC 6750). */
function getChallenge(code: ErrorCode): string {
  return code === 'TOKEN_EXPIRED' ? 'Bearer realm="bilten", error="invalid_token"' : 'Bearer realm="bilten"';
}

/** An error that is reported to the client with its code. */
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

/** Creates a 400 error about one field. */
export function createValidationError(path: string, message: string): AppError {
  return new AppError('VALIDATION_ERROR', `${path}: ${message}`, { details: [{ path, message }] });
}
