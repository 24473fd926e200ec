import { invalid } from '../errors';
import { ownWordsProblem, type OwnWords } from '../lib/passwords';

/** @throws AppError VALIDATION_ERROR where a chosen password is hardly more than what everybody knows of its owner */
export function refuseOwnWords(password: string, { field, ...words }: OwnWords & { field: string }): void {
  const problem = ownWordsProblem(password, words);
  if (problem) throw invalid(field, problem);
}
