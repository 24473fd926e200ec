import { config } from '../../config';
import { createUnavailableError, createRefusedError } from './failures';
import { callProvider, type ProviderResponse } from './http';

export const NAME = 'PayPal';
const RENEW_BEFORE_SECONDS = 60;

export interface PaypalLink {
  href: string;
  rel: string;
}

export interface PaypalMoney {
  currency_code: string;
  value: string;
}

export interface PaypalCall {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  /** A value, or JSON text that must be sent byte for byte. */
  body?: object | string;
  /** PayPal-Request-Id, the idempotency key of PayPal. */
  requestId?: string;
}

let token: Promise<string> | undefined;
let renewAt = 0;

const url = (path: string): string => `${config.paypalBaseUrl.replace(/\/+$/, '')}${path}`;

async function fetchToken(): Promise<string> {
  const login = Buffer.from(`${config.paypalClientId}:${config.paypalClientSecret}`).toString('base64');
  const { status, body } = await callProvider({
    provider: NAME,
    method: 'POST',
    url: url('/v1/oauth2/token'),
    headers: { authorization: `Basic ${login}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
    isRepeatable: true,
  });
  if (status !== 200) throw createUnavailableError(NAME, `it gave no access token: ${status}`);
  const { access_token, expires_in } = body as { access_token: string; expires_in: number };
  renewAt = Date.now() + (expires_in - RENEW_BEFORE_SECONDS) * 1000;
  return access_token;
}

/** Returns the access token, cached until shortly before it expires. Concurrent callers share one request. */
function accessToken(): Promise<string> {
  if (token && Date.now() < renewAt) return token;
  renewAt = Infinity;
  const fetched = fetchToken();
  token = fetched;
  fetched.catch(() => dropToken(fetched));
  return fetched;
}

/** Discards a rejected token, unless another call has already replaced it. */
function dropToken(used: Promise<string> | undefined): void {
  if (token === used) token = undefined;
}

async function send({ method, path, body, requestId }: PaypalCall): Promise<ProviderResponse> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${await accessToken()}`,
    'content-type': 'application/json',
    prefer: 'return=representation',
  };
  if (requestId) headers['paypal-request-id'] = requestId;
  return callProvider({
    provider: NAME,
    method,
    url: url(path),
    headers,
    body: typeof body === 'object' ? JSON.stringify(body) : body,
    isRepeatable: true,
  });
}

/** Calls PayPal with an access token and returns any response. @throws AppError UNAVAILABLE */
export async function paypal(call: PaypalCall): Promise<ProviderResponse> {
  const used = accessToken();
  let response = await send(call);
  if (response.status === 401) {
    // Tokens can be revoked before they expire.
    dropToken(used);
    response = await send(call);
  }
  // 409 means that the same request is still being processed.
  if ([401, 409].includes(response.status)) throw createUnavailableError(NAME, `it answered ${response.status}`);
  return response;
}

/** Returns the error code of a response, such as `INSTRUMENT_DECLINED` or `ORDER_NOT_APPROVED`. */
export function getIssue({ status, body }: ProviderResponse): string {
  const { name, details } = (body ?? {}) as { name?: string; details?: { issue?: string }[] };
  return details?.[0]?.issue ?? name ?? String(status);
}

export function isOk({ status }: ProviderResponse): boolean {
  return status >= 200 && status < 300;
}

/** Calls PayPal and returns the body of a successful response. @throws AppError PAYMENT_FAILED, and what `paypal` throws */
export async function paypalOk<T>(call: PaypalCall): Promise<T> {
  const response = await paypal(call);
  if (!isOk(response)) throw createRefusedError(NAME, getIssue(response));
  return response.body as T;
}
