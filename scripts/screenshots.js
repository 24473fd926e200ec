'use strict';

// node scripts/screenshots.js [http://localhost:4000]: makes docs/images/*.png of a running program with demo data.

const { mkdirSync } = require('node:fs');
const path = require('node:path');
const { chromium } = require('playwright-core');

const base = process.argv[2] ?? 'http://localhost:4000';
const folder = path.join(__dirname, '..', 'docs', 'images');
const guest = { email: 'guest@bilten.example', password: 'demo-tickets' };

/**
 * @param {string} place
 * @param {object} body
 * @param {string} [token]
 */
async function post(place, body, token) {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(`${base}/api${place}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return /** @type {Promise<{ data: { token: string } }>} */ (response.json());
}

/** @param {import('playwright-core').Page} page */
async function swaggerUi(page) {
  await page.goto(`${base}/api/docs/#/Events/createEvent`);
  const operation = page.locator('#operations-Events-createEvent');
  await operation.locator('.execute').waitFor();
  await operation.scrollIntoViewIfNeeded();
  await page.evaluate('window.scrollBy(0, -190)');
  await page.screenshot({ path: path.join(folder, 'swagger-ui.png') });
}

/** @param {import('playwright-core').Page} page */
async function mailbox(page) {
  const { data } = await post('/auth/login', guest);
  await post('/bookings', { eventId: 5, ticketsCount: 2 }, data.token);
  const confirmation = page.locator('a[href*="/dev/mail/"]').first();
  for (let tries = 0; tries < 60; tries += 1) {
    await page.goto(`${base}/dev/mail?to=${encodeURIComponent(guest.email)}`);
    if ((await confirmation.count()) > 0) break;
    await page.waitForTimeout(500);
  }
  await confirmation.click();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: path.join(folder, 'mailbox.png') });
}

async function main() {
  mkdirSync(folder, { recursive: true });
  const executablePath = process.env.CHROME_PATH ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 720 } });
    await swaggerUi(page);
    await mailbox(page);
  } finally {
    await browser.close();
  }
}

void main();
