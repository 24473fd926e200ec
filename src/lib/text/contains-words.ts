/** Returns SQL conditions, with their values, that a text expression contains each word of `search`, folded as in the event search. */
export function containsWords(
  expression: string,
  search: string,
): { conditions: string[]; values: Record<string, string> } {
  const words = search.split(/\s+/).filter(Boolean);
  return {
    conditions: words.map((_word, index) => `position(search_fold(:word${index}) IN search_fold(${expression})) > 0`),
    values: Object.fromEntries(words.map((word, index) => [`word${index}`, word])),
  };
}
