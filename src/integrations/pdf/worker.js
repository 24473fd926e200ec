// @ts-check
// Plain JavaScript, because threads run this file directly, both in tests and in the build.
const os = require('node:os');
const { deflateSync } = require('node:zlib');
const PDFDocument = require('pdfkit');
const { findCompressedSubset, face } = require('./fonts');
const { drawInvoice, numberPages } = require('./invoice');
const { drawTicket } = require('./tickets');

// On Linux this sets the priority of the calling thread only, so that threads serving requests go first.
if (os.platform() === 'linux') os.setPriority(0, 10);

const MAX_TABLES = 100;

/** The compressed tables that map the glyphs of a subset to letters. @type {Map<string, Buffer>} */
const compressedTables = new Map();

/** @param {string} table */
function compressTable(table) {
  const compressed = compressedTables.get(table) ?? deflateSync(table);
  if (compressedTables.size >= MAX_TABLES) compressedTables.clear();
  compressedTables.set(table, compressed);
  return compressed;
}

/** Makes a document embed fonts as they were compressed for an earlier one. @param {PDFKit.PDFDocument} document */
function shareFonts(document) {
  const createRef = document.ref.bind(document);
  document.ref = (data) => {
    const created = createRef(data);
    /** @type {unknown} */
    const inner = created;
    const ref = /** @type {{ compress: boolean, data: Record<string, unknown>, end(chunk?: unknown): void }} */ (inner);
    const end = ref.end.bind(ref);
    ref.end = (chunk) => {
      const compressed = typeof chunk === 'string' ? compressTable(chunk) : findCompressedSubset(chunk);
      if (!compressed) return end(chunk);
      // PDFKit would compress it again.
      ref.compress = false;
      ref.data.Filter = 'FlateDecode';
      end(compressed);
    };
    return created;
  };
}

// What tickets are usually made of. With all of it in the subset of each document, documents share their subset.
const COMMON = ' #()&,-./:0123456789@ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** @param {PDFKit.PDFDocument} document */
function addCommonGlyphs(document) {
  const { name, font } = face('base', false);
  document.registerFont(name, /** @type {never} */ (font)).font(name);
  /** @type {unknown} */
  const inner = document;
  /** @type {{ _font: { encode(text: string): void } }} */ (inner)._font.encode(COMMON);
}

/**
 * @param {{ title: string, language: string }} about
 * @param {(document: PDFKit.PDFDocument) => void} draw
 * @returns {Promise<Uint8Array>}
 */
function write({ title, language }, draw) {
  return new Promise((resolve, reject) => {
    const document = new PDFDocument({
      autoFirstPage: false,
      bufferPages: true,
      lang: language,
      // Use our own fonts only: the standard PDF fonts have only Western European letters and are slow to load.
      font: /** @type {never} */ (null),
      info: { Title: title, Creator: 'Bilten', Producer: 'Bilten' },
    });
    /** @type {Buffer[]} */
    const chunks = [];
    document.on('data', (chunk) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
    shareFonts(document);
    addCommonGlyphs(document);
    draw(document);
    document.end();
  });
}

/** Draws one page per ticket. @param {import('./index').Tickets} content */
function drawTickets({ language, pages, logo }) {
  return write({ title: pages[0]?.title ?? '', language }, (document) => {
    for (const page of pages) drawTicket(document, page, logo);
  });
}

/** @param {import('./index').Invoice} content */
function drawOneInvoice(content) {
  return write(content, (document) => {
    drawInvoice(document, content, content.logo);
    numberPages(document);
  });
}

/**
 * Makes several documents; one that fails does not affect the others.
 * @template T
 * @param {(content: T) => Promise<Uint8Array>} make
 */
const makeEach = (make) => (/** @type {T[]} */ contents) =>
  Promise.all(
    contents.map(async (one) => {
      try {
        return { content: await make(one) };
      } catch (error) {
        return { failure: String(error) };
      }
    }),
  );

module.exports = { tickets: makeEach(drawTickets), invoices: makeEach(drawOneInvoice) };
