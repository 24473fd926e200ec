import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { database } from '../../../src/database';
import { findMailedToken } from '../../../src/services/auth/mailed-tokens';
import { createBookingLinkToken } from '../../../src/services/booking-links/link-tokens';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import { expectAccessible } from '../../helpers/pages/axe';
import { anOpenEvent, booked, joining } from '../../helpers/bookings';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { anonymous } from '../../helpers/client';
import { anUnpaidOrder, paid, type Sold } from '../../helpers/orders';
import { eventually } from '../../helpers/servers/processes';
import { openSite, type Site } from '../../helpers/servers/site';
import { createVisitor, type Visitor } from '../../helpers/pages/visitor';

// A browser is slow on a busy machine.
jest.setTimeout(120_000);

const NEW_PASSWORD = 'another long pass phrase';

async function mailedToken(userId: number, purpose: string): Promise<string> {
  const { id } = (await database('user_tokens').where({ user_id: userId, purpose }).orderBy('id', 'desc').first('id'))!;
  return (await findMailedToken(database, id))!.token;
}

describeWithBrowser('the pages of an account', () => {
  let site: Site;
  let page: Page;
  let complaints: string[];
  let visitor: Visitor;
  let sale: Sold;

  async function visit(options: object = {}): Promise<void> {
    ({ page, complaints } = await site.visit({ viewport: { width: 1280, height: 844 }, locale: 'en-GB', ...options }));
    visitor = createVisitor(site, page);
  }

  /** Opens a part of the account: from the side, or from the menu on a phone. */
  const openPart = async (name: string) => {
    const parts = page.getByRole('navigation', { name: 'My account' });
    const menu = parts.getByRole('button');
    if (await menu.isVisible()) await menu.click();
    await parts.getByRole('link', { name, exact: true }).click();
  };

  beforeAll(async () => {
    site = await openSite();
    sale = await anUnpaidOrder({ title: 'Paid for', currency: 'EUR' });
    await paid(sale);
  });

  afterAll(() => site?.close());
  beforeEach(() => visit());
  afterEach(async () => {
    await page.context().close();
    // No errors, no policy violations, no requests to other hosts.
    expect(complaints).toEqual([]);
  });

  it('shows tickets, bookings, orders and waitlist, with the figures of the database', async () => {
    const { owner, orderId } = sale;
    const full = await anOpenEvent({ title: 'Full', totalTickets: 1 });
    await booked(await registerUser(), full.id, 1);
    await joining(owner, full.id).expect(201);
    await visitor.signIn(owner);
    expect(await page.getByRole('img', { name: /QR code of ticket/ }).count()).toBe(2);
    await expectAccessible(page, 'tickets');
    await openPart('Bookings');
    await page.getByText('2 tickets, €20.00').waitFor();
    await expectAccessible(page, 'bookings');
    await openPart('Orders');
    const order = (await database('orders').where({ id: orderId }).first('order_number', 'total'))!;
    const row = page.getByRole('listitem').filter({ hasText: order.order_number }).last();
    expect(await row.innerText()).toContain(`€${Number(order.total).toFixed(2)}`);
    await expectAccessible(page, 'orders');
    await openPart('Waitlist');
    await page.getByText('at position 1').waitFor();
    await expectAccessible(page, 'waitlist');
    await visitor.button('Leave the waitlist').click();
    await page.getByText('You have left the waitlist.').waitFor();
    // The parts have addresses, and the browser's way back.
    await page.goBack();
    await page.getByRole('heading', { level: 2, name: 'Orders' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 2, name: 'Orders' }).waitFor();
  });

  it('passes a ticket on and cancels what remains possible', async () => {
    const owner = await registerUser();
    const { id } = await booked(owner, (await anOpenEvent()).id, 1);
    await visitor.signIn(owner);
    await visitor.button('Pass on').click();
    await expectAccessible(page, 'passing a ticket on');
    await page.getByLabel('Name').fill('Grace Hopper');
    await page.getByLabel('Email').fill('grace@example.com');
    await page.getByRole('dialog').getByRole('button', { name: 'Pass on' }).click();
    await page.getByText('The ticket now belongs to Grace Hopper.').waitFor();
    await page.getByText('You hold no tickets').waitFor();
    expect(await database('tickets').where('booking_id', id).pluck('attendee_name')).toEqual(['Grace Hopper']);
  });

  it('changes details, preferences and the password', async () => {
    const owner = await registerUser();
    const { id } = owner.user;
    await visitor.signIn(owner);
    await openPart('Details and notifications');
    await page.getByLabel('First name').fill('Grace');
    await page.getByLabel('Language of mails').selectOption('de');
    await visitor.button('Save').first().click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('group', { name: 'By mail' }).getByLabel('Reminders').uncheck();
    await visitor.button('Save').last().click();
    await eventually(async () => {
      const { body } = await anonymous.post('/api/auth/login').send({ email: owner.user.email, password: PASSWORD });
      const profile = await anonymous
        .get('/api/auth/profile')
        .set('Authorization', `Bearer ${body.data.token as string}`);
      const { firstName, locale, notificationPreferences } = profile.body.data as {
        firstName: string;
        locale: string;
        notificationPreferences: { email: { reminders: boolean; bookings: boolean } };
      };
      const { reminders, bookings } = notificationPreferences.email;
      return firstName === 'Grace' && locale === 'de' && !reminders && bookings;
    });
    await expectAccessible(page, 'details');
    await openPart('Password and sessions');
    await page.getByText('This one').waitFor();
    await expectAccessible(page, 'sessions');
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    await visitor.button('Change password').click();
    await page.getByText('Your password is changed.').waitFor();
    expect(await database('sessions').where('user_id', id).whereNull('revoked_at')).toHaveLength(1);
  });

  it('hands out a copy of the data, and erases the account', async () => {
    const owner = await registerUser();
    await visitor.signIn(owner);
    await openPart('My data');
    const downloading = page.waitForEvent('download');
    await visitor.button('Download').click();
    const copy = JSON.parse(readFileSync(await (await downloading).path(), 'utf8')) as {
      data: { account: { email: string } };
    };
    expect(copy.data.account.email).toBe(owner.user.email);
    await visitor.button('Erase my account').click();
    await expectAccessible(page, 'erasing');
    await page.getByLabel('Password').fill(PASSWORD);
    await visitor.button('Erase for good').click();
    await visitor.heading('What’s on').waitFor();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await database('users').where({ id: owner.user.id }).pluck('email')).not.toEqual([owner.user.email]);
  });

  it('keeps the session over a reload and a new tab, and ends it in all tabs', async () => {
    await visitor.signIn(await registerUser());
    await page.reload();
    await visitor.heading('My account').waitFor();
    const other = await page.context().newPage();
    site.listen(other, complaints);
    await other.goto(`${site.base}/account/orders`);
    await other.getByText('You have not ordered anything yet.').waitFor();
    const kept = (await page.context().cookies()).find(({ name }) => name === 'bilten_session');
    expect(kept).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/session' });
    // What is kept of the cart says nothing about the session but that there is one.
    const stored = await page.evaluate('[{ ...localStorage }, sessionStorage.length, document.cookie]');
    expect(stored).toEqual([{ 'bilten-cart': '{"count":0,"isOfAccount":true}' }, 0, 'bilten_signed_in=1']);
    await visitor.button('Sign out').click();
    await visitor.heading('What’s on').waitFor();
    await other.getByLabel('Password').waitFor();
  });

  it('explains a wrong password and a server that cannot be reached, and tries again', async () => {
    const { user } = await registerUser();
    await visitor.open('/sign-in');
    await expectAccessible(page, 'sign in');
    await page.getByLabel('Email').fill(user.email);
    await page.getByLabel('Password').fill('not this one');
    await page.keyboard.press('Enter');
    await page.getByText('don’t belong together').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await visitor.heading('My account').waitFor();
    await page.waitForLoadState('networkidle');
    await page.route('**/api/bookings*', (route) => route.abort(), { times: 1 });
    await openPart('Bookings');
    await page.getByText('The server can’t be reached.').waitFor();
    await expectAccessible(page, 'a failure');
    await visitor.button('Try again').click();
    await page.getByText('You have not booked anything yet.').waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('401'), expect.stringContaining('ERR_FAILED')]);
  });

  describe('the links in mails', () => {
    const signUp = async (): Promise<TestUser['user']> => {
      const email = `${Date.now()}@example.com`;
      const { body } = await anonymous.post('/api/auth/register').send({ email, password: PASSWORD }).expect(201);
      return body.data.user as TestUser['user'];
    };

    it('confirm an address, once', async () => {
      const { id } = await signUp();
      const token = await mailedToken(id, 'verify_email');
      await visitor.open(`/verify-email?token=${token}`);
      await page.getByText('Your email address is confirmed.').waitFor();
      await expectAccessible(page, 'a confirmed address');
      expect((await database('users').where({ id }).first('email_verified_at'))!.email_verified_at).not.toBeNull();
      await visitor.open('/verify-email?token=WRONG');
      await page.getByText('This link is incomplete').waitFor();
      await expectAccessible(page, 'a refused link');
      complaints.length = 0;
    });

    it('lead to a new password', async () => {
      const { id, email } = await signUp();
      await visitor.open('/reset-password');
      await page.getByLabel('Email').fill(email);
      await visitor.button('Send the link').click();
      await page.getByText('a mail is on its way').waitFor();
      await visitor.open(`/reset-password?token=${await mailedToken(id, 'reset_password')}`);
      await page.getByLabel('New password').fill(NEW_PASSWORD);
      await expectAccessible(page, 'a new password');
      await visitor.button('Save the password').click();
      await page.getByText('Your new password is saved.').waitFor();
      await page.getByLabel('Email').fill(email);
      await page.getByLabel('Password').fill(NEW_PASSWORD);
      await visitor.button('Sign in').click();
      await visitor.heading('My account').waitFor();
    });

    it('show a booking with its tickets to somebody who is not signed in, in their language', async () => {
      await page.context().close();
      await visit({ locale: 'de-DE', viewport: { width: 390, height: 844 } });
      const { booking, owner } = sale;
      await visitor.open(`/b/${createBookingLinkToken({ bookingId: booking.id, userId: owner.user.id })}`);
      await page.getByText('Ihre Buchung ist bestätigt.').waitFor();
      expect(await page.getByRole('img', { name: /QR-Code von Ticket/ }).count()).toBe(2);
      const pdf = await page.getByRole('link', { name: 'Tickets (PDF)' }).getAttribute('href');
      expect((await fetch(`${site.base}${pdf!}`)).headers.get('content-type')).toBe('application/pdf');
      await expectAccessible(page, 'a booking by link');
      await visitor.open('/b/1.1.wrong');
      await page.getByText('Hier gibt es nichts').waitFor();
      expect(complaints.splice(0)).toEqual([expect.stringContaining('404')]);
    });
  });

  it('shows the design system, and axe finds what is wrong', async () => {
    await visitor.open('/design');
    await expectAccessible(page, 'design');
    await visitor.button('Open a dialog').click();
    await expectAccessible(page, 'a dialog');
    await page.keyboard.press('Escape');
    await page.waitForFunction(`document.activeElement.textContent.trim() === 'Open a dialog'`);
    await page.evaluate(`document.querySelector('main').append(document.createElement('input'))`);
    await expect(expectAccessible(page, 'design')).rejects.toThrow('label');
  });
});
