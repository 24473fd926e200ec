import path from 'node:path';
import type { Page } from 'playwright-core';
import { database } from '../../../src/database';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { expectAccessible } from '../../helpers/pages/axe';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { as } from '../../helpers/client';
import { aLicense } from '../../helpers/licenses';
import { anUnpaidOrder, paid, type Sold } from '../../helpers/orders';
import { eventually, start } from '../../helpers/servers/processes';
import { openSite, type Site } from '../../helpers/servers/site';
import { createVisitor, type Visitor } from '../../helpers/pages/visitor';

// A browser is slow on a busy machine.
jest.setTimeout(120_000);

const WORKER = path.join(__dirname, '..', '..', '..', 'dist', 'worker.js');
const TRUTH_MS = 5000;

describeWithBrowser('what only admins see of the desk', () => {
  let site: Site;
  let page: Page;
  let complaints: string[];
  let visitor: Visitor;
  let admin: TestUser;
  let sale: Sold;

  const tab = (name: string) => page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name });
  const cells = (row: string) => page.getByRole('row').filter({ hasText: row }).locator('td').allInnerTexts();

  beforeAll(async () => {
    site = await openSite();
    admin = await registerUser({ role: 'admin' });
    sale = await anUnpaidOrder({ title: 'Found by its number', currency: 'EUR' });
    await paid(sale);
  });

  afterAll(() => site?.close());

  beforeEach(async () => {
    ({ page, complaints } = await site.visit({ locale: 'en-GB', viewport: { width: 1280, height: 844 } }));
    visitor = createVisitor(site, page);
  });

  afterEach(async () => {
    await page.context().close();
    // No errors, no policy violations, no requests to other hosts.
    expect(complaints).toEqual([]);
  });

  it('finds by one search, and shows the booking with its tickets', async () => {
    const { owner, orderId } = sale;
    const order = (await database('orders').where({ id: orderId }).first('order_number', 'booking_id'))!;
    const booking = (await database('bookings').where('id', order.booking_id!).first('reference', 'total_amount'))!;
    const tickets = await database('tickets').where('booking_id', order.booking_id!).orderBy('id').pluck('id');
    await visitor.enter(admin, '/admin/search');
    await page.getByLabel('What are you looking for?').fill(order.order_number);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: order.order_number }).waitFor();
    await expectAccessible(page, 'what was found');
    await page.getByLabel('What are you looking for?').fill('nobody-ever-had-this');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing was found.').waitFor();
    await page.getByLabel('What are you looking for?').fill(booking.reference);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: booking.reference, exact: true }).click();
    await visitor.heading(booking.reference).waitFor();
    await page.getByText(`€${Number(booking.total_amount).toFixed(2)}`).waitFor();
    expect(await page.locator('tbody th').allInnerTexts()).toEqual(tickets.map(String));
    await expectAccessible(page, 'a booking');
    await page.getByRole('link', { name: `Account ${owner.user.id}` }).click();
    await page.getByText(owner.user.email).first().waitFor();
  });

  it('shows everything about an account, with the figures of the database', async () => {
    const { license, owner } = await aLicense();
    const userId = owner.user.id;
    await visitor.enter(admin, `/admin/users/${userId}`);
    await tab('Licenses').click();
    expect(await page.locator('tbody th').first().innerText()).toBe(license.product.name);
    await tab('Credits').click();
    await page.getByText('There are no credits.').waitFor();
    await page.getByLabel('Amount').fill('12,50');
    await page.getByLabel('Currency').fill('XXQ');
    await page.getByLabel('Reason').fill('A gift');
    await visitor.button('Give credits').click();
    await page.getByText('Check the marked fields.').waitFor();
    // What was typed is still there.
    expect(await page.getByLabel('Amount').inputValue()).toBe('12,50');
    expect(await page.evaluate('document.activeElement.name')).toBe('currency');
    await expectAccessible(page, 'a refused grant');
    await page.getByLabel('Currency').fill('EUR');
    await visitor.button('Give credits').click();
    await page.locator('.figure').getByText('€12.50').waitFor();
    const balances = await database('credit_balances').where('user_id', userId).pluck('balance');
    expect(balances.map(Number)).toEqual([12.5]);
    await tab('Sessions').click();
    await page.getByText('1 entry').waitFor();
    await visitor.button('Sign out everywhere').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByText('They are signed in nowhere.').waitFor();
    expect(await database('sessions').where('user_id', userId).whereNull('revoked_at')).toEqual([]);
    await tab('Overview').click();
    await page.getByLabel('Role').selectOption('Organizer');
    await visitor.button('Change the role').click();
    await page.getByText('The role is changed.').waitFor();
    await expectAccessible(page, 'an account');
    await tab('Audit log').click();
    await page.getByText('user.end_sessions').waitFor();
    const actions = await database('audit_entries')
      .where({ subject_type: 'user', subject_id: userId })
      .orderBy('id', 'desc')
      .pluck('action');
    const shown = page.getByRole('region', { name: 'What was done to the account' }).locator('tbody td:nth-of-type(2)');
    expect(await shown.allInnerTexts()).toEqual(actions);
    await expectAccessible(page, 'the audit entries of an account');
    // The browser also logs the refusal of the currency.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('400')]);
  });

  it('lists bookings, payments to look at, and the audit log', async () => {
    const { owner, orderId } = sale;
    await visitor.enter(admin, '/admin/bookings?status=confirmed');
    await page.getByText('1 entry').waitFor();
    const [reference] = await database('bookings').where('user_id', owner.user.id).pluck('reference');
    expect((await cells(reference!)).slice(0, 4)).toEqual(['Found by its number', owner.user.email, '2', '€20.00']);
    await expectAccessible(page, 'bookings');
    const problem = database('payments').where('order_id', orderId);
    await problem.clone().update({ discrepancy: 'The ledger shows 1.00 EUR.' });
    await visitor.open('/admin/payments');
    await page.getByText('The ledger shows 1.00 EUR.').waitFor();
    await expectAccessible(page, 'payments to look at');
    await problem.clone().update({ discrepancy: null });
    await page.getByLabel('Problem').selectOption('Disputed');
    await page.getByText('Nothing matches.').waitFor();
    await as(admin).put(`/api/admin/users/${owner.user.id}`).send({ status: 'active' }).expect(200);
    await visitor.open(`/admin/audit-log?actorId=${admin.user.id}`);
    const count = (await database('audit_entries').where('actor_id', admin.user.id)).length;
    await page.getByText(count === 1 ? '1 entry' : `${count} entries`).waitFor();
    await expectAccessible(page, 'the audit log');
  });

  it('shows within five seconds that the worker or the API has stopped', async () => {
    const { DATABASE_URL = '', DATA_DIR = '', JWT_SECRET = '' } = process.env;
    const worker = start(process.execPath, [WORKER], { DATABASE_URL, DATA_DIR, JWT_SECRET, LOG_LEVEL: 'error' });
    await visitor.enter(admin, '/admin/health');
    const state = page.locator('.facts').filter({ hasText: 'Worker seen' }).locator('dd').nth(1);
    await state.getByText('OK', { exact: true }).waitFor();
    worker.child.kill('SIGKILL');
    await worker.exited;
    await state.getByText('Down', { exact: true }).waitFor({ timeout: TRUTH_MS });
    await page.route('**/api/admin/health', (route) => route.abort());
    await page.getByText('The server can’t be reached.').waitFor({ timeout: TRUTH_MS });
    await expectAccessible(page, 'health that is out of date');
    await page.unroute('**/api/admin/health');
    await eventually(async () => (await page.getByText('The server can’t be reached.').count()) === 0);
    complaints.splice(0);
  });
});
