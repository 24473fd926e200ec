const MOST_WORDS = 10;
// The punctuation that the database's search_text takes out, and white space.
const BETWEEN_WORDS = /[\s!-/:-@[-`{-~]+/u;

/**
 * What somebody typed as a query of PostgreSQL's text search: all of the words, the last one perhaps unfinished.
 * Undefined where there is no word in it. Each word is quoted and holds no quote, so nothing typed is an operator.
 */
export function searchQuery(typed: string): string | undefined {
  const words = typed.split(BETWEEN_WORDS).filter(Boolean).slice(0, MOST_WORDS);
  if (words.length === 0) return undefined;
  return `${words.map((word) => `'${word}'`).join(' & ')}:*`;
}
