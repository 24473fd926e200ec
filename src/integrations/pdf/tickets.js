// @ts-check
const QRCode = require('qrcode');
const { draw, layOut, lineHeight, write } = require('./text');

const MARGIN = 36;
const QR_SIZE = 210;
/** The quiet zone around a QR code, in modules. */
const QUIET = 4;
const GRAY = '#666666';
const BLACK = '#000000';
const LOGO = { width: 96, height: 44 };
const LABEL = 84;
const GAP = 8;
// Text that is too long for a page is scaled down, not cut.
const SCALES = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];

// Any mask suits a code whose bits are as good as random; finding the best one would take most of the time.
const MASK = 0;

/**
 * Draws a code as bars, in one piece of content: a call for each bar takes PDFKit longer than all the rest.
 * @param {PDFKit.PDFDocument} page
 * @param {string} code
 * @param {{ x: number, y: number }} at
 */
function drawQr(page, code, { x, y }) {
  // Codes are base32, which fits the alphanumeric mode, so no mode needs to be detected.
  const segments = [{ data: code, mode: 'alphanumeric' }];
  const { modules } = QRCode.create(/** @type {import('qrcode').QRCodeSegment[]} */ (segments), {
    errorCorrectionLevel: 'M',
    maskPattern: MASK,
  });
  const { data, size } = modules;
  const unit = QR_SIZE / (size + 2 * QUIET);
  let bars = '';
  for (let row = 0; row < size; row += 1) {
    for (let start = 0; start < size; start += 1) {
      let end = start;
      while (end < size && data[row * size + end]) end += 1;
      // Adjacent modules are drawn as one bar, so that no hairlines appear between them.
      if (end > start) bars += `${start} ${row} ${end - start} 1 re\n`;
      start = end;
    }
  }
  page.save();
  page.fillColor(BLACK);
  // From here on, one module is one unit.
  page.transform(unit, 0, 0, unit, x + QUIET * unit, y + QUIET * unit);
  page.addContent(`${bars}f`);
  page.restore();
}

/** @param {import('./index').TicketPage} ticket @param {{ scale: number, width: number, hasLogo: boolean }} box */
function arrange({ title, facts }, { scale, width, hasLogo }) {
  const heading = { size: 20 * scale, isBold: true, width: width - (hasLogo ? LOGO.width + GAP : 0) };
  const label = { size: 9 * scale, width: LABEL - GAP };
  const value = { size: 11 * scale, width: width - LABEL };
  const titleLines = layOut(title, heading);
  const rows = facts.map(([name, text]) => {
    const names = layOut(name, label);
    const values = layOut(text, value);
    const height = Math.max(names.length * lineHeight(label), values.length * lineHeight(value)) + 6 * scale;
    return { names, values, height };
  });
  const top = Math.max(titleLines.length * lineHeight(heading), hasLogo ? LOGO.height : 0) + 10 * scale;
  return { titleLines, rows, heading, label, value, top, height: rows.reduce((sum, row) => sum + row.height, top) };
}

/**
 * @param {PDFKit.PDFDocument} page
 * @param {import('./index').TicketPage} ticket
 * @param {Uint8Array | undefined} logo
 */
function drawTicket(page, ticket, logo) {
  page.addPage({ size: 'A5', margin: MARGIN });
  const width = page.page.width - 2 * MARGIN;
  const hasLogo = logo !== undefined;
  const bottom = page.page.height - MARGIN - 24;
  const room = bottom - QR_SIZE - MARGIN;
  let plan = arrange(ticket, { scale: 1, width, hasLogo });
  for (const scale of SCALES) {
    if (plan.height <= room) break;
    plan = arrange(ticket, { scale, width, hasLogo });
  }
  if (logo)
    page.image(/** @type {Buffer} */ (logo), page.page.width - MARGIN - LOGO.width, MARGIN, {
      fit: [LOGO.width, LOGO.height],
      align: 'right',
    });
  const { titleLines, rows, heading, label, value } = plan;
  page.fillColor(BLACK);
  draw(page, titleLines, { ...heading, x: MARGIN, y: MARGIN });
  let y = MARGIN + plan.top;
  for (const { names, values, height } of rows) {
    page.fillColor(GRAY);
    draw(page, names, { ...label, x: MARGIN, y: y + value.size - label.size });
    page.fillColor(BLACK);
    draw(page, values, { ...value, x: MARGIN + LABEL, y });
    y += height;
  }
  drawQr(page, ticket.code, { x: (page.page.width - QR_SIZE) / 2, y: bottom - QR_SIZE });
  page.fillColor(GRAY);
  write(page, ticket.footer, { size: 8, x: MARGIN, y: bottom + 4, width, align: 'center' });
}

module.exports = { drawTicket };
