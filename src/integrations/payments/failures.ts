import { AppError } from '../../errors';
import { logger } from '../../logger';

/** The provider is down, too slow, or doesn't accept our credentials; `why` goes to the log. */
export function createUnavailableError(provider: string, why: string): AppError {
  const text = `${provider} can not be reached: try again in a moment.`;
  return new AppError('UNAVAILABLE', text, { cause: new Error(`${provider}: ${why}`) });
}

/** Its code may tell the operator what to set right. */
export function logRefusal(provider: string, code: string): void {
  logger.warn({ provider, code }, 'A payment provider refused a request.');
}

/** The provider says no. */
export function createRefusedError(provider: string, code: string): AppError {
  logRefusal(provider, code);
  return new AppError('PAYMENT_FAILED', `${provider} declined the payment.`);
}

export function createUnknownIntentError(provider: string): AppError {
  return new AppError('NOT_FOUND', `${provider} knows no such payment.`);
}
