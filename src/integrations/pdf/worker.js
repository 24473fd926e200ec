// @ts-check
// Plain JavaScript: threads start it as it stands, from the sources under test and from the build alike.
const os = require('node:os');
const PDFDocument = require('pdfkit');
const { drawInvoice, numberPages } = require('./invoice');
const { drawTicket } = require('./tickets');

// On Linux this is the priority of the calling thread alone: whoever serves requests goes first.
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
      // Fonts of our own only: those that every reader has know Western Europe's letters, and take their time to load.
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
 * A page for each ticket.
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
