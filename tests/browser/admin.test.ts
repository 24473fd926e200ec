import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { database } from '../../src/database';
import { countAnalytics, saveSnapshot } from '../../src/services/analytics/count-analytics';
import { PASSWORD, registerUser, type TestUser } from '../helpers/accounts';
import { booked, cancelling } from '../helpers/bookings';
import { describeWithBrowser } from '../helpers/browser';
import { makeEvent, type TestEvent } from '../helpers/events';
import { anUnpaidOrderAt, paid } from '../helpers/orders';
import { eventually } from '../helpers/servers/processes';
import { openSite, type Site } from '../helpers/servers/site';

// A browser is slow on a busy machine.
jest.setTimeout(120_000);

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TIMEZONE = 'Asia/Kathmandu';

interface Drawn {
  labels: string[];
  datasets: { label: string; data: (number | null)[] }[];
}

interface Period {
  bookings: number;
  cancellations: number;
  cancellationRate: number | null;
  revenue: { currency: string; net: string; refunded: string }[];
}

describeWithBrowser('the dashboard', () => {
  let site: Site;
  let page: Page;
  let complaints: string[];
  let admin: TestUser;
  let organizer: TestUser;
  let event: TestEvent;

  async function api<T>(user: TestUser, path: string, body?: object): Promise<{ status: number; data: T }> {
    const headers = { Authorization: `Bearer ${user.token}`, 'Content-Type': 'application/json' };
    const response = await fetch(`${site.base}/api${path}`, {
      method: body ? 'POST' : 'GET',
      headers,
      body: body && JSON.stringify(body),
    });
    const { data } = (await response.json()) as { data: T };
    return { status: response.status, data };
  }

  const loaded = (title: string) =>
    page.locator('#content:not([aria-busy])').getByRole('heading', { level: 1, name: title }).waitFor();

  async function signIn(user: TestUser, title = 'Overview') {
    await page.goto(`${site.base}/admin`);
    await page.getByLabel('Email').fill(user.user.email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await loaded(title);
  }

  async function open(part: string) {
    await page.getByRole('navigation').getByRole('link', { name: part }).click();
    await loaded(part);
  }

  /** Returns the labels and data that Chart.js draws. */
  async function drawn(card: string): Promise<Drawn> {
    const canvas = page.getByRole('region', { name: card }).locator('canvas');
    const read = 'document.querySelectorAll("canvas")';
    await canvas.waitFor();
    return eventually(async () => {
      const label = await canvas.getAttribute('aria-label');
      return (await page.evaluate(
        `(() => { const canvas = [...${read}].find((one) => one.getAttribute('aria-label') === ${JSON.stringify(label)});
          const chart = Chart.getChart(canvas);
          return chart && { labels: chart.data.labels, datasets: chart.data.datasets.map(({ label, data }) => ({ label, data })) }; })()`,
      )) as Drawn | undefined;
    });
  }

  beforeAll(async () => {
    site = await openSite();
    admin = await registerUser({ role: 'admin' });
    organizer = await registerUser({ role: 'organizer' });
    event = await makeEvent(organizer, {
      title: 'Live at the mill',
      totalTickets: 50,
      basePrice: '12.50',
      currency: 'EUR',
    });
    const free = await makeEvent(await registerUser({ role: 'organizer' }), {
      title: 'A stranger’s event',
      totalTickets: 20,
    });
    await paid(await anUnpaidOrderAt(event, 3));
    const leaving = await registerUser();
    await cancelling(leaving, (await booked(leaving, free.id, 2)).id).expect(200);
    await booked(await registerUser(), free.id, 1);
    await countAnalytics({ marginSeconds: 0 });
    await saveSnapshot();
  });

  afterAll(() => site?.close());

  beforeEach(async () => {
    ({ page, complaints } = await site.visit({
      timezoneId: TIMEZONE,
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
    }));
  });

  afterEach(async () => {
    await page.context().close();
    // No errors, no policy violations, no requests to other hosts.
    expect(complaints).toEqual([]);
  });

  it('lets users sign in by keyboard alone and explains a wrong password', async () => {
    const keys = async (...pressed: string[]) => {
      for (const key of pressed) await page.keyboard.press(key);
    };
    await page.goto(`${site.base}/admin`);
    await page.getByLabel('Email').waitFor();
    await page.keyboard.type(admin.user.email);
    await keys('Tab');
    await page.keyboard.type('not this one');
    await keys('Tab', 'Enter');
    await page.getByRole('alert').filter({ hasText: 'don’t belong together' }).waitFor();
    await page.keyboard.type(PASSWORD);
    await keys('Enter');
    await loaded('Overview');
    // Past the link to the content, to the navigation.
    await keys('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await keys('Tab', 'Tab', 'Enter');
    await loaded('Events');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.reload();
    await loaded('Events');
    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    // The browser also logs the 401 for the wrong password.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
  });

  it('refuses customers', async () => {
    const customer = await registerUser();
    await page.goto(`${site.base}/admin`);
    await page.getByLabel('Email').fill(customer.user.email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'for organizers and admins' }).waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  it('draws the numbers of the API per day in the browser’s time zone', async () => {
    await signIn(admin);
    const start = (await page.evaluate(
      'new Date(new Date().setHours(0, 0, 0, 0) - 29 * 86400000).toISOString()',
    )) as string;
    const { data } = await api<{ totals: Period & { tickets: number }; periods: Period[] }>(
      admin,
      `/admin/analytics?timezone=${TIMEZONE}&from=${start}`,
    );
    const { totals, periods } = data;
    expect(totals).toMatchObject({ bookings: 3, cancellations: 1, tickets: 6 });

    const bookings = await drawn('Bookings per day');
    expect(bookings.labels).toHaveLength(30);
    expect(bookings.datasets.map(({ data: values }) => values)).toEqual([
      periods.map((period) => period.bookings),
      periods.map((period) => period.cancellations),
    ]);
    const revenue = await drawn('Revenue per day, EUR');
    expect(revenue.datasets[0]!.data).toEqual(periods.map(({ revenue: [one] }) => Number(one?.net ?? 0)));
    expect(revenue.datasets[0]!.data.at(-1)).toBe(37.5);
    const rate = await drawn('Cancellation rate per day');
    expect(rate.datasets[0]!.data).toEqual(periods.map((period) => period.cancellationRate));
    const { data: dashboard } = await api<{ capacity: { capacity: number; sold: number; held: number } }>(
      admin,
      '/admin/dashboard',
    );
    const { capacity, sold, held } = dashboard.capacity;
    expect((await drawn('Capacity of what is on sale')).datasets[0]!.data).toEqual([
      sold,
      held,
      capacity - sold - held,
    ]);

    const figure = (title: string) => page.locator('.figure', { hasText: title }).locator('.value').textContent();
    expect(await figure('Bookings')).toBe('3');
    expect(await figure('Tickets sold')).toBe('6');
    expect(await figure('Revenue, EUR')).toBe('€38');
    expect(await figure('Cancellation rate')).toBe('33.3%');
    // The chart's data is also a table, for users who cannot see charts.
    const card = page.getByRole('region', { name: 'Bookings per day' }).first();
    await card.getByText('As a table').click();
    const last = await card.locator('tbody tr').last().locator('th, td').allTextContents();
    expect(last.slice(1)).toEqual(['3', '1']);
  });

  it('suspends a user, whose token stops working, and reactivates them', async () => {
    const user = await registerUser({ email: 'suspended.here@example.com' });
    expect((await api(user, '/auth/profile')).status).toBe(200);
    await signIn(admin);
    await open('Users');
    await page.getByLabel('Name or email begins with').fill('suspended.h');
    const row = page.locator('tr', { hasText: user.user.email });
    await page.locator('tbody tr').filter({ hasNotText: user.user.email }).first().waitFor({ state: 'detached' });
    page.once('dialog', (dialog) => void dialog.accept());
    await row.getByRole('button', { name: 'Suspend' }).click();
    await row.getByText('suspended', { exact: true }).waitFor();
    expect((await api(user, '/auth/profile')).status).toBe(403);
    await row.getByRole('button', { name: 'Reinstate' }).click();
    await row.getByText('active', { exact: true }).waitFor();
    expect((await api(user, '/auth/profile')).status).toBe(200);
  });

  it('updates availability live in a second tab while bookings are made', async () => {
    await signIn(admin);
    const second = await page.context().newPage();
    site.listen(second, complaints);
    // The first tab has signed in for both.
    await second.goto(`${site.base}/admin#events/${event.id}`);
    const free = second.locator('#free');
    await free.getByText('47', { exact: true }).waitFor();
    await second.getByText('Live', { exact: true }).waitFor();
    for (const left of [45, 43]) {
      const { status } = await api(await registerUser(), '/bookings', { eventId: event.id, ticketsCount: 2 });
      expect(status).toBe(201);
      await free.getByText(String(left), { exact: true }).waitFor();
    }
    await second.locator('tr', { hasText: 'General admission' }).getByText('43', { exact: true }).waitFor();
    // The list updates too, also for a booking that another process makes.
    await page.getByRole('link', { name: 'Events' }).click();
    const row = page.locator('tr', { hasText: event.title });
    await row.getByText('43', { exact: true }).waitFor();
    await page.locator('.live.on').waitFor();
    await booked(await registerUser(), event.id, 3);
    await row.getByText('40', { exact: true }).waitFor();
    await free.getByText('40', { exact: true }).waitFor();
  });

  it('shows an organizer their own events, and nothing else', async () => {
    await signIn(organizer, 'Your events');
    expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual(['Overview', 'Events']);
    const bookings = await drawn('Bookings per day');
    expect(bookings.datasets[0]!.data.at(-1)).toBe(1);
    await page.evaluate("location.hash = 'users'");
    await loaded('Your events');
    await open('Events');
    expect(await page.locator('tbody tr th').allTextContents()).toEqual([event.title]);
    await page.getByRole('link', { name: event.title }).click();
    await loaded(event.title);
    expect(await page.locator('body').textContent()).not.toContain('stranger');
  });

  it('retries a parked message', async () => {
    const [{ id }] = (await database('outbox_messages')
      .insert({
        topic: 'user.verification',
        payload: {},
        status: 'parked',
        attempts: 10,
        last_error: 'No such mailbox',
        parked_at: new Date(),
      })
      .returning('id')) as [{ id: number }];
    await signIn(admin);
    await open('Messages');
    await page.locator('tr', { hasText: 'No such mailbox' }).getByRole('button', { name: 'Try' }).click();
    await page.getByText('No message was given up on.').waitFor();
    expect(await database('outbox_messages').where({ id }).first('status')).toMatchObject({
      status: expect.not.stringMatching('parked'),
    });
    await database('outbox_messages').where({ id }).del();
  });

  it('opens the queue board for an admin without policy violations', async () => {
    await signIn(admin);
    await page.getByRole('link', { name: 'Queues' }).click();
    await page.getByText('notification', { exact: true }).first().waitFor();
    await page.getByText('payments', { exact: true }).first().click();
    await page.waitForURL(/queue\/payments/);
    const [cookie] = await page.context().cookies(`${site.base}/admin/queues`);
    expect(cookie).toMatchObject({ path: '/admin/queues', httpOnly: true, sameSite: 'Strict' });
    await page.goBack();
    await page.goBack();
    await loaded('Overview');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const headers = { Cookie: `${cookie!.name}=${cookie!.value}` };
    expect((await fetch(`${site.base}/admin/queues/api/queues`, { headers })).status).toBe(401);
  });

  it('has no serious axe violations, in light and dark mode, on desktop and phone', async () => {
    interface Violation {
      id: string;
      impact: string;
      nodes: { html: string }[];
    }
    async function check(name: string) {
      await page.evaluate(AXE);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const found = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as Violation[];
        const serious = found.filter(({ impact }) => ['serious', 'critical'].includes(impact));
        expect({ name, colorScheme, serious: serious.map(({ id, nodes }) => [id, nodes[0]!.html]) }).toEqual({
          name,
          colorScheme,
          serious: [],
        });
      }
    }
    await page.goto(`${site.base}/admin`);
    await page.getByLabel('Email').waitFor();
    await check('Sign in');
    await signIn(admin);
    await drawn('Capacity of what is on sale');
    await check('Overview');
    for (const part of ['Events', 'Users', 'Messages', 'Health']) {
      await open(part);
      await check(part);
    }
    await page.goto(`${site.base}/admin#events/${event.id}`);
    await loaded(event.title);
    await check('an event');
    await page.setViewportSize({ width: 390, height: 844 });
    for (const part of ['Overview', 'Users']) {
      await open(part);
      await check(`${part} on a phone`);
      // The page does not scroll sideways.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    }
  });
});
