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
  /** Whether it may be sent again when nobody knows what became of it. */
  isRepeatable: boolean;
}

/** `body` is the JSON of the answer, undefined where it has none. */
export interface ProviderAnswer {
  status: number;
  body: unknown;
}

async function callOnce({ provider, method, url, headers, body }: ProviderCall): Promise<ProviderAnswer> {
  try {
    const signal = AbortSignal.timeout(config.paymentTimeoutMs);
    // Credentials must not follow to another place.
    const response = await fetch(url, { method, headers, body, signal, redirect: 'error' });
    const text = await response.text();
    if (response.status >= 500 || response.status === 429) throw new Error(`it answered ${response.status}`);
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch (error) {
    const { message, cause } = error as Error;
    throw createUnavailableError(provider, cause instanceof Error ? `${message}, ${cause.message}` : message);
  }
}

/** @throws AppError UNAVAILABLE where no answer comes in time, or one of 5xx or 429; a repeatable call is tried twice */
export async function callProvider(call: ProviderCall): Promise<ProviderAnswer> {
  try {
    return await callOnce(call);
  } catch (error) {
    if (!call.isRepeatable) throw error;
  }
  await sleep(PAUSE_MS);
  return callOnce(call);
}
