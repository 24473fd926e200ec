// @ts-check
// Plain JavaScript: threads start it as it stands, from the sources under test and from the build alike.
const { readFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const PDFDocument = require('pdfkit');
const QRCode = require('qrcode');

// On Linux this is the priority of the calling thread alone: whoever serves requests goes first.
if (os.platform() === 'linux') os.setPriority(0, 10);

// Fonts of our own: those that every PDF reader has know Western Europe's letters only.
const FONTS = path.join(__dirname, '..', '..', '..', 'assets', 'fonts');
const regular = readFileSync(path.join(FONTS, 'LiberationSans-Regular.ttf'));
const bold = readFileSync(path.join(FONTS, 'LiberationSans-Bold.ttf'));

const MARGIN = 36;
const QR_SIZE = 210;
/** Light modules around it, which a reader needs. */
const QUIET = 4;
const GRAY = '#666666';

/**
 * @param {PDFKit.PDFDocument} page
 * @param {string} code
 * @param {{ x: number, y: number }} at
 */
function drawQr(page, code, { x, y }) {
  const { modules } = QRCode.create(code, { errorCorrectionLevel: 'M' });
  const unit = QR_SIZE / (modules.size + 2 * QUIET);
  for (let row = 0; row < modules.size; row += 1) {
    for (let start = 0; start < modules.size; start += 1) {
      let end = start;
      while (end < modules.size && modules.get(row, end)) end += 1;
      // One bar for neighbors: no hair lines between them.
      if (end > start) page.rect(x + (start + QUIET) * unit, y + (row + QUIET) * unit, (end - start) * unit, unit);
      start = end;
    }
  }
  page.fill('#000000');
}

/**
 * @param {PDFKit.PDFDocument} page
 * @param {import('./index').TicketPage} ticket
 */
function drawTicket(page, { title, facts, code, footer }) {
  page.addPage({ size: 'A5', margin: MARGIN });
  const width = page.page.width - 2 * MARGIN;
  page
    .font('bold')
    .fontSize(20)
    .fillColor('#000000')
    .text(title, MARGIN, MARGIN, { width, height: 76, ellipsis: true });
  let y = MARGIN + 84;
  for (const [name, value] of facts) {
    page
      .font('regular')
      .fontSize(9)
      .fillColor(GRAY)
      .text(name, MARGIN, y + 2, { width: 70, height: 12, ellipsis: true });
    page
      .fontSize(11)
      .fillColor('#000000')
      .text(value, MARGIN + 76, y, { width: width - 76, height: 28, ellipsis: true });
    y += 32;
  }
  const top = page.page.height - MARGIN - 24 - QR_SIZE;
  drawQr(page, code, { x: (page.page.width - QR_SIZE) / 2, y: top });
  page
    .fontSize(8)
    .fillColor(GRAY)
    .text(footer, MARGIN, top + QR_SIZE + 6, { width, height: 12, align: 'center', ellipsis: true });
}

// Shares of the width: what it is, and numbers.
const COLUMNS = [0.4, 0.12, 0.16, 0.16, 0.16];
const LINE = 18;

/**
 * @param {PDFKit.PDFDocument} page
 * @param {string[]} cells
 * @param {{ y: number, width: number }} at
 */
function drawRow(page, cells, { y, width }) {
  let x = MARGIN;
  cells.forEach((cell, index) => {
    const own = width * (COLUMNS[index] ?? 0);
    page.text(cell, x, y, { width: own - 6, height: 14, ellipsis: true, align: index === 0 ? 'left' : 'right' });
    x += own;
  });
}

/**
 * @param {PDFKit.PDFDocument} page
 * @param {import('./index').Invoice} invoice
 */
function drawInvoice(page, { title, facts, columns, lines, sums, footer }) {
  page.addPage({ size: 'A4', margin: MARGIN });
  const width = page.page.width - 2 * MARGIN;
  page
    .font('bold')
    .fontSize(20)
    .fillColor('#000000')
    .text(title, MARGIN, MARGIN, { width, height: 26, ellipsis: true });
  let y = MARGIN + 44;
  for (const [name, value] of facts) {
    page.font('regular').fontSize(9).fillColor(GRAY).text(name, MARGIN, y, { width: 90 });
    page.fontSize(10).fillColor('#000000');
    page.text(value, MARGIN + 96, y - 1, { width: width - 96, height: 14, ellipsis: true });
    y += LINE;
  }
  const next = () => {
    y += LINE;
    if (y < page.page.height - 3 * MARGIN) return;
    page.addPage({ size: 'A4', margin: MARGIN });
    y = MARGIN;
  };
  next();
  page.font('bold').fontSize(10);
  drawRow(page, columns, { y, width });
  page.font('regular');
  for (const line of lines) {
    next();
    drawRow(page, line, { y, width });
  }
  next();
  for (const [name, value, isBold] of sums) {
    next();
    page.font(isBold ? 'bold' : 'regular');
    page.text(name, MARGIN, y, { width: width * 0.7, align: 'right' });
    page.text(value, MARGIN + width * 0.7, y, { width: width * 0.3 - 6, align: 'right' });
  }
  next();
  next();
  page.font('regular').fontSize(8).fillColor(GRAY).text(footer, MARGIN, y, { width });
}

/**
 * @param {string} title
 * @param {(document: PDFKit.PDFDocument) => void} draw
 * @returns {Promise<Uint8Array>}
 */
function write(title, draw) {
  return new Promise((resolve, reject) => {
    const document = new PDFDocument({
      autoFirstPage: false,
      info: { Title: title, Creator: 'Bilten', Producer: 'Bilten' },
    });
    document.registerFont('regular', regular).registerFont('bold', bold);
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
 * @param {import('./index').TicketPage[]} pages
 */
function tickets(pages) {
  return write(pages[0]?.title ?? '', (document) => {
    for (const page of pages) drawTicket(document, page);
  });
}

/** @param {import('./index').Invoice} content */
function invoice(content) {
  return write(content.title, (document) => drawInvoice(document, content));
}

module.exports = { tickets, invoice };
