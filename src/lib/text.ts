const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

interface Cut {
  /** How much there may be, in whatever `measure` counts; with the ellipsis, if anything is cut. */
  max: number;
  ellipsis?: string;
  /** By default UTF-16 units, as `length` counts them. */
  measure?: (text: string) => number;
}

/** A text that is no longer than so much, cut between what readers take for characters: no half emoji, no letter without its accent. */
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
