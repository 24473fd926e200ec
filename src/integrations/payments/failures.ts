import { AppError } from '../../errors';
import { logger } from '../../logger';

/** Creates the error for a provider that is down, too slow, or rejects our credentials; `why` is only logged. */
export function createUnavailableError(provider: string, why: string): AppError {
  const text = `${provider} cannot be reached: try again in a moment.`;
  return new AppError('UNAVAILABLE', text, { cause: new Error(`${provider}: ${why}`) });
}

/** Logs a refusal, because its code may tell the operator what to fix. */
export function logRefusal(provider: string, code: string): void {
  logger.warn({ provider, code }, 'A payment provider refused a request.');
}

/** Creates the error for a request that the provider refused. */
export function createRefusedError(provider: string, code: string): AppError {
  logRefusal(provider, code);
  return new AppError('PAYMENT_FAILED', `${provider} declined the payment.`);
}

export function createUnknownIntentError(provider: string): AppError {
  return new AppError('NOT_FOUND', `${provider} knows no such payment.`);
}
