import { createValidationError } from '../../errors';

export const DEFAULT_DURATION_MS = 2 * 3_600_000;
const LATEST_YEAR = 9999;

interface Times {
  startDate: Date;
  endDate: Date;
}

/** @throws AppError VALIDATION_ERROR */
export function assertTimes({ startDate, endDate }: Times): void {
  if (endDate <= startDate) throw createValidationError('endDate', 'must be later than startDate');
  if (endDate.getUTCFullYear() > LATEST_YEAR)
    throw createValidationError('endDate', `must not be later than the year ${LATEST_YEAR}`);
}

/** Returns the new times of an event. If only the start moves, the end moves with it. */
export function getMovedTimes(current: Times, { startDate = current.startDate, endDate }: Partial<Times>): Times {
  const duration = current.endDate.getTime() - current.startDate.getTime();
  return { startDate, endDate: endDate ?? new Date(startDate.getTime() + duration) };
}
