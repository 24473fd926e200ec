import { setTimeout as sleep } from 'node:timers/promises';
import { config } from '../../config';
import { createUnavailableError } from './failures';

const PAUSE_MS = 200;

export interface ProviderCall {
  provider: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** True if the call can be repeated when its outcome is unknown. */
  isRepeatable: boolean;
}

/** `body` is the parsed JSON of the response; undefined if there is none. */
export interface ProviderResponse {
  status: number;
  body: unknown;
}

async function callOnce({ provider, method, url, headers, body }: ProviderCall): Promise<ProviderResponse> {
  try {
    const signal = AbortSignal.timeout(config.paymentTimeoutMs);
    // Redirects must not carry the credentials to another host.
    const response = await fetch(url, { method, headers, body, signal, redirect: 'error' });
    const text = await response.text();
    if (response.status >= 500 || response.status === 429) throw new Error(`it answered ${response.status}`);
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch (error) {
    const { message, cause } = error as Error;
    throw createUnavailableError(provider, cause instanceof Error ? `${message}, ${cause.message}` : message);
  }
}

/** Calls a provider; repeatable calls are tried twice. @throws AppError UNAVAILABLE for a timeout, a 5xx or a 429 */
export async function callProvider(call: ProviderCall): Promise<ProviderResponse> {
  try {
    return await callOnce(call);
  } catch (error) {
    if (!call.isRepeatable) throw error;
  }
  await sleep(PAUSE_MS);
  return callOnce(call);
}
