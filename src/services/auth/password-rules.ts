import { createValidationError } from '../../errors';
import { findOwnWordsProblem, type OwnWords } from '../../lib/passwords';

/** @throws AppError VALIDATION_ERROR where a chosen password is hardly more than what everybody knows of its owner */
export function assertNoOwnWords(password: string, { field, ...words }: OwnWords & { field: string }): void {
  const problem = findOwnWordsProblem(password, words);
  if (problem) throw createValidationError(field, problem);
}
