import jsQR from 'jsqr';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { database } from '../../../src/database';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import { expectAccessible } from '../../helpers/pages/axe';
import { anOpenEvent, booked, cancelling } from '../../helpers/bookings';
import { describeWithBrowser } from '../../helpers/pages/browser';
import type { TestEvent } from '../../helpers/events';
import { aHall, type TestHall } from '../../helpers/seats';
import { eventually } from '../../helpers/servers/processes';
import { openSite, type Site } from '../../helpers/servers/site';
import { createVisitor, type Visitor } from '../../helpers/pages/visitor';

// A browser is slow on a busy machine.
jest.setTimeout(120_000);

const PHONE = { viewport: { width: 390, height: 844 }, locale: 'en-GB', timezoneId: 'Europe/Vienna' };
const MAX_SCRIPT_BYTES = 60 * 1024;

describeWithBrowser('the pages for buyers', () => {
  let site: Site;
  let page: Page;
  let open: Visitor['open'];
  let signIn: Visitor['signIn'];
  let button: Visitor['button'];
  let heading: Visitor['heading'];
  let complaints: string[];
  let hall: TestHall;
  let free: TestEvent;

  async function visit(options: object = PHONE): Promise<void> {
    ({ page, complaints } = await site.visit(options));
    ({ open, signIn, button, heading } = createVisitor(site, page));
  }

  /** Books at the server that the page is open at, which reports it at once. */
  async function bookThere({ token }: TestUser, eventId: number): Promise<void> {
    const { status } = await fetch(`${site.base}/api/bookings`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ eventId, ticketsCount: 1 }),
    });
    expect(status).toBe(201);
  }

  /** Reads a QR code as a scanner would: from its picture. */
  async function scan(code: Locator): Promise<string> {
    const { data, info } = await sharp(await code.screenshot())
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return jsQR(new Uint8ClampedArray(data), info.width, info.height)!.data;
  }

  beforeAll(async () => {
    site = await openSite();
    hall = await aHall(undefined, {
      title: 'Three sisters on a phone',
      description: 'A play in four acts.',
      venueName: 'The Old Mill',
      basePrice: '12.50',
      currency: 'EUR',
    });
    free = await anOpenEvent({ title: 'A walk', totalTickets: 2, category: 'outdoors' });
  });

  afterAll(() => site?.close());
  beforeEach(() => visit());
  afterEach(async () => {
    await page.context().close();
    // No errors, no policy violations, no requests to other hosts.
    expect(complaints).toEqual([]);
  });

  it('shows what is on and an event without scripts', async () => {
    await page.context().close();
    await visit({ ...PHONE, javaScriptEnabled: false });
    await page.goto(`${site.base}/`);
    await page.getByRole('searchbox', { name: 'Search' }).fill('sisters');
    await button('Show').click();
    expect(await page.getByRole('status').first().textContent()).toBe('1 event');
    await page.getByRole('link', { name: hall.event.title }).click();
    await heading(hall.event.title).waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toContain('A play in four acts.');
    expect(text).toContain('€12.50');
    expect(text).toContain('Booking needs JavaScript.');
    await page.goto(`${site.base}/?category=outdoors&price=paid`);
    await page.getByText('No event matches.').waitFor();
    await page.getByRole('link', { name: 'Show all events' }).click();
    await page.getByRole('link', { name: 'A walk' }).waitFor();
    await page.getByRole('link', { name: 'Deutsch' }).click();
    await heading('Veranstaltungen').waitFor();
  });

  it('describes an event to search engines and to pages that link to it', async () => {
    await open(`/e/${hall.event.id}`);
    const content = (name: string) => page.locator(`meta[property="og:${name}"]`).getAttribute('content');
    expect([await content('title'), await content('description')]).toEqual([
      hall.event.title,
      'The Old Mill: A play in four acts.',
    ]);
    const data = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent())!) as object;
    expect(data).toMatchObject({
      '@type': 'Event',
      name: hall.event.title,
      location: { name: 'The Old Mill' },
      offers: [{ price: '12.50', priceCurrency: 'EUR', availability: 'https://schema.org/InStock' }],
    });
  });

  it('sells two seats from the plan to somebody who signs up on the way, and shows their QR codes', async () => {
    const email = 'buyer@example.com';
    await open('/');
    await page.getByRole('link', { name: hall.event.title }).click();
    await heading(hall.event.title).waitFor();
    await page.locator('html[data-ready]').waitFor();
    await button('Choose seats on the plan').click();
    await button(/row B, seat 2/).click();
    await button(/row B, seat 3/).click();
    await expectAccessible(page, 'seating plan');
    await page.setViewportSize(PHONE.viewport);
    await button('Take these seats (2)').click();
    await page.getByText('€25.00').waitFor();

    await button('Book 2 tickets').click();
    await button('Create an account').click();
    await page.getByLabel('Name').fill('Grace Hopper');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('New password').fill(PASSWORD);
    await expectAccessible(page, 'sign up');
    await page.setViewportSize(PHONE.viewport);
    await button('Create account').click();

    await heading('Your order').waitFor();
    await page.getByText(/held for you for 1\d:\d\d min/).waitFor();
    await expectAccessible(page, 'an unpaid order');
    await button('Pay').click();
    await button('Let it fail').click();
    await page.getByText('The payment failed.').waitFor();
    await button('Pay').click();
    await button('Pay successfully').click();
    await page.getByText('Paid. Thank you!').waitFor();
    await expectAccessible(page, 'a paid order');
    await page.getByRole('link', { name: 'Show the tickets' }).click();

    await heading('Your booking').waitFor();
    const codes = page.getByRole('img', { name: /QR code of ticket/ });
    await codes.nth(1).waitFor();
    await expectAccessible(page, 'a booking');
    const { id: userId, timezone } = (await database('users').where({ email }).first('id', 'timezone'))!;
    expect(timezone).toBe('Europe/Vienna');
    const [booking] = await database('bookings').where({ user_id: userId }).select('id', 'status');
    expect(booking!.status).toBe('confirmed');
    const seats = await database('booking_seats').where('booking_id', booking!.id).pluck('seat_id');
    expect(seats.sort()).toEqual([hall.seats.B2, hall.seats.B3].sort());
    const scanned = await Promise.all([scan(codes.nth(0)), scan(codes.nth(1))]);
    const shown = (await page.evaluate(
      `fetch('/session', { method: 'POST' }).then((r) => r.json()).then(({ data }) => fetch('/api/bookings/${booking!.id}', { headers: { Authorization: 'Bearer ' + data.token } })).then((r) => r.json())`,
    )) as { data: { tickets: { code: string }[] } };
    expect(scanned.sort()).toEqual(shown.data.tickets.map(({ code }) => code).sort());
  });

  it('counts down live, and says what is left when somebody was faster', async () => {
    const event = await anOpenEvent({ title: 'Going fast', totalTickets: 3 });
    await signIn(await registerUser());
    await open(`/e/${event.id}`);
    await page.getByText('3 left').waitFor();
    await page.waitForLoadState('networkidle');
    await button('More: General admission').click();
    await button('More: General admission').click();
    await bookThere(await registerUser(), event.id);
    await page.getByText('2 left').waitFor();
    await page.route('**/api/bookings', (route) => route.abort(), { times: 1 });
    await button('Book 2 tickets').click();
    await page.getByText('The server can’t be reached.').waitFor();
    await button('Book 2 tickets').click();
    await heading('Your booking').waitFor();
    await page.getByText('Your booking is confirmed.').waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('ERR_FAILED')]);
  });

  it('puts people on the waitlist and lets them book what they are offered', async () => {
    const holder = await registerUser();
    const booking = await booked(holder, free.id, 2);
    await signIn(await registerUser());
    await open(`/e/${free.id}`);
    await page.getByText('Sold out', { exact: true }).waitFor();
    await expectAccessible(page, 'a sold-out event');
    await button('Join the waitlist').click();
    await page.getByText('You are waiting for 1 ticket, at position 1.').waitFor();
    await cancelling(holder, booking.id).expect(200);
    await page.reload();
    await page.getByText(/1 ticket is held for you until/).waitFor();
    await expectAccessible(page, 'an offer');
    await button('More: General admission').click();
    await button('Book 1 ticket').click();
    await page.getByText('Your booking is confirmed.').waitFor();
    expect(await database('waitlist_entries').where('event_id', free.id).pluck('status')).toEqual(['claimed']);
  });

  it('cancels a booking after asking', async () => {
    const owner = await registerUser();
    const event = await anOpenEvent({ title: 'Second thoughts' });
    const { id } = await booked(owner, event.id, 1);
    await signIn(owner);
    await open(`/bookings/${id}`);
    await button('Cancel the booking').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Back' }).click();
    await button('Cancel the booking').click();
    await expectAccessible(page, 'the question before cancelling');
    await dialog.getByRole('button', { name: 'Cancel the booking' }).click();
    await page.getByText('This booking is cancelled.').waitFor();
    expect(await database('bookings').where({ id }).pluck('status')).toEqual(['cancelled']);
  });

  it('books by keyboard alone', async () => {
    const event = await anOpenEvent({ title: 'By keyboard' });
    await signIn(await registerUser());
    await open(`/e/${event.id}`);
    await page.waitForLoadState('networkidle');
    /** Presses Tab until the focus is on what has this name. */
    async function tabTo(name: string): Promise<void> {
      const read = `(({ activeElement: on }) => on.ariaLabel ?? on.textContent.trim())(document)`;
      for (let presses = 0; presses < 30 && (await page.evaluate(read)) !== name; presses += 1)
        await page.keyboard.press('Tab');
      expect(await page.evaluate(read)).toBe(name);
    }
    await tabTo('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await tabTo('More: General admission');
    await page.keyboard.press('Space');
    await tabTo('Book 1 ticket');
    await page.keyboard.press('Enter');
    await page.getByText('Your booking is confirmed.').waitFor();
  });

  it('says when there is no connection', async () => {
    await open(`/e/${hall.event.id}`);
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await page.context().setOffline(false);
    await eventually(async () => (await page.getByText('You are offline.').count()) === 0);
    complaints.length = 0;
  });

  it('has no violations on what is on and an event', async () => {
    await open('/');
    await expectAccessible(page, 'what is on');
    await open(`/e/${hall.event.id}`);
    await expectAccessible(page, 'an event');
  });

  it('needs at most 60 KB of scripts for an event', async () => {
    const html = await (await fetch(`${site.base}/e/${hall.event.id}`)).text();
    const live = /"socket\.io-client":"([^"]+)"/.exec(html)![1]!;
    const urls = [...html.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, url]) => url!);
    const sizes = await Promise.all(
      [...urls, live].map(async (url) => {
        const response = await fetch(`${site.base}${url}`, { headers: { 'Accept-Encoding': 'gzip' } });
        expect(response.headers.get('cache-control')).toContain('immutable');
        return Number(response.headers.get('content-length'));
      }),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  });
});
