// @ts-check
// Lays out text in any language: fonts, line breaks and right-to-left runs.
const bidiFactory = require('bidi-js');
const LineBreaker = require('linebreak');
const { covers, face, faceFor } = require('./fonts');

/** @typedef {import('./fonts').Face} Face */

/**
 * @typedef {object} Run text drawn at once, in one face and direction
 * @property {Face} face
 * @property {string} text
 * @property {boolean} isRtl
 * @property {number} width
 */

/** @typedef {{ runs: Run[], width: number }} Line */
/** @typedef {{ size: number, isBold?: boolean }} Style */

/**
 * @typedef {object} Paragraph
 * @property {string} text
 * @property {(Face | undefined)[] | undefined} faces by index, undefined if unchanged; undefined as a whole if all text is in the base face
 * @property {Uint8Array | undefined} levels undefined if all text is left to right
 * @property {Face} base
 */

const bidi = bidiFactory();
const RTL =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200F\u202B\u202E\u2067]/u;
const RTL_LETTER = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
// Scripts without spaces between words, where a dictionary finds the ends of words.
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
// Scripts whose letters are drawn in another order than they are read; to be copyable they need the actual text.
const REORDERED = /[\u0900-\u0DFF\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF]/;
// Letters for mathematics, which people use as bold or cursive ones. No font has them, so they are drawn as plain letters.
const STYLED_LETTERS = /[\u{1D400}-\u{1D7FF}]/gu;
const LEADING = 1.36;
const ASCENT = 1.05;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const words = new Intl.Segmenter('th', { granularity: 'word' });

/** @param {Style} style */
const lineHeight = ({ size }) => size * LEADING;

// PDFKit splits text like this before shaping it.
const WORD = /[^ \t]*[ \t]|[^ \t]+/g;

/** @param {Face} face @param {string} text @returns {number} in ems */
function measure({ font }, text) {
  const parts = RTL_LETTER.test(text) ? [text] : (text.match(WORD) ?? []);
  return parts.reduce((sum, part) => sum + font.layout(part).advanceWidth, 0) / font.unitsPerEm;
}

/** @param {string} text @param {boolean} isBold @returns {Paragraph} */
function analyze(text, isBold) {
  const base = face('base', isBold);
  const levels = RTL.test(text) ? bidi.getEmbeddingLevels(text, 'auto').levels : undefined;
  if (covers(base, text)) return { text, faces: undefined, levels, base };
  /** @type {(Face | undefined)[]} */
  const faces = [];
  /** @type {Face | undefined} */
  let last;
  for (const { segment, index } of graphemes.segment(text)) {
    last = faceFor(segment, { text, isBold, last });
    faces[index] = last;
  }
  return { text, faces, levels, base };
}

/** Returns the positions where a line can end. @param {string} text @returns {number[]} */
function findBreaks(text) {
  /** @type {number[]} */
  const breaks = [];
  const breaker = new LineBreaker(text);
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) breaks.push(next.position);
  const unspaced = [...text.matchAll(UNSPACED)];
  if (unspaced.length === 0) return breaks;
  for (const { 0: run, index } of unspaced)
    for (const { index: offset } of words.segment(run)) if (offset > 0) breaks.push(index + offset);
  return [...new Set(breaks)].sort((a, b) => a - b);
}

/** Returns the runs of a part in logical order. @param {Paragraph} paragraph @param {number} start @param {number} end */
function splitRuns({ text, faces, levels, base }, start, end) {
  if (!faces && !levels) return [{ face: base, level: 0, start, end }];
  /** @type {{ face: Face, level: number, start: number, end: number }[]} */
  const runs = [];
  let used = base;
  for (let i = start; faces && i >= 0; i -= 1) {
    const found = faces[i];
    if (!found) continue;
    used = found;
    break;
  }
  for (let i = start; i < end; i += 1) {
    used = faces?.[i] ?? used;
    const level = levels?.[i] ?? 0;
    const run = runs.at(-1);
    const isSplit = i > start && /[\uDC00-\uDFFF]/.test(text.charAt(i));
    if (run && (isSplit || (run.face === used && run.level === level))) run.end = i + 1;
    else runs.push({ face: used, level, start: i, end: i + 1 });
  }
  return runs;
}

/** @param {Paragraph} paragraph @param {number} start @param {number} end @returns {number} in ems */
function measurePart(paragraph, start, end) {
  let width = 0;
  for (const run of splitRuns(paragraph, start, end))
    width += measure(run.face, paragraph.text.slice(run.start, run.end));
  return width;
}

/** Returns runs in visual order: runs of higher levels are reversed within their surroundings. @param {ReturnType<typeof splitRuns>} runs */
function toVisualOrder(runs) {
  const highest = Math.max(0, ...runs.map(({ level }) => level));
  const ordered = [...runs];
  for (let level = highest; level > 0; level -= 1) {
    for (let first = 0; first < ordered.length; first += 1) {
      let after = first;
      while (after < ordered.length && /** @type {{ level: number }} */ (ordered[after]).level >= level) after += 1;
      if (after === first) continue;
      ordered.splice(first, after - first, ...ordered.slice(first, after).reverse());
      first = after;
    }
  }
  return ordered;
}

/** Returns the text to draw for a run. @param {string} text @param {number} level */
function drawn(text, level) {
  if (level % 2 === 0) return text;
  const mirrored = [...text].map((character) => bidi.getMirroredCharacter(character) ?? character).join('');
  // Shaping reverses letters, but not runs of punctuation alone.
  if (RTL_LETTER.test(text)) return mirrored;
  return [...graphemes.segment(mirrored)]
    .map(({ segment }) => segment)
    .reverse()
    .join('');
}

/** @param {Paragraph} paragraph @param {number} start @param {number} end @param {number} size @returns {Line} */
function makeLine(paragraph, start, end, size) {
  let last = end;
  while (last > start && /\s/.test(paragraph.text.charAt(last - 1))) last -= 1;
  if (last === start) return { runs: [], width: 0 };
  const runs = toVisualOrder(splitRuns(paragraph, start, last)).map((run) => {
    const text = drawn(paragraph.text.slice(run.start, run.end), run.level);
    return {
      face: run.face,
      text,
      isRtl: run.level % 2 === 1 && RTL_LETTER.test(text),
      width: measure(run.face, text) * size,
    };
  });
  return { runs, width: runs.reduce((sum, run) => sum + run.width, 0) };
}

/** Splits a part that is wider than a line. @param {Paragraph} paragraph @param {number} start @param {number} end @param {number} most in ems @returns {number[]} ends */
function cut(paragraph, start, end, most) {
  /** @type {number[]} */
  const ends = [];
  let from = start;
  let width = 0;
  for (const { segment, index } of graphemes.segment(paragraph.text.slice(start, end))) {
    const own = measurePart(paragraph, start + index, start + index + segment.length);
    if (width > 0 && width + own > most) {
      ends.push(start + index);
      from = start + index;
      width = 0;
    }
    width += own;
  }
  if (from < end) ends.push(end);
  return ends;
}

/** @param {Paragraph} paragraph @param {Style & { width: number }} box @returns {Line[]} */
function wrap(paragraph, { size, width }) {
  const most = width / size;
  const { text } = paragraph;
  if (measurePart(paragraph, 0, text.length) <= most) return [makeLine(paragraph, 0, text.length, size)];
  /** @type {Line[]} */
  const lines = [];
  let start = 0;
  let used = 0;
  let at = 0;
  for (const position of findBreaks(text)) {
    const visible = at + text.slice(at, position).trimEnd().length;
    if (used > 0 && used + measurePart(paragraph, at, visible) > most) {
      lines.push(makeLine(paragraph, start, at, size));
      start = at;
      used = 0;
    }
    if (used === 0 && measurePart(paragraph, at, visible) > most) {
      const ends = cut(paragraph, at, position, most);
      for (const end of ends.slice(0, -1)) {
        lines.push(makeLine(paragraph, start, end, size));
        start = end;
      }
      used = measurePart(paragraph, start, position);
    } else used += measurePart(paragraph, at, position);
    at = position;
  }
  if (start < text.length) lines.push(makeLine(paragraph, start, text.length, size));
  return lines;
}

// Most texts of a ticket are those of the one before.
const MAX_TEXTS = 2000;

/** @type {Map<string, Line[]>} */
const laidOut = new Map();

/** @param {string} text @param {Style & { width: number }} box @returns {Line[]} */
function breakLines(text, box) {
  const clean = text
    .normalize('NFC')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replace(STYLED_LETTERS, (letter) => letter.normalize('NFKC'));
  return clean
    .split('\n')
    .flatMap((line) => (line === '' ? [{ runs: [], width: 0 }] : wrap(analyze(line, box.isBold ?? false), box)));
}

/**
 * Returns all lines of a text in a box.
 * @param {string} text @param {Style & { width: number }} box @returns {readonly Line[]}
 */
function layOut(text, box) {
  const key = `${box.size} ${box.width} ${box.isBold ?? false} ${text}`;
  const lines = laidOut.get(key) ?? breakLines(text, box);
  if (laidOut.size >= MAX_TEXTS) laidOut.clear();
  laidOut.set(key, lines);
  return lines;
}

/**
 * @param {PDFKit.PDFDocument} page
 * @param {readonly Line[]} lines
 * @param {Style & { x: number, y: number, width: number, align?: 'left' | 'right' | 'center' }} box
 * @returns {number} the y position of the next line
 */
function draw(page, lines, { x, y, width, size, align = 'left' }) {
  const shift = { left: 0, center: 0.5, right: 1 }[align];
  page.fontSize(size);
  let top = y;
  for (const line of lines) {
    let left = x + (width - line.width) * shift;
    for (const run of line.runs) {
      /** @type {PDFKit.Mixins.TextOptions & { textWidth: number, wordCount: number }} given so that PDFKit does not measure again */
      const options = { lineBreak: false, baseline: 'alphabetic', textWidth: run.width, wordCount: 1 };
      // With features set, PDFKit shapes the text as a whole instead of word by word from left to right.
      if (run.isRtl) options.features = [];
      const isReordered = REORDERED.test(run.text);
      if (isReordered) page.markContent('Span', { actual: run.text });
      page
        .registerFont(run.face.name, /** @type {never} */ (run.face.font))
        .font(run.face.name)
        .text(run.text, left, top + size * ASCENT, options);
      if (isReordered) page.endMarkedContent();
      left += run.width;
    }
    top += lineHeight({ size });
  }
  return top;
}

/**
 * Lays out and draws text.
 * @param {PDFKit.PDFDocument} page @param {string} text
 * @param {Style & { x: number, y: number, width: number, align?: 'left' | 'right' | 'center' }} box
 * @returns {number} the y position of the next line
 */
function write(page, text, box) {
  return draw(page, layOut(text, box), box);
}

module.exports = { layOut, draw, write, lineHeight };
