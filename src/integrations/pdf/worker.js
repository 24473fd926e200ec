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

/**
 * A page for each ticket.
 * @param {import('./index').TicketPage[]} tickets
 * @returns {Promise<Uint8Array>}
 */
function tickets(tickets) {
  return new Promise((resolve, reject) => {
    const document = new PDFDocument({
      autoFirstPage: false,
      info: { Title: tickets[0]?.title ?? '', Creator: 'Bilten', Producer: 'Bilten' },
    });
    document.registerFont('regular', regular).registerFont('bold', bold);
    /** @type {Buffer[]} */
    const chunks = [];
    document.on('data', (chunk) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
    for (const ticket of tickets) drawTicket(document, ticket);
    document.end();
  });
}

module.exports = { tickets };
