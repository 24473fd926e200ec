import { readFileSync } from 'node:fs';
import type { Download, Page } from 'playwright-core';
import { database } from '../../../src/database';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import { expectAccessible } from '../../helpers/pages/axe';
import { anOpenEvent, booked, theOrganizer } from '../../helpers/bookings';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { addToCart, aTokenCart } from '../../helpers/cart';
import { as } from '../../helpers/client';
import { fillCart, ordered, payNow } from '../../helpers/checkout';
import { granted } from '../../helpers/credits';
import { makeDiscount } from '../../helpers/discounts';
import { PDF } from '../../helpers/files';
import { fulfilling } from '../../helpers/fulfillment';
import { licensesOf } from '../../helpers/licenses';
import { refunding, settleMoney } from '../../helpers/orders';
import { makeProduct } from '../../helpers/products';
import { openSite, type Site } from '../../helpers/servers/site';
import { ADDRESS, makeAddress } from '../../helpers/store';
import { aStore, type TestStore } from '../../helpers/a-store';
import { createVisitor, type Visitor } from '../../helpers/pages/visitor';

// A browser is slow on a busy machine.
jest.setTimeout(180_000);

const PHONE = { viewport: { width: 390, height: 844 }, locale: 'en-GB', timezoneId: 'Europe/Vienna' };
const toEuros = (amount: unknown): string => `€${Number(amount).toFixed(2)}`;

describeWithBrowser('the pages of the store', () => {
  let site: Site;
  let page: Page;
  let open: Visitor['open'];
  let signIn: Visitor['signIn'];
  let button: Visitor['button'];
  let heading: Visitor['heading'];
  let complaints: string[];
  let organizer: TestUser;
  let hall: TestStore['hall'];
  let walk: TestStore['walk'];
  let free: TestStore['free'];
  let shirt: TestStore['shirt'];
  let recording: TestStore['recording'];
  let planner: TestStore['planner'];

  async function visit(options: object = PHONE): Promise<void> {
    ({ page, complaints } = await site.visit(options));
    ({ open, signIn, button, heading } = createVisitor(site, page));
  }

  /** What somebody reads beside a term, such as the total of a cart. */
  const sum = (name: string) =>
    page
      .locator('.sums > div')
      .filter({ has: page.getByText(name, { exact: true }) })
      .locator('dd')
      .innerText();
  const line = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });

  async function expectAccessibleOnPhone(name: string): Promise<void> {
    await expectAccessible(page, name);
    await page.setViewportSize(PHONE.viewport);
  }

  async function putIntoCart(path: string, added: string | RegExp): Promise<void> {
    await open(path);
    await button('Add to cart').click();
    await page.getByText(added).waitFor();
  }

  /** Signs in somebody whose cart has these lines, and opens the checkout. */
  async function checkOut(user: TestUser, lines: Parameters<typeof fillCart>[1]): Promise<void> {
    await fillCart(user, lines);
    await signIn(user);
    await open('/checkout');
    await page.getByRole('heading', { name: 'What you order' }).waitFor();
    await page.waitForLoadState('networkidle');
  }

  const order = () => button(/^Order/).click();

  beforeAll(async () => {
    site = await openSite();
    organizer = await theOrganizer();
    ({ hall, walk, free, shirt, recording, planner } = await aStore());
  });

  afterAll(() => site?.close());
  beforeEach(() => visit());
  afterEach(async () => {
    await page.context().close();
    // No errors, no policy violations, no requests to other hosts.
    expect(complaints).toEqual([]);
  });

  it('shows the shop and a product without scripts, and describes it to search engines', async () => {
    await page.context().close();
    await visit({ ...PHONE, javaScriptEnabled: false });
    await page.goto(`${site.base}/shop`);
    const ids = await database('products').where({ status: 'active' }).pluck('id');
    expect(await page.getByRole('status').first().textContent()).toBe(`${ids.length} products`);
    await page.getByLabel('Category').selectOption('merchandise');
    await page.getByLabel('Price from').fill('24,50');
    await page.getByLabel('Sort by').selectOption('dearest');
    await button('Show').click();
    expect(await page.getByRole('status').first().textContent()).toBe('1 product');
    await page.getByRole('searchbox', { name: 'Search' }).fill('nothing like it');
    await button('Show').click();
    await page.getByText('No product matches.').waitFor();
    await page.goto(`${site.base}/shop?category=shirts&type=physical&available=true`);
    await page.getByRole('link', { name: 'Choir shirt' }).click();
    await heading('Choir shirt').waitFor();
    expect(page.url()).toBe(`${site.base}/p/choir-shirt`);
    const text = await page.locator('main').innerText();
    const { stock } = (await database('product_inventory').where({ product_id: shirt.id }).first('stock'))!;
    for (const part of [
      '€25.00',
      'including tax, plus shipping',
      `${stock} left`,
      '180 g',
      'Post: €4.90 (Austria)',
      'Buying needs JavaScript.',
    ])
      expect(text).toContain(part);
    expect(await page.getByRole('img', { name: 'A shirt with a bell on it' }).count()).toBe(1);
    const content = (name: string) => page.locator(`meta[property="og:${name}"]`).getAttribute('content');
    expect([await content('title'), await content('type'), await content('description')]).toEqual([
      'Choir shirt',
      'product',
      'Heavy cotton.',
    ]);
    const data = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent())!) as object;
    expect(data).toMatchObject({
      ...{ '@type': 'Product', name: 'Choir shirt', sku: 'SHIRT-1', category: 'Shirts' },
      offers: { price: '25.00', priceCurrency: 'EUR', availability: 'https://schema.org/InStock' },
    });
    await page.goto(`${site.base}/p/${planner.id}`);
    expect(await page.locator('main').innerText()).toMatch(/365 days[^]*3[^]*Up to 30 days[^]*export/);
    const draft = await makeProduct(organizer, { name: 'Not yet', status: 'draft' });
    expect((await fetch(`${site.base}/p/${draft.id}`)).status).toBe(404);
  });

  it('leads from events to their products', async () => {
    await open('/');
    await page.getByRole('link', { name: 'Shop Winter voices' }).click();
    await heading('For “Winter voices”').waitFor();
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(['Live recording', 'Choir shirt']);
    await expectAccessibleOnPhone('the shop');
    await page.getByRole('link', { name: 'To the event' }).click();
    await page.getByRole('heading', { name: 'In the shop' }).waitFor();
    await expectAccessibleOnPhone('an event with products');
    await page.getByRole('link', { name: 'Choir shirt' }).click();
    await heading('Choir shirt').waitFor();
  });

  it('sells tickets of two events, a shirt, a download and a license on a phone to somebody who signs up on the way', async () => {
    const email = 'shopper@example.com';
    const { code } = await makeDiscount({ code: 'VOICES', value: 10 });
    await open(`/e/${hall.event.id}`);
    await button('Choose seats on the plan').click();
    await button(/row B, seat 2/).click();
    await button(/row B, seat 3/).click();
    await button('Take these seats (2)').click();
    await button('Add to cart').click();
    await page.getByText('In your cart.').waitFor();
    await open(`/e/${walk.id}`);
    await button('More: General admission').click();
    await button('Add to cart').click();
    await page.getByText('In your cart.').waitFor();
    await open('/p/choir-shirt');
    await button('More: Quantity').click();
    await expectAccessibleOnPhone('a product');
    await button('Add to cart').click();
    await page.getByText('“Choir shirt” is in your cart.').waitFor();
    await putIntoCart(`/p/${recording.id}`, 'is in your cart.');
    await putIntoCart(`/p/${planner.id}`, 'is in your cart.');

    await page.getByRole('link', { name: 'Cart 7' }).click();
    await page.getByText('Stalls, row B, seat 2 · Stalls, row B, seat 3').waitFor();
    await line('Choir shirt').getByRole('button', { name: 'Fewer' }).click();
    await page.getByRole('link', { name: 'Cart 6' }).waitFor();
    await page.getByLabel('Discount code').fill('nothing');
    await button('Apply').click();
    await page.getByText('This code can’t be used here.').waitFor();
    complaints.length = 0;
    await page.getByLabel('Discount code').fill(code);
    await button('Apply').click();
    await page.getByText(`The code ${code} is applied.`).waitFor();
    expect([await sum('Subtotal'), await sum('Discount'), await sum('Total')]).toEqual([
      '€115.00',
      '-€11.50',
      '€103.50',
    ]);
    await expectAccessibleOnPhone('a cart');

    await page.getByRole('link', { name: 'To the checkout' }).click();
    await button('Create an account').click();
    await page.getByLabel('Name').fill('Grace Hopper');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('New password').fill(PASSWORD);
    await button('Create account').click();
    await page.getByRole('heading', { name: 'What you order' }).waitFor();
    const { id } = (await database('users').where({ email }).first('id'))!;
    await granted({ user: { id } } as TestUser, '20.00');
    await page.reload();
    await page.getByLabel('Name', { exact: true }).fill('Grace Hopper');
    await page.getByLabel('Street and number').fill(ADDRESS.line1);
    await page.getByLabel('Postal code').fill(ADDRESS.postalCode);
    await page.getByLabel('City').fill(ADDRESS.city);
    await page.getByLabel('Country').selectOption('AT');
    await page.getByLabel('Express: €12.90').check();
    await page.getByLabel('Save this address').check();
    await page.getByLabel('Pay with credits (you have €20.00)').check();
    await page.getByLabel('Amount to pay with credits').fill('15,50');
    await page.getByLabel(/I want the downloads at once/).check();
    await page.getByLabel('A note to the sellers').fill('Ring twice.');
    await expectAccessibleOnPhone('a checkout');
    expect([await sum('Shipping'), await sum('Total'), await sum('To pay')]).toEqual(['€12.90', '€116.40', '€100.90']);
    await order();

    await heading('Your order').waitFor();
    await page.getByText(/held for you for 1\d:\d\d min/).waitFor();
    await page.getByText('€100.90').first().waitFor();
    await expectAccessibleOnPhone('an unpaid order');
    await button('Pay successfully').click();
    await page.getByText('Paid. Thank you!').waitFor();
    const row = (await database('orders')
      .where({ user_id: id })
      .first('id', 'total', 'discount', 'tax', 'shipping_total', 'credits_applied', 'status'))!;
    expect(row.status).toBe('paid');
    expect([row.total, row.shipping_total, row.credits_applied].map(toEuros)).toEqual(['€116.40', '€12.90', '€15.50']);
    const text = await page.locator('main').innerText();
    for (const amount of [row.total, row.discount, row.tax, row.shipping_total, row.credits_applied])
      expect(text).toContain(toEuros(amount));
    for (const part of ['Winter voices', 'A walk with tea', 'Nothing has been sent yet.', 'Vienna', 'Ring twice.'])
      expect(text).toContain(part);
    const [license] = await database('licenses').where({ order_id: row.id });
    expect(license).toBeDefined();
    await page.getByText(/^BLTN(-[0-9A-Z]{5}){5}$/).waitFor();
    await expectAccessibleOnPhone('a paid order');

    const [download] = await Promise.all([page.waitForEvent('download'), button('Download “Live recording”').click()]);
    expect(readFileSync(await (download as Download).path())).toEqual(PDF);
    expect(await database('orders').where({ user_id: id }).pluck('id')).toEqual([row.id]);
    expect(await database('addresses').where({ user_id: id }).pluck('city')).toEqual(['Vienna']);
    await page.getByRole('link', { name: 'Show the tickets Winter voices' }).click();
    await page
      .getByRole('img', { name: /QR code of ticket/ })
      .nth(1)
      .waitFor();
    await open('/cart');
    await page.getByText('Your cart is empty.').waitFor();
    await expectAccessibleOnPhone('an empty cart');
  });

  it('shows what was sent and refunded, and keys and downloads to their owner only', async () => {
    const owner = await registerUser();
    const lines = [{ productId: shirt.id, quantity: 2 }, { productId: planner.id }, { productId: recording.id }];
    const sold = await ordered(owner, lines, { shippingAddress: ADDRESS, paymentMethod: 'sandbox' });
    await payNow(sold);
    const [goods] = sold.items;
    const parcel = { carrier: 'Post', trackingNumber: '1042', trackingUrl: 'https://www.post.at/s/1042' };
    await fulfilling(organizer, sold.id, { items: [{ itemId: goods!.id, quantity: 1 }], ...parcel }).expect(201);
    const refund = { items: [{ itemId: goods!.id, quantity: 1 }], reason: 'A hole in it' };
    await refunding(organizer, sold.id, refund).expect(200);
    await settleMoney();
    const [license] = await licensesOf(owner);
    await signIn(owner);
    await open(`/orders/${sold.id}`);
    await page.getByText(license!.key).waitFor();
    const text = await page.locator('main').innerText();
    const { amount } = (await database('refunds').first('amount').where({ reason: 'A hole in it' }))!;
    for (const part of ['1 × Choir shirt', 'Post · 1042', 'A hole in it', toEuros(amount)])
      expect(text).toContain(part);
    expect(await page.getByRole('link', { name: 'Follow the parcel' }).getAttribute('href')).toBe(parcel.trackingUrl);
    await expectAccessibleOnPhone('a partly refunded order');
    await page.context().close();
    await visit();
    await signIn(organizer);
    await open(`/orders/${sold.id}`);
    await page.getByText('Post · 1042').waitFor();
    expect(await page.getByText('Downloads and licenses').count()).toBe(0);
  });

  it('says in words what is wrong with a line, and lets somebody mend it', async () => {
    const [poster, mug, gone] = await Promise.all(
      ['Poster', 'Mug', 'Bag'].map((name) =>
        makeProduct(organizer, { name, currency: 'EUR', price: '10.00', stock: 3 }),
      ),
    );
    const late = await anOpenEvent({ title: 'Too late', basePrice: '5.00', currency: 'EUR' });
    await open('/cart');
    await page.getByText('Your cart is empty.').waitFor();
    const { cartToken } = await aTokenCart({ ticketTypeId: late.ticketTypes[0]!.id });
    for (const { id } of [poster!, mug!, gone!]) await addToCart({ cartToken }, { productId: id, quantity: 2 });
    await page.evaluate(`localStorage.setItem('bilten-cart', '${JSON.stringify({ count: 7, token: cartToken })}')`);
    await database('products').where({ id: poster!.id }).update({ price: '12.00' });
    await as(organizer).post(`/api/products/${mug!.id}/stock`).send({ delta: -2, reason: 'Broken' }).expect(200);
    await as(organizer).put(`/api/products/${gone!.id}`).send({ status: 'archived' }).expect(200);
    await database('ticket_types')
      .where({ id: late.ticketTypes[0]!.id })
      .update({ sales_end_at: database.raw("now() - interval '1 hour'") });
    await page.reload();
    await line('Poster').getByText('The price has changed since you added this.').waitFor();
    await line('Bag').getByText('This is no longer for sale.').waitFor();
    await line('Too late').getByText('These tickets are not on sale now.').waitFor();
    await line('Mug').getByText('There is not enough of this left.').waitFor();
    await page.getByText('First mend what is marked above.').waitFor();
    await expectAccessibleOnPhone('a cart with problems');
    await button('The new price is fine').click();
    await line('Poster').getByText('The price has changed').waitFor({ state: 'detached' });
    await button('Remove Bag').click();
    await page.getByText('“Bag” was removed.').waitFor();
    await button(/^Remove Too late/).click();
    await line('Mug').getByRole('button', { name: 'Fewer' }).click();
    await page.getByRole('link', { name: 'To the checkout' }).waitFor();
    expect(await sum('Total')).toBe('€34.00');
  });

  it('shows each refusal of an order where it can be mended', async () => {
    const user = await registerUser();
    const cap = await makeProduct(organizer, { name: 'Cap', currency: 'EUR', price: '10.00', stock: 3 });
    await makeAddress(user, { city: 'Berlin', country: 'DE', isDefault: true });
    await makeAddress(user);
    await granted(user, '5.00');
    const { reference } = await booked(user, free.id, 1);
    await checkOut(user, [{ productId: cap.id, quantity: 2 }, { ticketTypeId: free.ticketTypes[0]!.id }]);
    await page.getByText('This is not shipped to this country.').first().waitFor();
    await order();
    await line('Cap').getByText('This cannot be sent to this address.').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Where to send it');
    await expectAccessibleOnPhone('a refused checkout');
    await page.getByLabel(/Vienna/).check();
    await page.getByLabel('Post: €4.90').waitFor();
    await as(organizer).post(`/api/products/${cap.id}/stock`).send({ delta: -2, reason: 'Lost' }).expect(200);
    await order();
    await line('Cap').getByText('Only 1 of this left.').waitFor();
    await line('Cap').getByRole('button', { name: 'Fewer' }).click();
    await line('Cap').getByText('Only 1 of this left.').waitFor({ state: 'detached' });
    await order();
    await line(free.title).getByText(`You already have a booking for this event (${reference})`).waitFor();
    await button(`Remove ${free.title}`).click();
    await page.getByLabel('Pay with credits (you have €5.00)').check();
    await page.getByLabel('Amount to pay with credits').fill('6');
    await order();
    await page.getByText('You have only €5.00 in credits.').waitFor();
    expect(await database('orders').where({ user_id: user.user.id }).whereNot({ status: 'paid' })).toEqual([]);
    await database('cart_items').delete();
    await order();
    await page.getByText('There is nothing to order.').waitFor();
    expect(complaints.splice(0).every((text) => /status of 4\d\d/.test(text))).toBe(true);
  });

  it('keeps a cart that cannot be added to the one of the account', async () => {
    const user = await registerUser();
    const dollars = await makeProduct(organizer, { name: 'Imported tea', currency: 'USD', price: '7.00' });
    await fillCart(user, [{ productId: shirt.id }]);
    await putIntoCart(`/p/${dollars.id}`, 'is in your cart.');
    await page.getByRole('link', { name: 'Cart 1' }).waitFor();
    await signIn(user);
    await open('/cart');
    await page.getByText('It cannot be added to this one').waitFor();
    await line('Choir shirt').waitFor();
    await expectAccessibleOnPhone('two carts');
    await button('Empty this cart and take the other').click();
    await line('Imported tea').waitFor();
    expect(await sum('Total')).toBe('$7.00');
    expect(await database('carts').where({ user_id: user.user.id }).pluck('id')).toHaveLength(1);
    expect(complaints.splice(0).every((text) => /status of 409/.test(text))).toBe(true);
  });

  it('says that it loads, that it failed, and that there is no connection', async () => {
    let release = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/cart', async (route) => {
      await isAsked;
      await route.abort();
    });
    await open('/cart');
    await page.getByText('Loading…').waitFor();
    release();
    await page.getByText('The server can’t be reached.').waitFor();
    await expectAccessibleOnPhone('a cart that failed');
    await page.unroute('**/api/cart');
    await button('Try again').click();
    await page.getByText('Your cart is empty.').waitFor();
    await open(`/p/${shirt.id}`);
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await button('Add to cart').click();
    await page.getByText('The server can’t be reached.').waitFor();
    await page.context().setOffline(false);
    await button('Add to cart').click();
    await page.getByText('is in your cart.').waitFor();
    await page.getByRole('link', { name: 'Deutsch' }).click();
    await page.getByText('inkl. Steuer, zzgl. Versand').waitFor();
    await page.getByRole('link', { name: 'Warenkorb 1' }).waitFor();
    complaints.length = 0;
  });
});
