// @ts-check
// Plain JavaScript, because threads run this file directly, both in tests and in the build.
const os = require('node:os');
const PDFDocument = require('pdfkit');
const { drawInvoice, numberPages } = require('./invoice');
const { drawTicket } = require('./tickets');

// On Linux this sets the priority of the calling thread only, so that threads serving requests go first.
if (os.platform() === 'linux') os.setPriority(0, 10);

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
    draw(document);
    document.end();
  });
}

/**
 * Draws one page per ticket.
 * @param {import('./index').Tickets} content
 */
function tickets({ language, pages, logo }) {
  return write({ title: pages[0]?.title ?? '', language }, (document) => {
    for (const page of pages) drawTicket(document, page, logo);
  });
}

/** @param {import('./index').Invoice} content */
function invoice(content) {
  return write(content, (document) => {
    drawInvoice(document, content, content.logo);
    numberPages(document);
  });
}

module.exports = { tickets, invoice };
