import { createValidationError } from '../../errors';
import { findOwnWordsProblem, type OwnWords } from '../../lib/passwords';

/** @throws AppError VALIDATION_ERROR if a password consists mostly of its owner's name or address */
export function assertNoOwnWords(password: string, { field, ...words }: OwnWords & { field: string }): void {
  const problem = findOwnWordsProblem(password, words);
  if (problem) throw createValidationError(field, problem);
}
