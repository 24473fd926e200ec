import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { database } from '../../../src/database';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import { expectAccessible } from '../../helpers/pages/axe';
import { anOpenEvent, booked } from '../../helpers/bookings';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { as } from '../../helpers/client';
import { granted } from '../../helpers/credits';
import { PDF } from '../../helpers/files';
import { aDownload, anUnsentOrder, fulfilling } from '../../helpers/fulfillment';
import { activated, issued } from '../../helpers/licenses';
import { allDone } from '../../helpers/messages';
import { anUnpaidOrder, paid } from '../../helpers/orders';
import { startMailedWorker } from '../../helpers/servers/mailed-worker';
import { eventually } from '../../helpers/servers/processes';
import { openSite, type Site } from '../../helpers/servers/site';
import { makeAddress, theAdmin } from '../../helpers/store';
import { changing, openSupportTicket } from '../../helpers/support';
import { createVisitor, type Visitor } from '../../helpers/pages/visitor';

// A browser is slow on a busy machine.
jest.setTimeout(120_000);

describeWithBrowser('what users have bought, in their account', () => {
  let site: Site;
  let page: Page;
  let complaints: string[];
  let visitor: Visitor;
  let owner: TestUser;

  async function visit(options: object = {}): Promise<void> {
    ({ page, complaints } = await site.visit({ viewport: { width: 1280, height: 844 }, locale: 'en-GB', ...options }));
    visitor = createVisitor(site, page);
  }

  const says = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const button = (name: string | RegExp) => visitor.button(name);

  /** Opens a part of the account of this user at its address. */
  async function openAt(user: TestUser, path: string): Promise<void> {
    await visitor.signIn(user);
    await visitor.open(path);
  }

  beforeAll(async () => {
    site = await openSite();
    owner = await registerUser();
  });

  afterAll(() => site?.close());
  beforeEach(() => visit());
  afterEach(async () => {
    await page.context().close();
    // No errors, no policy violations, no requests to other hosts.
    expect(complaints).toEqual([]);
  });

  it('fit on a phone: all parts are behind one button, which Escape closes', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await visitor.signIn(owner);
    const menu = page.getByRole('navigation', { name: 'My account' });
    const opener = menu.getByRole('button', { name: 'Tickets' });
    await opener.click();
    await expectAccessible(page, 'the parts of the account');
    expect(await menu.getByRole('link').allInnerTexts()).toHaveLength(12);
    await menu.getByRole('link', { name: 'Orders' }).focus();
    await page.keyboard.press('Escape');
    expect(await menu.getByRole('link').count()).toBe(0);
    expect(await page.evaluate('document.activeElement.getAttribute("aria-expanded")')).toBe('false');
    await opener.click();
    await menu.getByRole('link', { name: 'Licenses' }).click();
    await says('You have no licenses.');
    await menu.getByRole('button', { name: 'Licenses' }).waitFor();
    expect(await menu.getByRole('link').count()).toBe(0);
  });

  it('download what was bought, and count how often', async () => {
    const { orderId } = await aDownload(owner);
    await openAt(owner, '/account/downloads');
    await says('5 of 5 downloads left');
    await expectAccessible(page, 'downloads');
    const downloading = page.waitForEvent('download');
    await button('Download A thing').click();
    expect(readFileSync(await (await downloading).path())).toEqual(PDF);
    await says('4 of 5 downloads left');
    const counted = () => database('order_downloads').where({ order_id: orderId });
    expect(await counted().first('count')).toEqual({ count: 1 });
    await counted().update({ count: 5 });
    await button('Download A thing').click();
    await says('You have used all downloads of this file.');
    expect(complaints.splice(0)).toEqual([expect.stringContaining('409')]);
  });

  it('show and copy a license key on request, replace it, and remove devices', async () => {
    const { owner: licensee, licenses } = await issued();
    const [license] = licenses;
    await activated(license!.key, 'a', { name: 'Studio laptop', platform: 'linux' });
    await visitor.signIn(licensee);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await visitor.open('/account/licenses');
    const card = page.getByRole('listitem').filter({ hasText: 'In use on 1 of 3 devices' });
    await card.waitFor();
    expect(await page.content()).not.toContain(license!.key);
    await card.getByRole('button', { name: 'Show the key' }).click();
    await card.getByText(license!.key).waitFor();
    await card.getByRole('button', { name: 'Copy the key' }).click();
    await says('The key is copied.');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(license!.key);
    await card.getByRole('button', { name: 'Show devices' }).click();
    await card.getByText('Studio laptop', { exact: true }).first().waitFor();
    await expectAccessible(page, 'licenses');
    await card.getByRole('button', { name: 'Replace the key' }).click();
    await expectAccessible(page, 'the question before replacing a key');
    await page.getByRole('dialog').getByRole('button', { name: 'Replace it now' }).click();
    await says('There is a new key.');
    await card.getByRole('button', { name: 'Show the key' }).click();
    expect(await card.locator('code').innerText()).not.toBe(license!.key);
    await card.getByRole('button', { name: 'Remove Studio laptop' }).click();
    await eventually(async () => (await page.getByText('In use on 0 of 3 devices').count()) === 2);
    expect(await database('license_activations').where({ license_id: license!.id })).toEqual([]);
  });

  it('show credits by currency with what has changed them, and sell more', async () => {
    const rich = await registerUser();
    const soon = new Date(Date.now() + 864_000_000).toISOString();
    await granted(rich, '40.00', { reason: 'Won in the raffle', expiresAt: soon });
    for (let count = 0; count < 20; count += 1) await granted(rich, '1.00', { currency: 'USD' });
    await openAt(rich, '/account/credits');
    await says('€40.00 of it expire');
    const rows = await database('credit_balances').where({ user_id: rich.user.id }).orderBy('currency');
    const shown = await page.locator('.balance').allInnerTexts();
    expect(shown.map((text) => Number(text.replace(/[^\d.]/g, '')))).toEqual(
      rows.map(({ balance }) => Number(balance)),
    );
    await expectAccessible(page, 'credits');
    await says('Page 1 of 2');
    await button('Next').click();
    await page.getByRole('cell', { name: /Won in the raffle/ }).waitFor();
    await page.getByLabel('Kind').selectOption('spend');
    await says('Nothing has changed your credits yet.');
    await page.getByLabel('Amount').fill('25.00');
    await button('Buy').click();
    await visitor.heading('Your order').waitFor();
    await button('Pay').click();
    await button('Pay successfully').click();
    await says('Paid. Thank you!');
    await visitor.open('/account/credits');
    await says('€65.00');
    const balance = await database('credit_balances')
      .where({ user_id: rich.user.id, currency: 'EUR' })
      .first('balance');
    expect(Number(balance!.balance)).toBe(65);
  });

  it('save, change and delete addresses, one of them the default', async () => {
    const { id } = await makeAddress(owner, { line1: 'Harbor Road 1' });
    await openAt(owner, '/account/addresses');
    await button('New address').click();
    await page.getByLabel('Name').fill('Grace Hopper');
    await page.getByLabel('Street and number').fill('Quay Street 12');
    await page.getByLabel('Postal code').fill('20457');
    await page.getByLabel('City').fill('Hamburg');
    await page.getByLabel('Country').selectOption({ label: 'Germany' });
    await expectAccessible(page, 'a new address');
    await page.getByLabel('Phone').fill('x');
    await button('Save').click();
    await page.getByLabel('Phone').and(page.locator('[aria-invalid]')).waitFor();
    await page.getByLabel('Phone').fill('');
    await button('Save').click();
    await says('The address is saved.');
    await expectAccessible(page, 'addresses');
    await button('Make default Grace Hopper').click();
    await button('Make default Ada Lovelace').waitFor();
    const saved = await database('addresses').where({ user_id: owner.user.id, is_default: true });
    expect(saved).toEqual([expect.objectContaining({ name: 'Grace Hopper', country: 'DE', postal_code: '20457' })]);
    await button('Edit Ada Lovelace').click();
    await page.getByLabel('Addition').fill('Second floor');
    await button('Save').click();
    await says('Second floor');
    await button('Delete Ada Lovelace').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await says('The address is deleted.');
    expect(await database('addresses').where({ id })).toEqual([]);
    expect(complaints.splice(0)).toEqual([expect.stringContaining('400')]);
  });

  it('ask for help with files, follow the answers live, close, rate and reopen', async () => {
    const [customer, admin] = [await registerUser(), await theAdmin()];
    const { reference } = await booked(customer, (await anOpenEvent({ title: 'A walk' })).id, 1);
    await openAt(customer, '/account/support');
    await says('You have not asked for help yet.');
    await page.getByRole('link', { name: 'Ask for help' }).click();
    await page.getByLabel('What is it about?').selectOption({ label: `Booking ${reference}: A walk` });
    await page.getByLabel('Subject').fill('A step at the entrance?');
    await page.getByLabel('Message').fill('I come in a wheelchair.');
    const text = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`This is ${name}.`) });
    await page.getByLabel('Attach files').setInputFiles(['1', '2', '3', '4', '5', '6'].map((n) => text(`${n}.txt`)));
    await says('At most 5 files.');
    await button('Remove 5.txt').click();
    await expectAccessible(page, 'a request for help');
    await button('Send').click();
    await page.getByRole('link', { name: '4.txt' }).waitFor();
    const [ticket] = await database('support_tickets').where({ user_id: customer.user.id });
    expect(ticket!.booking_id).not.toBeNull();
    await says('Waiting for us');
    await expectAccessible(page, 'a conversation');

    // Staff answer at the server that the page is open at, which reports it at once.
    const path = `${site.base}/api/support/tickets/${ticket!.id}`;
    const headers = { Authorization: `Bearer ${admin.token}`, 'Content-Type': 'application/json' };
    const message = JSON.stringify({ message: 'There is a ramp.' });
    expect((await fetch(`${path}/messages`, { method: 'POST', headers, body: message })).status).toBe(201);
    await says('There is a ramp.');
    await says('Waiting for you');
    await page.getByLabel('Your message').fill('Thank you.');
    await button('Send').click();
    await says('Waiting for us');
    const bodies = await database('support_messages')
      .where({ support_ticket_id: ticket!.id })
      .orderBy('id')
      .pluck('body');
    expect(bodies).toEqual(['I come in a wheelchair.', 'There is a ramp.', 'Thank you.']);

    await button('Close the request').click();
    await page.getByLabel('Very good').check();
    await page.getByLabel('Comment').fill('Fast.');
    await expectAccessible(page, 'a closed request');
    await button('Send the rating').click();
    await says('You gave 5 of 5.');
    await button('Open it again').click();
    await says('Waiting for us');
    const stored = await database('support_tickets').where({ id: ticket!.id }).first('status');
    expect(stored).toEqual({ status: 'open' });
    await page.getByRole('link', { name: 'All requests' }).click();
    await page.getByRole('link', { name: 'A step at the entrance?' }).waitFor();
    await expectAccessible(page, 'requests for help');
  });

  it('say that a request is closed for good, and that there is none', async () => {
    const { id } = await openSupportTicket(owner);
    await changing(await theAdmin(), id, { status: 'closed' }).expect(200);
    await database('support_tickets')
      .where({ id })
      .update({ closed_at: database.raw("now() - interval '15 days'") });
    await openAt(owner, `/account/support/${id}`);
    await button('Open it again').click();
    await says('This request was closed more than 14 days ago.');
    await visitor.open('/account/support/2000000000');
    await says('There is nothing here, or it is not yours.');
    expect(complaints.splice(0)).toEqual([expect.stringContaining('409'), expect.stringContaining('404')]);
  });

  it('show what was sent, and withdraw from a purchase in two steps', async () => {
    const { owner: buyer, orderId, itemId } = await anUnsentOrder({ quantity: 3 });
    await openAt(buyer, '/account/orders');
    await says('Not sent yet.');
    const parcel = { carrier: 'Post', trackingNumber: '1042', trackingUrl: 'https://post.example/1042' };
    await fulfilling(await theAdmin(), orderId, { items: [{ itemId, quantity: 3 }], ...parcel }).expect(201);
    await page.reload();
    await says(/Post · 1042/);
    expect(await page.getByRole('link', { name: 'Track' }).getAttribute('href')).toBe(parcel.trackingUrl);
    await expectAccessible(page, 'orders');
    await page.getByRole('link', { name: /Withdraw from the contract here/ }).click();
    await visitor.heading('Withdraw from the contract').waitFor();
    await says(/Possible until/);
    await button('Withdraw from the contract here').click();
    await says('Choose at least one thing to withdraw.');
    await page.getByLabel('How many to withdraw').fill('2');
    await button('Withdraw from the contract here').click();
    await says(/withdraw from the contract of order/);
    await expectAccessible(page, 'confirming a withdrawal');
    expect(await database('withdrawals').where({ order_id: orderId })).toEqual([]);
    await button('Confirm withdrawal').click();
    await says(/We received your withdrawal/);
    const rows = await database('withdrawal_items')
      .join('withdrawals', 'withdrawals.id', 'withdrawal_items.withdrawal_id')
      .where({ 'withdrawals.order_id': orderId, position: itemId })
      .pluck('quantity');
    expect(rows).toEqual([2]);
    expect(await page.getByLabel('How many to withdraw').getAttribute('max')).toBe('1');
    await expectAccessible(page, 'the receipt of a withdrawal');
  });

  it('explain why a ticket cannot be withdrawn', async () => {
    const sale = await anUnpaidOrder();
    await paid(sale);
    await openAt(sale.owner, `/orders/${sale.orderId}/withdrawal`);
    await says('Tickets for an event on a date cannot be withdrawn.');
    await says('Nothing of this order can be withdrawn now.');
    expect(await button('Withdraw from the contract here').count()).toBe(0);
  });

  it('sign up in the language of the page, which the first mail has', async () => {
    await page.context().close();
    await visit({ locale: 'de-DE', timezoneId: 'Europe/Vienna' });
    const email = 'grete@example.com';
    await visitor.open('/sign-in');
    await button('Ein Konto anlegen').click();
    await page.getByLabel('Name').fill('Grete Hermann');
    await page.getByLabel('E-Mail').fill(email);
    await page.getByLabel('Neues Passwort').fill(PASSWORD);
    await button('Konto anlegen').click();
    await visitor.heading('Mein Konto').waitFor();
    await expectAccessible(page, 'an account in German');
    expect(await database('users').where({ email }).first('locale', 'timezone')).toEqual({
      locale: 'de',
      timezone: 'Europe/Vienna',
    });
    const worker = await startMailedWorker();
    await allDone();
    expect(worker.mail.mailsTo(email)[0]?.subject).toMatch(/bestätigen/i);
    await worker.stop();
  });

  it('say what went wrong, and try again', async () => {
    await visitor.signIn(owner);
    for (const [path, api] of [
      ['downloads', 'downloads'],
      ['licenses', 'licenses'],
      ['credits', 'credits'],
      ['addresses', 'addresses'],
      ['support', 'support/tickets'],
    ]) {
      await page.route(`**/api/${api!}*`, (route) => route.abort(), { times: 1 });
      await visitor.open(`/account/${path!}`);
      await says('The server can’t be reached.');
      await button('Try again').click();
      await eventually(async () => (await page.getByText('The server can’t be reached.').count()) === 0);
    }
    expect(complaints.splice(0)).toHaveLength(5);
  });

  it('reach only their owners', async () => {
    const { orderId } = await aDownload(owner);
    const stranger = await registerUser();
    expect((await as(stranger).call('GET /api/downloads')).data).toEqual([]);
    await openAt(stranger, `/orders/${orderId}/withdrawal`);
    await says('There is nothing here, or it is not yours.');
    complaints.length = 0;
  });
});
