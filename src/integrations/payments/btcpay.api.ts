import { config } from '../../config';
import { createUnavailableError, createRefusedError, createUnknownIntentError } from './failures';
import { callProvider } from './http';

export const NAME = 'BTCPay Server';

export interface BtcpayCall {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  body?: object;
}

/** Returns a path below our store. */
export function getStorePath(path: string): string {
  return `/api/v1/stores/${encodeURIComponent(config.btcpayStoreId!)}${path}`;
}

function getErrorCode(body: unknown): string {
  const [problem] = Array.isArray(body) ? (body as { path?: string }[]) : [body as { code?: string }];
  const { code, path } = (problem ?? {}) as { code?: string; path?: string };
  return code ?? path ?? 'no code';
}

/** Calls BTCPay Server. It has no idempotency keys, so only read requests are retried automatically. */
export async function btcpay<T>({ method, path, body }: BtcpayCall): Promise<T> {
  const response = await callProvider({
    provider: NAME,
    method,
    url: `${config.btcpayUrl!.replace(/\/+$/, '')}${path}`,
    headers: { authorization: `token ${config.btcpayApiKey}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
    isRepeatable: method === 'GET',
  });
  const { status } = response;
  if (status === 401 || status === 403)
    throw createUnavailableError(NAME, `it answered ${status} ${getErrorCode(response.body)}`);
  if (status === 404) throw createUnknownIntentError(NAME);
  if (status >= 400) throw createRefusedError(NAME, `${status} ${getErrorCode(response.body)}`);
  return response.body as T;
}
