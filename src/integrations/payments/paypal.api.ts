import { config } from '../../config';
import { createUnavailableError, createRefusedError } from './failures';
import { callProvider, type ProviderAnswer } from './http';

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
  /** A value, or JSON that must go out byte for byte. */
  body?: object | string;
  /** PayPal-Request-Id: the same one does nothing twice. */
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

/** Kept until shortly before it expires; those who come at once share one request. */
function accessToken(): Promise<string> {
  if (token && Date.now() < renewAt) return token;
  renewAt = Infinity;
  const fetched = fetchToken();
  token = fetched;
  fetched.catch(() => dropToken(fetched));
  return fetched;
}

/** Unless somebody else has fetched a new one already. */
function dropToken(used: Promise<string> | undefined): void {
  if (token === used) token = undefined;
}

async function send({ method, path, body, requestId }: PaypalCall): Promise<ProviderAnswer> {
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

/** Any answer that PayPal gives to us as a client it knows. @throws AppError UNAVAILABLE */
export async function paypal(call: PaypalCall): Promise<ProviderAnswer> {
  const used = accessToken();
  let response = await send(call);
  if (response.status === 401) {
    // Tokens can be revoked before their time.
    dropToken(used);
    response = await send(call);
  }
  // 409: the same request is being worked on.
  if ([401, 409].includes(response.status)) throw createUnavailableError(NAME, `it answered ${response.status}`);
  return response;
}

/** What was wrong with a request: `INSTRUMENT_DECLINED`, `ORDER_NOT_APPROVED` … */
export function getIssue({ status, body }: ProviderAnswer): string {
  const { name, details } = (body ?? {}) as { name?: string; details?: { issue?: string }[] };
  return details?.[0]?.issue ?? name ?? String(status);
}

export function isOk({ status }: ProviderAnswer): boolean {
  return status >= 200 && status < 300;
}

/** @throws AppError PAYMENT_FAILED, and what `paypal` throws */
export async function paypalOk<T>(call: PaypalCall): Promise<T> {
  const response = await paypal(call);
  if (!isOk(response)) throw createRefusedError(NAME, getIssue(response));
  return response.body as T;
}
