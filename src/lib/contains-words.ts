/** SQL conditions that each word of `search` is somewhere in a text expression, folded as in the search for events, with their values. */
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
