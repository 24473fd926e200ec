import type { Page } from 'playwright-core';
import { database } from '../../../src/database';
import { countAnalytics, saveSnapshot } from '../../../src/services/analytics/count-analytics';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import { expectAccessible } from '../../helpers/pages/axe';
import { booked, cancelling } from '../../helpers/bookings';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { makeEvent, type TestEvent } from '../../helpers/events';
import { anUnpaidOrderAt, paid } from '../../helpers/orders';
import { eventually } from '../../helpers/servers/processes';
import { openSite, type Site } from '../../helpers/servers/site';
import { createVisitor, type Visitor } from '../../helpers/pages/visitor';

// A browser is slow on a busy machine.
jest.setTimeout(120_000);

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

describeWithBrowser('the overview and the events of the desk', () => {
  let site: Site;
  let page: Page;
  let complaints: string[];
  let visitor: Visitor;
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

  const link = (name: string) => page.getByRole('navigation', { name: 'Desk' }).getByRole('link', { name });
  const figure = (title: string) => page.locator('.figure', { hasText: title }).locator('.value').first().textContent();
  const card = (title: string) =>
    page.locator('section.card').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

  /** Returns the labels and data that Chart.js draws. */
  async function drawn(title: string): Promise<Drawn> {
    const canvas = card(title).locator('canvas');
    await canvas.waitFor();
    const label = JSON.stringify(await canvas.getAttribute('aria-label'));
    const read = `(() => {
      const canvas = [...document.querySelectorAll('canvas')].find((each) => each.getAttribute('aria-label') === ${label});
      const data = globalThis.Chart?.getChart(canvas)?.data;
      return data && { labels: data.labels, datasets: data.datasets.map(({ label, data }) => ({ label, data })) };
    })()`;
    return eventually(async () => (await page.evaluate(read)) as Drawn | undefined);
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
    visitor = createVisitor(site, page);
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
    await visitor.open('/admin');
    await page.getByLabel('Email').focus();
    await page.keyboard.type(admin.user.email);
    await keys('Tab');
    await page.keyboard.type('not this one');
    await keys('Enter');
    await page.getByRole('alert').filter({ hasText: 'don’t belong together' }).waitFor();
    await expectAccessible(page, 'a wrong password');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByLabel('Password').fill(PASSWORD);
    await keys('Enter');
    await visitor.heading('Overview').waitFor();
    await link('Find').focus();
    await keys('Tab', 'Enter');
    await visitor.heading('Events').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.reload();
    await visitor.heading('Events').waitFor();
    // The browser also logs the 401 for the wrong password.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
  });

  it('draws the numbers of the API per day in the browser’s time zone, which are those of the database', async () => {
    await visitor.enter(admin, '/admin');
    await visitor.heading('Overview').waitFor();
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
    const confirmed = database('bookings').whereNotNull('confirmed_at');
    const [sums] = (await confirmed.clone().count({ bookings: '*' }).sum({ tickets: 'tickets_count' })) as [
      { bookings: string; tickets: string },
    ];
    expect(await figure('Bookings')).toBe(String(sums.bookings));
    expect(await figure('Tickets sold')).toBe(String(sums.tickets));
    expect(await figure('Revenue, EUR')).toBe('€38');
    expect(await figure('Cancellation rate')).toBe('33.3%');
    // The chart's data is also a table, for users who cannot see charts.
    await card('Bookings per day').getByText('As a table').click();
    const last = await card('Bookings per day').locator('tbody tr').last().locator('th, td').allTextContents();
    expect(last.slice(1)).toEqual(['3', '1']);
    await expectAccessible(page, 'the overview');
  });

  it('compares any days with as many before, keeps them in the address, and exports them', async () => {
    await visitor.enter(admin, '/admin?range=7');
    await visitor.heading('Overview').waitFor();
    await page.getByLabel('Time', { exact: true }).selectOption('From … to …');
    const today = (await page.evaluate(`new Intl.DateTimeFormat('sv-SE').format(new Date())`)) as string;
    await page.getByLabel('From').fill(today);
    await page.waitForURL(new RegExp(`range=custom.*from=${today}.*to=${today}`));
    await eventually(
      async () => (await figure('Bookings')) === '3' && (await drawn('Bookings per day')).labels.length === 1,
    );
    await page.getByText('nothing to compare with before').first().waitFor();
    await page.getByLabel('From').fill('2020-01-01');
    await page.getByLabel('Until').fill('2020-01-31');
    await eventually(async () => (await figure('Bookings')) === '0');
    await page.reload();
    expect(await page.getByLabel('Until').inputValue()).toBe('2020-01-31');
    await page.getByLabel('Time', { exact: true }).selectOption('30 days');
    await eventually(async () => (await figure('Bookings')) === '3');
    const downloading = page.waitForEvent('download');
    await card('Reports').getByRole('button', { name: 'Revenue' }).click();
    const file = await (await downloading).createReadStream();
    const lines = (await file.toArray()).join('').trim().split('\r\n');
    expect(lines.at(-1)).toContain('37.50');
    expect((await downloading).suggestedFilename()).toMatch(/^revenue-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  });

  it('updates availability live in a second tab while bookings are made', async () => {
    await visitor.enter(admin, '/admin');
    await visitor.heading('Overview').waitFor();
    const second = await page.context().newPage();
    site.listen(second, complaints);
    // The first tab has signed in for both.
    await second.goto(`${site.base}/admin/events/${event.id}`);
    const free = second.locator('#free');
    await free.getByText('47', { exact: true }).waitFor();
    await second.getByText('Live', { exact: true }).waitFor();
    for (const left of [45, 43]) {
      const { status } = await api(await registerUser(), '/bookings', { eventId: event.id, ticketsCount: 2 });
      expect(status).toBe(201);
      await free.getByText(String(left), { exact: true }).waitFor();
    }
    await second.locator('tr', { hasText: 'General admission' }).getByText('43', { exact: true }).waitFor();
    await expectAccessible(second, 'an event');
    // The list updates too, also for a booking that another process makes.
    await link('Events').click();
    const row = page.locator('tr', { hasText: event.title });
    await row.getByText('43', { exact: true }).waitFor();
    await page.locator('.live.on').waitFor();
    await booked(await registerUser(), event.id, 3);
    await row.getByText('40', { exact: true }).waitFor();
    await free.getByText('40', { exact: true }).waitFor();
    await expectAccessible(page, 'events');
  });

  it('shows an organizer their own events, and nothing else', async () => {
    await visitor.enter(organizer, '/admin');
    await visitor.heading('Your events').waitFor();
    const sections = await page.getByRole('navigation', { name: 'Desk' }).getByRole('link').allTextContents();
    expect(sections).toEqual(expect.arrayContaining(['Overview', 'Events']));
    for (const name of ['Users', 'Undelivered', 'Health', 'Queues']) expect(sections).not.toContain(name);
    const bookings = await drawn('Bookings per day');
    expect(bookings.datasets[0]!.data.at(-1)).toBe(1);
    await link('Events').click();
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('tbody tr th').allTextContents()).toEqual([event.title]);
    await page.getByRole('link', { name: event.title }).click();
    await visitor.heading(event.title).waitFor();
    expect(await page.locator('body').textContent()).not.toContain('stranger');
  });

  it('opens the queue board for an admin without policy violations', async () => {
    await visitor.enter(admin, '/admin/health');
    await card('Database').getByText('OK', { exact: true }).waitFor();
    await expectAccessible(page, 'health');
    await page.setViewportSize({ width: 1280, height: 900 });
    await link('Queues').click();
    await page.getByText('notification', { exact: true }).first().waitFor();
    await page.getByText('payments', { exact: true }).first().click();
    await page.waitForURL(/queue\/payments/);
    const [cookie] = await page.context().cookies(`${site.base}/admin/queues`);
    expect(cookie).toMatchObject({ path: '/admin/queues', httpOnly: true, sameSite: 'Strict' });
    await page.goBack();
    await page.goBack();
    await visitor.heading('Health').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    const headers = { Cookie: `${cookie!.name}=${cookie!.value}` };
    expect((await fetch(`${site.base}/admin/queues/api/queues`, { headers })).status).toBe(401);
  });
});
