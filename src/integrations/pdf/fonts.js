// @ts-check
// Selects the font of each character. Fonts are loaded when needed and kept for the lifetime of the thread, because loading one
// takes longer than drawing a page.
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { deflateSync } = require('node:zlib');
const fontkit = require('fontkit');

/**
 * @typedef {object} Face
 * @property {string} name unique, also within a document
 * @property {import('fontkit').Font} font
 * @property {boolean} isOfScript true if it has letters of a script that the base face lacks
 */

/** @param {string} name of a package @param {string} file */
const embedPdf = (name, file) =>
  path.join(path.dirname(require.resolve(`@embedpdf/fonts-${name}`)), '..', 'fonts', file);

/** @param {string} name @param {string} family @param {string} extension @returns {Family} */
const inPair = (name, family, extension) => ({
  regular: () => embedPdf(name, `${family}-Regular.${extension}`),
  bold: () => embedPdf(name, `${family}-Bold.${extension}`),
});

/** @param {string} family @param {string} [subset] @param {number} [bold] the weight to use for bold text @returns {Family} */
const fromFontsource = (family, subset = family.replace('noto-sans-', ''), bold = 700) => {
  /** @param {number} weight */
  const file = (weight) => require.resolve(`@fontsource/${family}/files/${family}-${subset}-${weight}-normal.woff`);
  return { regular: () => file(400), bold: () => file(bold) };
};

/** @typedef {{ regular: () => string, bold: () => string }} Family the paths of its files */

/** @type {Record<string, Family>} */
const FAMILIES = {
  // Latin, Greek, Cyrillic, Vietnamese and Devanagari.
  base: inPair('latin', 'NotoSans', 'ttf'),
  arabic: inPair('arabic', 'NotoNaskhArabic', 'ttf'),
  hebrew: inPair('hebrew', 'NotoSansHebrew', 'ttf'),
  chinese: inPair('sc', 'NotoSansHans', 'otf'),
  japanese: inPair('jp', 'NotoSansJP', 'otf'),
  korean: inPair('kr', 'NotoSansKR', 'otf'),
  emoji: fromFontsource('noto-emoji', 'emoji'),
  symbols: fromFontsource('noto-sans-symbols', 'symbols'),
  moreSymbols: fromFontsource('noto-sans-symbols-2', 'symbols', 400),
  armenian: fromFontsource('noto-sans-armenian'),
  bengali: fromFontsource('noto-sans-bengali'),
  ethiopic: fromFontsource('noto-sans-ethiopic'),
  georgian: fromFontsource('noto-sans-georgian'),
  gujarati: fromFontsource('noto-sans-gujarati'),
  gurmukhi: fromFontsource('noto-sans-gurmukhi'),
  kannada: fromFontsource('noto-sans-kannada'),
  khmer: fromFontsource('noto-sans-khmer'),
  lao: fromFontsource('noto-sans-lao'),
  malayalam: fromFontsource('noto-sans-malayalam'),
  myanmar: fromFontsource('noto-sans-myanmar'),
  oriya: fromFontsource('noto-sans-oriya'),
  sinhala: fromFontsource('noto-sans-sinhala'),
  syriac: fromFontsource('noto-sans-syriac'),
  tamil: fromFontsource('noto-sans-tamil'),
  telugu: fromFontsource('noto-sans-telugu'),
  thaana: fromFontsource('noto-sans-thaana'),
  thai: fromFontsource('noto-sans-thai'),
  tibetan: fromFontsource('noto-serif-tibetan', 'tibetan'),
};

// Scripts with a font family of the same name.
const SCRIPTS = ['Arabic', 'Hebrew', 'Armenian', 'Bengali', 'Ethiopic', 'Georgian', 'Gujarati', 'Gurmukhi'];
SCRIPTS.push(
  'Kannada',
  'Khmer',
  'Lao',
  'Malayalam',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Syriac',
  'Tamil',
  'Telugu',
  'Thaana',
);
SCRIPTS.push('Thai', 'Tibetan');
const byScript = SCRIPTS.map((script) => ({
  test: new RegExp(`\\p{Script=${script}}`, 'u'),
  family: script.toLowerCase(),
}));

// Han characters look different in each of these languages; the rest of the text shows which one applies.
const HANGUL = /\p{Script=Hangul}/u;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3|\uFE0F/u;
const TEXT_STYLE = /\uFE0E/;
// Joiners and variation selectors need no glyphs.
const INVISIBLE = /^\p{Default_Ignorable_Code_Point}$/u;

// Shaping words takes most of the time, and most words occur in the next document too, so results are cached.
const MAX_WORDS = 5000;

// fontkit fails on some fonts in which the anchor of a mark is missing.
const NO_MARKS = /** @type {never} */ ({ mark: false, mkmk: false, abvm: false, blwm: false });

// Features that decompose letters are off, because copied or searched text would lose its marks.
const NO_DECOMPOSITION = /** @type {never} */ ({ ccmp: false });
const COMPOSED = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{P}\p{Sc}\s]+$/u;

// References and numbers, which hardly ever occur again. Their letters neither join nor move closer together.
const CODE = /^[A-Z\d]{5,}$/;

/** Shapes text letter by letter, as cached. @param {import('fontkit').Font} font @param {string} text */
function shapeLetters(font, text) {
  const runs = [...text].map((letter) => font.layout(letter));
  return /** @type {import('fontkit').GlyphRun} */ ({
    glyphs: runs.flatMap(({ glyphs }) => glyphs),
    positions: runs.flatMap(({ positions }) => positions),
    advanceWidth: runs.reduce((sum, run) => sum + run.advanceWidth, 0),
  });
}

/** Shapes text; if that fails, without positioning marks, which is better than no ticket. @param {import('fontkit').Font} font @param {string} text */
function shape(font, text) {
  try {
    return COMPOSED.test(text) ? font.layout(text, NO_DECOMPOSITION) : font.layout(text);
  } catch {
    return font.layout(text, NO_MARKS);
  }
}

/** @typedef {{ glyphs: number[], encode(): Uint8Array }} Subset */

const MAX_SUBSETS = 100;

/** The compressed bytes of subsets. @type {WeakMap<Uint8Array, Uint8Array>} */
const compressedSubsets = new WeakMap();

/** Returns the compressed bytes of an encoded subset. @param {unknown} bytes */
const findCompressedSubset = (bytes) => compressedSubsets.get(/** @type {Uint8Array} */ (bytes));

/** Returns a function that creates subsets, which are encoded and compressed once for the same glyphs. @param {import('fontkit').Font} font */
function sharingSubsets(font) {
  /** @type {Map<string, Uint8Array>} */
  const known = new Map();
  return () => {
    const subset = /** @type {Subset} */ (/** @type {unknown} */ (font.createSubset()));
    const encode = subset.encode.bind(subset);
    subset.encode = () => {
      const key = subset.glyphs.join();
      const earlier = known.get(key);
      if (earlier) return earlier;
      const bytes = encode();
      if (known.size >= MAX_SUBSETS) known.clear();
      known.set(key, bytes);
      compressedSubsets.set(bytes, deflateSync(bytes));
      return bytes;
    };
    return subset;
  };
}

/** Returns a font that caches shaped words and subsets. @param {import('fontkit').Font} font @returns {import('fontkit').Font} */
function remembering(font) {
  /** @type {Map<string, import('fontkit').GlyphRun>} */
  const known = new Map();
  return Object.create(font, {
    createSubset: { value: sharingSubsets(font) },
    layout: {
      /** @param {string} text */
      value(text) {
        if (CODE.test(text)) return shapeLetters(this, text);
        const run = known.get(text) ?? shape(font, text);
        if (known.size >= MAX_WORDS) known.clear();
        known.set(text, run);
        // PDFKit scales positions in place, so return a copy.
        const { glyphs, advanceWidth, positions } = run;
        return { glyphs, advanceWidth, positions: positions.map((position) => ({ ...position })) };
      },
    },
  });
}

/** @type {Map<string, Face>} */
const faces = new Map();

/** @param {string} family @param {boolean} isBold @returns {Face} */
function face(family, isBold) {
  const name = `${family}-${isBold ? 'bold' : 'regular'}`;
  const known = faces.get(name);
  if (known) return known;
  const file = FAMILIES[family]?.[isBold ? 'bold' : 'regular']();
  const font = /** @type {import('fontkit').Font} */ (fontkit.create(readFileSync(file ?? '')));
  const isOfScript = !['base', 'emoji', 'symbols', 'moreSymbols'].includes(family);
  const made = { name, font: remembering(font), isOfScript };
  faces.set(name, made);
  return made;
}

/** @param {Face} one @param {string} cluster */
function covers({ font }, cluster) {
  for (const character of cluster)
    if (!INVISIBLE.test(character) && !font.hasGlyphForCodePoint(/** @type {number} */ (character.codePointAt(0))))
      return false;
  return true;
}

/** Returns the families to try for Han characters in a text. @param {string} text */
function hanFamilies(text) {
  if (KANA.test(text)) return ['japanese', 'chinese', 'korean'];
  return HANGUL.test(text) ? ['korean', 'chinese', 'japanese'] : ['chinese', 'japanese', 'korean'];
}

/**
 * Returns the face for a grapheme cluster; the base face if no font has it.
 * @param {string} cluster @param {{ text: string, isBold: boolean, last: Face | undefined }} context
 */
function faceFor(cluster, { text, isBold, last }) {
  const base = face('base', isBold);
  if (EMOJI.test(cluster) && !TEXT_STYLE.test(cluster) && (cluster.length > 1 || !covers(base, cluster))) {
    const emoji = face('emoji', isBold);
    if (covers(emoji, cluster)) return emoji;
  }
  // Spaces and punctuation stay in the face of the word before them, so that they are shaped together.
  if (last?.isOfScript && !/[\p{L}\p{N}]/u.test(cluster) && covers(last, cluster)) return last;
  if (covers(base, cluster)) return base;
  const script = byScript.find(({ test }) => test.test(cluster));
  const families = [...(script ? [script.family] : []), ...hanFamilies(text), 'symbols', 'moreSymbols', 'emoji'];
  for (const family of families) {
    const one = face(family, isBold);
    if (covers(one, cluster)) return one;
  }
  return base;
}

module.exports = { face, faceFor, covers, findCompressedSubset };
