// However a keyboard writes them: dashes are alike, and apostrophes are left out, so that `o'dea` and `odea` find O’Dea.
const toComparable = (text: string): string =>
  `search_fold(translate(${text}, '\u2010\u2011\u2012\u2013\u2014\u2212''\u2019\u2018\u02bc\u00b4\`', '------'))`;

/** Returns SQL conditions, with their values, that a text expression contains each word of `search`, folded as in the event search. */
export function containsWords(
  expression: string,
  search: string,
): { conditions: string[]; values: Record<string, string> } {
  const words = search.split(/\s+/).filter(Boolean);
  return {
    conditions: words.map(
      (_word, index) => `position(${toComparable(`:word${index}`)} IN ${toComparable(expression)}) > 0`,
    ),
    values: Object.fromEntries(words.map((word, index) => [`word${index}`, word])),
  };
}
