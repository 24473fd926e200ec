import type { Page } from 'playwright-core';
import { database } from '../../../src/database';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { expectAccessible } from '../../helpers/pages/axe';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { eventually } from '../../helpers/servers/processes';
import { openSite, type Site } from '../../helpers/servers/site';
import { createVisitor, type Visitor } from '../../helpers/pages/visitor';

// A browser is slow on a busy machine.
jest.setTimeout(120_000);

describeWithBrowser('the desk', () => {
  let site: Site;
  let page: Page;
  let complaints: string[];
  let visitor: Visitor;
  let admin: TestUser;

  const link = (name: string) => page.getByRole('navigation', { name: 'Desk' }).getByRole('link', { name });
  const profileStatus = async ({ token }: TestUser) =>
    (await fetch(`${site.base}/api/auth/profile`, { headers: { Authorization: `Bearer ${token}` } })).status;

  beforeAll(async () => {
    site = await openSite();
    admin = await registerUser({ role: 'admin' });
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

  it('opens by keyboard, moves the focus, and keeps the session in a cookie', async () => {
    await visitor.enter(admin, '/admin/users');
    await visitor.heading('Users').waitFor();
    await expectAccessible(page, 'users');
    await page.setViewportSize({ width: 1280, height: 844 });
    await link('Undelivered').press('Enter');
    await visitor.heading('Undelivered messages').waitFor();
    expect(await page.evaluate('[document.activeElement.id, document.title, location.pathname]')).toEqual([
      'content',
      'Undelivered messages · Bilten',
      '/admin/messages',
    ]);
    await page.goBack();
    await visitor.heading('Users').waitFor();
    // No token is where scripts can read it.
    const stored = (await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])')) as string;
    expect(stored).toContain('bilten_signed_in=1');
    expect(stored).not.toMatch(/[\w-]{20,}/);
    await page.setViewportSize({ width: 390, height: 844 });
    await visitor.button('Menu').click();
    await expectAccessible(page, 'the navigation on a phone');
    await visitor.button('Sign out').click();
    await page.getByLabel('Password').waitFor();
    await page.reload();
    await page.getByLabel('Password').waitFor();
  });

  it('refuses customers, sections of others, and paths that do not exist', async () => {
    await visitor.enter(await registerUser(), '/admin/users');
    await page.getByRole('alert').filter({ hasText: 'for organizers and admins' }).waitFor();
    await expectAccessible(page, 'a customer at the desk');
    await visitor.button('Sign out').click();
    await page.getByLabel('Password').waitFor();
    await visitor.enter(await registerUser({ role: 'organizer' }), '/admin/users');
    await page.getByText('your account may not see it').waitFor();
    expect(await link('Users').count()).toBe(0);
    expect((await fetch(`${site.base}/admin/nothing`)).status).toBe(404);
  });

  it('finds an account by the address of its list, suspends it after a preview, and reinstates it', async () => {
    const suspended = await registerUser({ email: 'suspended.here@example.com' });
    expect(await profileStatus(suspended)).toBe(200);
    await visitor.enter(admin, '/admin/users?role=customer');
    await page.getByLabel('Name or email begins with').fill('suspended.h');
    await page.getByText('1 entry').waitFor();
    expect(new URL(page.url()).search).toBe('?role=customer&search=suspended.h');
    await page.reload();
    const row = page.getByRole('row').filter({ hasText: suspended.user.email });
    await row.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('dialog').getByText('Devices signed in: 1.').waitFor();
    await expectAccessible(page, 'suspending');
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await row.getByText('Suspended', { exact: true }).waitFor();
    expect(await profileStatus(suspended)).toBe(403);
    await row.getByRole('button', { name: 'Reinstate' }).click();
    await row.getByText('Active', { exact: true }).waitFor();
    expect(await profileStatus(suspended)).toBe(200);
    await page.getByLabel('Name or email begins with').fill('nobody at all');
    await page.getByText('Nothing matches.').waitFor();
    await visitor.button('Show all').click();
    await row.waitFor();
  });

  it('sorts, and loads again once there is a connection', async () => {
    await visitor.enter(admin, '/admin/users');
    await page.getByRole('button', { name: 'Email' }).click();
    await page.getByRole('columnheader', { name: 'Email' }).and(page.locator('[aria-sort=ascending]')).waitFor();
    const emails = await database('users').orderBy('email').limit(20).pluck('email');
    const shown = page.locator('tbody tr td:nth-child(2)');
    await eventually(async () => JSON.stringify(await shown.allInnerTexts()) === JSON.stringify(emails));
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await page.getByLabel('Status').selectOption('Active');
    await page.getByText('The server can’t be reached.').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('cell', { name: admin.user.email, exact: true }).waitFor();
    expect(complaints.splice(0).filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  });

  it('retries parked messages, one or all', async () => {
    const parked = { topic: 'user.verification', payload: {}, status: 'parked', attempts: 10, parked_at: new Date() };
    const ids = (await database('outbox_messages')
      .insert(['No such mailbox', 'Mailbox full', 'Greylisted'].map((text) => ({ ...parked, last_error: text })))
      .returning('id')) as { id: number }[];
    await visitor.enter(admin, '/admin/messages');
    await page.getByText('3 entries').waitFor();
    await expectAccessible(page, 'undelivered messages');
    await page.getByRole('row').filter({ hasText: 'No such mailbox' }).getByRole('button', { name: 'Try' }).click();
    await page.getByText('2 entries').waitFor();
    await visitor.button('Try all again').click();
    await page.getByRole('dialog').getByText('Messages waiting: 2.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Try all again' }).click();
    await page.getByText('No message was given up on.').waitFor();
    const messages = database('outbox_messages').whereIn(
      'id',
      ids.map(({ id }) => id),
    );
    expect(await messages.clone().where('status', 'parked')).toEqual([]);
    await messages.del();
  });
});
