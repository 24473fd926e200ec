import type { Page } from 'playwright-core';
import { database } from '../../src/database';
import { PASSWORD, registerUser } from '../helpers/accounts';
import { describeWithBrowser } from '../helpers/pages/browser';
import { makeEvent } from '../helpers/events';
import { picture } from '../helpers/files';
import { definingSeats, STALLS } from '../helpers/seats';
import { eventually } from '../helpers/servers/processes';
import { openSite, type Site } from '../helpers/servers/site';

// A browser is slow on a busy machine.
jest.setTimeout(120_000);

describeWithBrowser('Swagger UI', () => {
  let site: Site;
  let page: Page;
  let base: string;
  let complaints: string[];

  async function call(place: string, body: object): Promise<{ data: { token: string } }> {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${base}/api${place}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await response.json()) as { data: { token: string } };
  }

  async function open(operation: string) {
    const block = page.locator(`#operations-${operation}.opblock`);
    if (!/\bis-open\b/.test((await block.getAttribute('class')) ?? ''))
      await block.locator('.opblock-summary-control').click();
    await block.locator('.execute').waitFor();
    return block;
  }

  async function execute(operation: string, body?: object): Promise<{ status: string; text: string }> {
    const block = await open(operation);
    if (body) await block.locator('textarea.body-param__text').fill(JSON.stringify(body));
    await block.locator('.execute').click();
    const answer = block.locator('.live-responses-table');
    const status = (await answer.locator('tbody .response-col_status').first().textContent()) ?? '';
    return { status: status.trim(), text: (await answer.textContent()) ?? '' };
  }

  // Drawing all operations takes seconds, so all tests share a page, in this order.
  beforeAll(async () => {
    site = await openSite();
    ({ base } = site);
    ({ page, complaints } = await site.visit());
    await page.goto(`${base}/api/docs`);
    await page.locator('.opblock').first().waitFor();
  });

  afterAll(() => site?.close());

  // No errors, no policy violations, no requests to other hosts.
  afterEach(() => expect(complaints).toEqual([]));

  describe('for a reader', () => {
    it('lists the errors of an operation in one table, without a body per error', async () => {
      const block = await open('Events-createEvent');
      const responses = block.locator('.responses-table:not(.live-responses-table)').last();
      await responses.locator('.renderedMarkdown table').first().waitFor();
      const text = (await responses.textContent()) ?? '';
      expect(text).toContain('VALIDATION_ERROR');
      expect(text).toContain('IDEMPOTENCY_KEY_REUSED');
      expect(await responses.locator('.highlight-code').count()).toBe(1);
    });

    it('offers an example with two ticket types', async () => {
      const block = await open('Events-createEvent');
      await block.locator('.examples-select select').selectOption({ label: 'Two ticket types' });
      expect(await block.locator('textarea.body-param__text').inputValue()).toContain('"Circle"');
    });

    it('suggests no id for irreversible operations', async () => {
      const block = await open('Events-cancelEvent');
      expect(await block.locator('tr[data-param-name="id"] input').inputValue()).toBe('');
    });

    it('shows a seating plan as a drawing', async () => {
      const organizer = await registerUser({ role: 'organizer' });
      const { id } = await makeEvent(organizer, { totalTickets: 12 });
      await definingSeats(organizer, id, STALLS).expect(201);
      const block = await open('Seats-drawSeatMap');
      await block.locator('tr[data-param-name="id"] input').fill(String(id));
      await block.locator('.execute').click();
      const drawing = block.locator('img.drawing');
      await drawing.waitFor();
      await eventually(() => drawing.evaluate((image: { naturalWidth?: number }) => (image.naturalWidth ?? 0) > 0));
    });

    it('describes every tag and operation', async () => {
      const tags = await page.locator('.opblock-tag').count();
      expect(tags).toBeGreaterThan(4);
      expect(await page.locator('.opblock-tag small').count()).toBe(tags);
      expect(await page.locator('.opblock-summary-description').count()).toBe(await page.locator('.opblock').count());
    });
  });

  describe('on a phone', () => {
    const { width, height } = { width: 390, height: 800 };
    beforeAll(() => page.setViewportSize({ width, height }));
    afterAll(() => page.setViewportSize({ width: 1280, height }));

    it('fits, and filters operations', async () => {
      await open('Bookings-createBooking');
      expect(await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')).toEqual([width, width]);
      await page.locator('.operation-filter-input').fill('Waitlist');
      await eventually(async () => (await page.locator('.opblock-tag').count()) === 1);
      await page.locator('.operation-filter-input').fill('');
      await eventually(async () => (await page.locator('.opblock-tag').count()) > 1);
    });
  });

  describe('for a user', () => {
    it('uses the token of a login through Try it out, even after a reload', async () => {
      const { user } = await registerUser();
      expect(await execute('Auth-getProfile')).toMatchObject({ status: '401' });
      expect(await execute('Auth-login', { email: user.email, password: PASSWORD })).toMatchObject({ status: '200' });
      await page.reload();
      const { status, text } = await execute('Auth-getProfile');
      expect(status).toBe('200');
      expect(text).toContain(user.email);
      // The browser also logs the 401 for the request without a token.
      expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
    });

    it('uploads the cover of an event and shows it', async () => {
      const organizer = await registerUser({ role: 'organizer' });
      const { id } = await makeEvent(organizer);
      await execute('Auth-login', { email: organizer.user.email, password: PASSWORD });
      const block = await open('Events-replaceCover');
      await block.locator('tr[data-param-name="id"] input').fill(String(id));
      await block
        .locator('input[type="file"]')
        .setInputFiles({ name: 'cover.png', mimeType: 'image/png', buffer: await picture({ width: 400 }) });
      await block.locator('.execute').click();
      const answer = block.locator('.live-responses-table');
      expect(((await answer.locator('tbody .response-col_status').first().textContent()) ?? '').trim()).toBe('200');
      const shown = await fetch(`${base}/api/events/${id}`);
      const { coverImageUrl } = ((await shown.json()) as { data: { coverImageUrl: string } }).data;
      const width = await page.evaluate(
        `(async () => { const image = new Image(); image.src = ${JSON.stringify(coverImageUrl)}; await image.decode(); return image.naturalWidth; })()`,
      );
      expect(width).toBe(400);
    });

    it('renews the token before it expires and forgets it on logout', async () => {
      const { user } = await registerUser();
      await execute('Auth-login', { email: user.email, password: PASSWORD });
      const stored = () => page.evaluate(`localStorage.getItem('bilten-docs-refresh')`);
      const first = await stored();
      expect(first).toEqual(expect.any(String));
      // Replace the token by one that expires in a moment.
      const { data } = await call('/auth/login', { email: user.email, password: PASSWORD });
      const [head, , sign] = data.token.split('.');
      const claims = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 61 })).toString('base64url');
      await page.evaluate(
        `storeTokens({ url: '/auth/login', status: 200, body: { data: { token: '${head}.${claims}.${sign}', refreshToken: '${first as string}' } } })`,
      );
      await eventually(async () => (await stored()) !== first);
      expect(await execute('Auth-getProfile')).toMatchObject({ status: '200' });
    });

    it('creates an event with an organizer’s token', async () => {
      const { user } = await registerUser({ role: 'organizer' });
      const { data } = await call('/auth/login', { email: user.email, password: PASSWORD });
      await page.locator('.auth-wrapper button.authorize').first().click();
      // The token of the test before.
      await page.locator('.modal-ux button', { hasText: 'Logout' }).click();
      await page.locator('.modal-ux input').fill(data.token);
      await page.locator('.modal-ux button.authorize').click();
      await page.locator('.modal-ux button.btn-done').click();

      const { status, text } = await execute('Events-createEvent');

      expect(text).toContain('"organizerId"');
      expect(status).toBe('201');
      expect(await database('events').where('organizer_id', user.id).pluck('status')).toEqual(['published']);
    });
  });
});
