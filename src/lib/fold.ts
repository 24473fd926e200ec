const MARKS = /[\u0300-\u036F]/g;

/** Words as people type them: without case, accents, or the width of letters. `foldedSql` does the same. */
export function foldedWords(text: string): string[] {
  return text.normalize('NFKD').replaceAll(MARKS, '').toLowerCase().split(/\s+/).filter(Boolean);
}

/** SQL that folds a text expression as `foldedWords` does, whatever the database's own locale is. */
export function foldedSql(expression: string): string {
  return `lower(regexp_replace(normalize(${expression}, NFKD), U&'[\\0300-\\036F]', '', 'g') COLLATE "und-x-icu")`;
}
