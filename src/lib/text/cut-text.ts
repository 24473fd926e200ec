const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

interface Cut {
  /** The maximum length as counted by `measure`, including the ellipsis. */
  max: number;
  ellipsis?: string;
  /** Defaults to the number of UTF-16 units. */
  measure?: (text: string) => number;
}

/** Cuts a text to a maximum length between grapheme clusters, so that no emoji or accented letter is split. */
export function cutText(text: string, { max, ellipsis = '', measure = (part) => part.length }: Cut): string {
  if (measure(text) <= max) return text;
  const room = max - measure(ellipsis);
  let kept = '';
  let length = 0;
  for (const { segment } of segmenter.segment(text)) {
    length += measure(segment);
    if (length > room) break;
    kept += segment;
  }
  return `${kept.trimEnd()}${ellipsis}`;
}
