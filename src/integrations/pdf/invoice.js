// @ts-check
const { draw, layOut, lineHeight, write } = require('./text');

const MARGIN = 48;
const GRAY = '#666666';
const BLACK = '#000000';
const LOGO = { width: 140, height: 60 };
const LABEL = 100;
const GAP = 8;
const TEXT = { size: 10 };
const SMALL = { size: 8 };
const CELL = { size: 9 };

/** @typedef {{ page: PDFKit.PDFDocument, y: number }} Sheet the page and position of the next line */

/** @param {Sheet} sheet */
const getContentWidth = ({ page }) => page.page.width - 2 * MARGIN;

/** @param {Sheet} sheet */
function begin(sheet) {
  sheet.page.addPage({ size: 'A4', margin: MARGIN });
  sheet.y = MARGIN;
}

/** Starts a new page if there is not enough room. @param {Sheet} sheet @param {number} height @param {() => void} [header] redrawn on the new page */
function makeRoom(sheet, height, header) {
  if (sheet.y + height <= sheet.page.page.height - MARGIN - 20) return;
  begin(sheet);
  header?.();
}

/** @param {Sheet} sheet @param {string} text @param {import('./text').Style & { color?: string }} style */
function addText(sheet, text, { color = BLACK, ...style }) {
  for (const line of layOut(text, { ...style, width: getContentWidth(sheet) })) {
    makeRoom(sheet, lineHeight(style));
    sheet.page.fillColor(color);
    sheet.y = draw(sheet.page, [line], { ...style, x: MARGIN, y: sheet.y, width: getContentWidth(sheet) });
  }
}

/** Adds lines, the first of which is a name. @param {Sheet} sheet @param {string[]} lines @param {number} width */
function addBlock(sheet, lines, width) {
  lines.forEach((text, index) => {
    const style = { ...TEXT, isBold: index === 0, width };
    sheet.page.fillColor(BLACK);
    sheet.y = draw(sheet.page, layOut(text, style), { ...style, x: MARGIN, y: sheet.y });
  });
}

/** @param {Sheet} sheet @param {[name: string, value: string][]} facts */
function addFacts(sheet, facts) {
  const width = getContentWidth(sheet) - LABEL;
  for (const [name, value] of facts) {
    const names = layOut(name, { ...CELL, width: LABEL - GAP });
    const lines = layOut(value, { ...TEXT, width });
    makeRoom(sheet, lines.length * lineHeight(TEXT));
    sheet.page.fillColor(GRAY);
    const namesEnd = draw(sheet.page, names, { ...CELL, x: MARGIN, y: sheet.y + 1, width: LABEL });
    sheet.page.fillColor(BLACK);
    const end = draw(sheet.page, lines, { ...TEXT, x: MARGIN + LABEL, y: sheet.y, width });
    sheet.y = Math.max(end, namesEnd) + 2;
  }
}

/** @param {Sheet} sheet @param {import('./index').InvoiceColumn[]} columns @param {{ cells: string[], isBold?: boolean, header?: () => void }} row */
function addRow(sheet, columns, { cells, isBold = false, header }) {
  const sum = columns.reduce((total, { share }) => total + share, 0);
  const widths = columns.map(({ share }) => (share / sum) * getContentWidth(sheet));
  const laid = cells.map((cell, index) => layOut(cell, { ...CELL, isBold, width: (widths[index] ?? 0) - GAP }));
  const height = Math.max(...laid.map((lines) => lines.length)) * lineHeight(CELL) + 4;
  makeRoom(sheet, height, header);
  let x = MARGIN;
  sheet.page.fillColor(BLACK);
  laid.forEach((lines, index) => {
    const width = widths[index] ?? 0;
    const isFirst = index === 0;
    const box = { x: isFirst ? x : x + GAP, y: sheet.y, width: width - GAP };
    draw(sheet.page, lines, { ...CELL, ...box, align: isFirst ? 'left' : 'right' });
    x += width;
  });
  sheet.y += height;
}

/** @param {Sheet} sheet */
function addRule(sheet) {
  const y = sheet.y - 2;
  const right = MARGIN + getContentWidth(sheet);
  sheet.page.moveTo(MARGIN, y).lineTo(right, y).lineWidth(0.5).strokeColor('#999999').stroke();
  sheet.y += 2;
}

const TOTALS = [0.1, 0.65, 0.25].map((share) => ({ title: '', share }));

/**
 * @param {PDFKit.PDFDocument} page
 * @param {import('./index').Invoice} invoice
 * @param {Uint8Array | undefined} logo
 */
function drawInvoice(page, { title, note, seller, buyer, facts, columns, lines, sums, later, footer }, logo) {
  /** @type {Sheet} */
  const sheet = { page, y: MARGIN };
  begin(sheet);
  if (logo)
    page.image(/** @type {Buffer} */ (logo), page.page.width - MARGIN - LOGO.width, MARGIN, {
      fit: [LOGO.width, LOGO.height],
      align: 'right',
    });
  addBlock(sheet, seller, getContentWidth(sheet) - (logo ? LOGO.width + GAP : 0));
  sheet.y = Math.max(sheet.y, logo ? MARGIN + LOGO.height : 0) + 28;
  addBlock(sheet, buyer, getContentWidth(sheet));
  sheet.y += 28;
  addText(sheet, title, { size: 20, isBold: true });
  if (note) addText(sheet, note, { ...TEXT, color: GRAY });
  sheet.y += 8;
  addFacts(sheet, facts);
  sheet.y += 14;
  const header = () => {
    addRow(sheet, columns, { cells: columns.map((column) => column.title), isBold: true });
    addRule(sheet);
  };
  header();
  for (const cells of lines) addRow(sheet, columns, { cells, header });
  addRule(sheet);
  for (const [name, value, isBold] of sums)
    addRow(sheet, TOTALS, { cells: ['', name, value], isBold: isBold ?? false });
  if (later.length > 0) sheet.y += 8;
  for (const [name, value] of later) addRow(sheet, TOTALS, { cells: ['', name, value] });
  sheet.y += 16;
  for (const line of footer) addText(sheet, line, { ...SMALL, color: GRAY });
}

/** Adds the page number and the number of pages to each page. @param {PDFKit.PDFDocument} page */
function numberPages(page) {
  const { start, count } = page.bufferedPageRange();
  if (count < 2) return;
  for (let index = start; index < start + count; index += 1) {
    page.switchToPage(index);
    page.fillColor(GRAY);
    const y = page.page.height - MARGIN;
    const width = page.page.width - 2 * MARGIN;
    write(page, `${index + 1} / ${count}`, { ...SMALL, x: MARGIN, y, width, align: 'right' });
  }
}

module.exports = { drawInvoice, numberPages };
