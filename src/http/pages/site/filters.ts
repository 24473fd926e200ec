import type { Request } from 'express';
import { AppError } from '../../../errors';

export type Filters = Record<string, string>;

/** Returns the fields of a search form that are filled in. */
export function readFilters(req: Request, names: readonly string[]): Filters {
  const given = names.map((name) => [name, req.query[name]] as const);
  return Object.fromEntries(
    given.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''),
  );
}

/** Lists what matches the filters. An address that somebody typed or cut off still shows what there is. */
export async function listMatching<T>(filters: Filters, list: (filters: Filters) => Promise<T>): Promise<T> {
  try {
    return await list(filters);
  } catch (error) {
    if (error instanceof AppError && error.code === 'VALIDATION_ERROR') return list({});
    throw error;
  }
}
