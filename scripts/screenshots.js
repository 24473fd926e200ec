'use strict';

// ADMIN_EMAIL=… ADMIN_PASSWORD=… node scripts/screenshots.js [http://localhost:4000]: creates docs/images/*.png from a running
// program with demo data. The first start of the program prints the admin's password, or takes it from these variables.

const { mkdirSync } = require('node:fs');
const path = require('node:path');
const { chromium } = require('playwright-core');
const sharp = require('sharp');

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

/**
 * Saves a screenshot with a color palette, which takes a third of the space.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function take(page, name) {
  await sharp(await page.screenshot())
    .png({ palette: true })
    .toFile(path.join(folder, `${name}.png`));
}

/** @param {import('playwright-core').Page} page */
async function swaggerUi(page) {
  await page.goto(`${base}/api/docs/#/Events/createEvent`);
  const operation = page.locator('#operations-Events-createEvent');
  await operation.locator('.execute').waitFor();
  await operation.scrollIntoViewIfNeeded();
  await page.evaluate('window.scrollBy(0, -190)');
  await take(page, 'swagger-ui');
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
  await take(page, 'mailbox');
}

/**
 * Puts tickets of an event and two products into the cart.
 * @param {import('playwright-core').Page} phone
 */
async function cart(phone) {
  await phone.getByRole('button', { name: 'Take these seats (2)' }).click();
  await phone.getByRole('button', { name: 'Add to cart' }).click();
  await phone.getByText('In your cart.').waitFor();
  for (const slug of ['the-tempest-script', 'poster-the-tempest']) {
    await phone.goto(`${base}/p/${slug}`);
    await phone.locator('html[data-ready]').waitFor();
    await phone.getByRole('button', { name: 'Add to cart' }).click();
    await phone.getByText('is in your cart.').waitFor();
  }
  await phone.goto(`${base}/cart`);
  await phone.getByText('Subtotal').waitFor();
  await phone.waitForLoadState('networkidle');
  await take(phone, 'cart-phone');
}

/** @param {import('playwright-core').Browser} browser */
async function pages(browser) {
  const common = { reducedMotion: /** @type {const} */ ('reduce'), locale: 'en-GB' };
  for (const [name, colorScheme] of /** @type {const} */ ([
    ['events', 'light'],
    ['events-dark', 'dark'],
  ])) {
    const page = await browser.newPage({ ...common, colorScheme, viewport: { width: 1280, height: 860 } });
    await page.goto(base, { waitUntil: 'networkidle' });
    await take(page, name);
    await page.close();
  }
  const phone = await browser.newPage({ ...common, viewport: { width: 390, height: 860 } });
  await phone.goto(`${base}/e/6`);
  await phone.locator('html[data-ready]').waitFor();
  await phone.getByRole('button', { name: 'Choose seats on the plan' }).click();
  const free = phone.locator('.seat:enabled');
  await free.first().click();
  await free.nth(1).click();
  await take(phone, 'seats-phone');
  await cart(phone);
  await phone.close();
}

/** @type {[string, import('playwright-core').BrowserContextOptions][]} */
const looks = [
  ['dashboard', { colorScheme: 'light', viewport: { width: 1280, height: 860 } }],
  ['dashboard-dark', { colorScheme: 'dark', viewport: { width: 1280, height: 860 } }],
  ['dashboard-phone', { colorScheme: 'light', viewport: { width: 390, height: 860 } }],
];

/** @param {import('playwright-core').Browser} browser */
async function dashboard(browser) {
  const { ADMIN_EMAIL = 'admin@bilten.example', ADMIN_PASSWORD = '' } = process.env;
  if (!ADMIN_PASSWORD) throw new Error('ADMIN_PASSWORD is missing: the dashboard is for admins.');
  for (const [name, options] of looks) {
    const page = await browser.newPage({
      ...options,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    await page.goto(`${base}/admin`);
    await page.locator('html[data-ready]').waitFor();
    await page.getByLabel('Email').fill(ADMIN_EMAIL);
    await page.getByLabel('Password').fill(ADMIN_PASSWORD);
    await page.getByLabel('Password').press('Enter');
    await page.locator('canvas').first().waitFor();
    // Charts are drawn in the next animation frame.
    await page.waitForTimeout(500);
    await take(page, name);
    await page.close();
  }
}

async function main() {
  mkdirSync(folder, { recursive: true });
  const executablePath = process.env.CHROME_PATH ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 720 } });
    await swaggerUi(page);
    await mailbox(page);
    await pages(browser);
    await dashboard(browser);
  } finally {
    await browser.close();
  }
}

void main();
