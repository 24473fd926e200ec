import type { Locator, Page } from 'playwright-core';
import { database } from '../../../src/database';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { expectAccessible, expectKeyboardDialog } from '../../helpers/pages/axe';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { ADA, checkedOut, fillCart, payNow, stockOf, type CheckedOut } from '../../helpers/checkout';
import { as } from '../../helpers/client';
import { PDF, picture } from '../../helpers/files';
import { violations } from '../../helpers/invariants';
import { eventually } from '../../helpers/servers/processes';
import { openSite, type Site } from '../../helpers/servers/site';
import { makeShippingOption } from '../../helpers/store';
import { openSupportTicket, QUESTION, type TestSupportTicket } from '../../helpers/support';
import { createVisitor, type Visitor } from '../../helpers/pages/visitor';

// A browser is slow on a busy machine.
jest.setTimeout(120_000);

const WIDE = { width: 1280, height: 900 };
const SECRET = 'This customer asks every year.';

describeWithBrowser('the desk of the store and of support', () => {
  let site: Site;
  let page: Page;
  let complaints: string[];
  let visitor: Visitor;
  let organizer: TestUser;
  let customer: TestUser;
  let order: CheckedOut;

  const dialog = () => page.getByRole('dialog');
  const named = (within: Page | Locator, name: string | RegExp) => within.getByRole('button', { name });
  const rowOf = (text: string) => page.getByRole('row').filter({ hasText: text });
  const figure = (title: string) => page.locator('.figure', { hasText: title }).locator('.value');
  const productNamed = async (name: string) =>
    (await database('products').where({ name }).first('id', 'file_id', 'status'))!;
  const money = (amount: string) => `€${Number(amount).toFixed(2)}`;

  async function expectFine(name: string): Promise<void> {
    await expectAccessible(page, name);
    await page.setViewportSize(WIDE);
  }

  /** Sends a request to the process that the page is open at, which reports changes at once. */
  const sendThere = ({ token }: TestUser, path: string, body: object) =>
    fetch(`${site.base}/api${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  beforeAll(async () => {
    site = await openSite();
    organizer = await registerUser({ role: 'organizer' });
    customer = await registerUser();
    await makeShippingOption({ name: 'Post', price: '4.90' });
  });

  afterAll(async () => {
    await site?.close();
    expect(await violations(database)).toEqual([]);
  });

  beforeEach(async () => {
    ({ page, complaints } = await site.visit({ locale: 'en-GB', viewport: WIDE }));
    visitor = createVisitor(site, page);
  });

  afterEach(async () => {
    await page.context().close();
    // No errors, no policy violations, no requests to other hosts.
    expect(complaints).toEqual([]);
  });

  it('creates a T-shirt with a picture and stock, and a download', async () => {
    await visitor.enter(organizer, '/admin/products');
    await page.getByText('There are no products yet.').waitFor();
    await page.getByRole('link', { name: 'New product' }).click();
    await page.getByLabel('Name').fill('Tour shirt');
    await page.getByLabel('Price', { exact: true }).fill('25.00');
    await page.getByLabel('Stock', { exact: true }).fill('10');
    await page.getByLabel('SKU').fill('SHIRT-M');
    await expectFine('a new product');
    await visitor.button('Create').click();
    await visitor.heading('Tour shirt').waitFor();
    const shirt = await productNamed('Tour shirt');
    await page.getByText('There are no images.').waitFor();
    for (const [file, alt] of [
      ['front.png', 'The front'],
      ['back.png', 'The back'],
    ] as const) {
      const content = { name: file, mimeType: 'image/png', buffer: await picture() };
      await page.getByLabel('Image', { exact: true }).setInputFiles(content);
      await page.getByRole('region').or(page.locator('form.fields')).getByLabel('What it shows').last().fill(alt);
      await visitor.button('Add an image').click();
      await page.getByRole('img', { name: alt }).waitFor();
    }
    await named(page, /^Earlier.*Image 2/).click();
    await eventually(async () => {
      const images = await database('product_images')
        .where('product_id', shirt.id)
        .orderBy('position')
        .pluck('alt_text');
      return images[0] === 'The back';
    });
    await named(page, /^Earlier.*Image 2/)
      .and(page.locator(':enabled'))
      .waitFor();
    await expectFine('images of a product');
    await named(page, /^Delete.*Image 2/).click();
    await named(dialog(), 'Delete').click();
    await page.getByRole('img', { name: 'The front' }).waitFor({ state: 'detached' });

    await page.getByRole('link', { name: 'Stock' }).click();
    await page.getByLabel('Units').fill('-2');
    await page.getByLabel('Reason').fill('Given to the crew');
    await visitor.button('Change the stock').click();
    await page.getByRole('cell', { name: 'Given to the crew' }).waitFor();
    expect(await figure('Left to sell').innerText()).toBe('8');
    await page.getByLabel('Units').fill('-9');
    await page.getByLabel('Reason').fill('Too many');
    await visitor.button('Change the stock').click();
    await page.getByText('The stock can’t be less').waitFor();
    await expectFine('the stock of a product');
    expect(complaints.splice(0)).toEqual([expect.stringContaining('409')]);

    await visitor.open('/admin/products/new');
    await page.getByLabel('Name').fill('Live recording');
    await page.getByLabel('Type').selectOption('Download');
    await page.getByLabel('Price', { exact: true }).fill('9.00');
    await page
      .getByLabel('File to download')
      .setInputFiles({ name: 'live.pdf', mimeType: 'application/pdf', buffer: PDF });
    await visitor.button('Create').click();
    await visitor.heading('Live recording').waitFor();
    await page.getByText('Now: live.pdf.').waitFor();
    const shop = page.getByRole('link', { name: 'Show in the shop' });
    expect((await fetch(site.base + (await shop.getAttribute('href')))).status).toBe(200);
    expect(await productNamed('Live recording')).toMatchObject({ status: 'active', file_id: expect.any(Number) });
    await page.getByRole('link', { name: '← Products' }).click();
    await page.getByText('2 entries').waitFor();
    expect(await rowOf('Tour shirt').getByRole('cell').allInnerTexts()).toEqual(
      expect.arrayContaining(['Goods', 'On sale', '€25.00', '8']),
    );
    await expectFine('products');
  });

  it('keeps what was typed when somebody else was faster, and archives', async () => {
    const { id } = await productNamed('Live recording');
    await visitor.enter(organizer, `/admin/products/${id}`);
    await page.getByLabel('Most per order').fill('3');
    await as(organizer).call('PUT /api/products/{id}', { path: { id }, body: { description: 'Both nights.' } });
    await visitor.button('Save').click();
    await page.getByText('Somebody else has changed this').waitFor();
    await expectFine('a product that somebody else has changed');
    await visitor.button('Load again').click();
    await eventually(async () => (await page.getByLabel('Description').inputValue()) === 'Both nights.');
    expect(await page.getByLabel('Most per order').inputValue()).toBe('3');
    await visitor.button('Save').click();
    await page.getByText('Saved.').waitFor();
    expect(await database('products').where({ id }).first('max_per_order', 'description')).toEqual({
      max_per_order: 3,
      description: 'Both nights.',
    });
    expect(complaints.splice(0)).toEqual([expect.stringContaining('412')]);
    await expectKeyboardDialog(page, visitor.button('Archive or delete'));
  });

  it('ships with tracking, refunds a line with restock, and agrees with the database', async () => {
    const [shirt, recording] = [await productNamed('Tour shirt'), await productNamed('Live recording')];
    await fillCart(customer, [{ productId: shirt.id, quantity: 3 }, { productId: recording.id }]);
    const [option] = (await database('shipping_options').pluck('id')) as number[];
    order = await checkedOut(customer, { shippingAddress: ADA, shippingOptionId: option, paymentMethod: 'sandbox' });
    await payNow(order);

    await visitor.enter(organizer, '/admin/products');
    const toShip = page.getByRole('navigation', { name: 'Desk' }).getByRole('link', { name: 'To ship' });
    await toShip.getByText('1 waiting').waitFor();
    await toShip.click();
    await rowOf(order.orderNumber).getByText('Not sent').waitFor();
    await expectKeyboardDialog(page, named(rowOf(order.orderNumber), 'Send'));
    await named(rowOf(order.orderNumber), 'Send').click();
    await dialog().getByText('3 units to send').waitFor();
    await named(dialog(), 'Fewer: Tour shirt').click();
    await dialog().getByLabel('Carrier').fill('Post');
    await dialog().getByLabel('Tracking number').fill('1042');
    await expectFine('sending an order');
    await named(dialog(), 'Mark as sent').click();
    await rowOf(order.orderNumber).getByText('Sent in part').waitFor();
    const sent = database('fulfillments').join('fulfillment_items', 'fulfillment_id', 'fulfillments.id');
    expect(
      await sent.where('fulfillments.order_id', order.id).select('carrier', 'tracking_number', 'quantity'),
    ).toEqual([{ carrier: 'Post', tracking_number: '1042', quantity: 2 }]);

    await page.getByRole('link', { name: order.orderNumber }).click();
    await visitor.heading(`Order ${order.orderNumber}`).waitFor();
    await page.getByRole('cell', { name: '2 × Tour shirt' }).waitFor();
    await expectFine('an order');
    await expectKeyboardDialog(page, named(page, 'Refund'));
    await named(page, 'Refund').click();
    await dialog().getByText('Choose what to refund.').waitFor();
    await named(dialog(), 'More: Units of Tour shirt').click();
    await dialog().getByLabel('Came back').check();
    await dialog().getByLabel('Reason').fill('The seam was open');
    await dialog().getByText('€25.00 of €88.90 would be refunded.').waitFor();
    await expectFine('refunding an order');
    await named(dialog(), 'Refund €25.00').click();
    await page.getByRole('cell', { name: 'The seam was open' }).waitFor();
    const refund = (await database('refunds').join('payments', 'payments.id', 'refunds.payment_id')).find(
      ({ order_id: orderId }: { order_id: number }) => orderId === order.id,
    ) as { captured: string; refunded: string };
    const cells = await page.getByRole('region', { name: 'Payments' }).getByRole('cell').allInnerTexts();
    expect(cells).toEqual(expect.arrayContaining([money(refund.captured), money(refund.refunded)]));
    expect(Number(refund.refunded)).toBe(25);
    const line = page.locator('[data-line="1"]').getByRole('cell');
    expect(await line.allInnerTexts()).toEqual(['3', '€25.00', '€75.00', '1 · €25.00', '2']);
    expect(await named(page, 'Send').count()).toBe(0);

    const { stock, sold, held } = await stockOf(shirt.id);
    expect({ stock, sold, held }).toEqual({ stock: 8, sold: 2, held: 0 });
    await visitor.open(`/admin/products/${shirt.id}/stock`);
    await figure('Left to sell').waitFor();
    expect([await figure('Left to sell').innerText(), await figure('Sold and held').innerText()]).toEqual([
      String(stock! - sold - held),
      String(sold + held),
    ]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      visitor.open(`/admin/orders/${order.id}`).then(() => visitor.button('Invoice (PDF)').click()),
    ]);
    expect(download.suggestedFilename()).toBe(`invoice-${order.orderNumber}.pdf`);
    await visitor.open('/admin/orders?status=paid');
    await page.getByText('Nothing matches.').waitFor();
    await page.getByLabel('Number, reference').fill(order.orderNumber);
    await page.getByLabel('Status').selectOption('Refunded in part');
    await page.getByRole('link', { name: order.orderNumber }).waitFor();
    await expectFine('orders');
  });

  it('saves billing data and a logo', async () => {
    await visitor.enter(organizer, '/admin/billing');
    await page.getByLabel('Seller').fill('Jazz on the Quay Ltd.');
    await page.getByLabel('Postal address').fill('Harbor Road 1\n1020 Vienna');
    await page.getByLabel('VAT or tax id').fill('?');
    await visitor.button('Save').click();
    await page.getByText('Check the marked fields.').waitFor();
    await page.getByLabel('VAT or tax id').fill('ATU12345678');
    await visitor.button('Save').click();
    await page.getByText('Saved.').waitFor();
    const billing = await as(organizer).call('GET /api/organizers/me/billing');
    expect(billing.data).toMatchObject({ address: 'Harbor Road 1\n1020 Vienna', vatId: 'ATU12345678' });
    await page.getByLabel('Image').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: await picture() });
    await visitor.button('Upload').click();
    await page.getByRole('img', { name: 'Your logo' }).waitFor();
    await expectFine('billing');
    await visitor.button('Delete the logo').click();
    await named(dialog(), 'Delete the logo').click();
    await page.getByText('There is no logo yet.').waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('400')]);
  });

  it('lets admins set categories, taxes, shipping and licenses', async () => {
    const admin = await registerUser({ role: 'admin' });
    await visitor.enter(admin, '/admin/categories');
    const link = (name: string) =>
      page.getByRole('navigation', { name: 'Desk' }).getByRole('link', { name, exact: true });
    const create = async (button: string, values: Record<string, string>) => {
      await visitor.button(button).click();
      for (const [label, value] of Object.entries(values))
        await dialog().getByLabel(label, { exact: true }).fill(value);
      await named(dialog(), 'Save').click();
      await dialog().waitFor({ state: 'detached' });
    };
    await create('New category', { Name: 'Textiles' });
    await rowOf('Textiles').waitFor();
    await visitor.button('New category').click();
    await dialog().getByLabel('Name').fill('Shirts');
    await dialog().getByLabel('Below').selectOption('Textiles');
    await expectFine('a new category');
    await named(dialog(), 'Save').click();
    await rowOf('– Shirts').waitFor();
    await named(page, /^Delete.*Textiles/).click();
    await named(dialog(), 'Delete').click();
    await dialog().getByText('products or other categories below it').waitFor();
    await page.keyboard.press('Escape');
    await expectFine('categories');
    expect(complaints.splice(0)).toEqual([expect.stringContaining('409')]);

    await link('Tax rates').click();
    await create('New tax rate', { Country: 'US', 'State or region': 'New York', 'Rate, %': '8.875' });
    await rowOf('New York').getByText('8.875').waitFor();
    await named(page, /^Edit.*New York/).click();
    await dialog().getByLabel('Rate, %').fill('9');
    await named(dialog(), 'Save').click();
    await rowOf('New York').getByRole('cell', { name: '9', exact: true }).waitFor();
    await link('Shipping').click();
    await create('New shipping option', { Name: 'Express', Countries: 'AT, DE', Price: '9,90' });
    expect(await database('shipping_options').where('name', 'Express').first('countries', 'price')).toMatchObject({
      countries: ['AT', 'DE'],
      price: expect.stringMatching(/^9\.90/),
    });
    await rowOf('Express').waitFor();
    await expectFine('shipping');

    const product = { name: 'Studio license', productType: 'license', price: '49.00', currency: 'EUR' } as const;
    await as(organizer).call('POST /api/products', { body: product });
    await link('Licenses').click();
    await visitor.button('Give a license').click();
    await dialog().getByLabel('Email').fill('nobody@example.com');
    await dialog().getByLabel('Product').selectOption('Studio license');
    await named(dialog(), 'Give a license').click();
    await dialog().getByText('There is no account with this email.').waitFor();
    await expectFine('giving a license');
    await dialog().getByLabel('Email').fill(customer.user.email);
    await named(dialog(), 'Give a license').click();
    await named(rowOf('Studio license'), 'Change').click();
    await dialog().getByLabel('Most devices').fill('2');
    await named(dialog(), 'Save').click();
    await rowOf('Studio license').getByText('0 of 2').waitFor();
    await named(rowOf('Studio license'), 'Suspend').click();
    await named(dialog(), 'Suspend').click();
    await rowOf('Studio license').getByText('Suspended').waitFor();
    expect(await database('licenses').first('status', 'max_activations')).toEqual({
      status: 'suspended',
      max_activations: 2,
    });
    await expectFine('licenses');
    await visitor.open(`/admin/orders?search=${order.orderNumber}`);
    await page.getByText('1 entry').waitFor();
  });

  it('answers, notes, assigns and merges requests for help, which arrive at once', async () => {
    await as(organizer)
      .post('/api/support/replies')
      .send({ title: 'Thanks', body: 'Thank you for asking.' })
      .expect(201);
    const ask = (subject: string): Promise<TestSupportTicket> =>
      openSupportTicket(customer, { subject, orderId: order.id });
    const first = await ask(QUESTION.subject);
    await visitor.enter(organizer, '/admin/support');
    await rowOf(first.number).waitFor();
    await page.waitForLoadState('networkidle');
    await sendThere(customer, '/support/tickets', { ...QUESTION, subject: 'The same again', orderId: order.id });
    await rowOf('The same again').waitFor();
    await expectFine('the queue of support');
    await page.getByRole('link', { name: first.number }).click();
    await page.getByText(QUESTION.message).waitFor();
    await page.getByLabel('Canned reply').selectOption('Thanks');
    expect(await page.getByLabel('Message').inputValue()).toBe('Thank you for asking.');
    await page.getByLabel('Message').fill('There is a ramp.');
    await page.getByLabel('Files').setInputFiles({ name: 'ramp.pdf', mimeType: 'application/pdf', buffer: PDF });
    await visitor.button('Send').click();
    const messages = page.getByRole('list', { name: 'Conversation' }).getByRole('listitem');
    await messages.filter({ hasText: 'There is a ramp.' }).getByRole('link', { name: 'ramp.pdf' }).waitFor();
    await page.getByLabel('Internal note').fill(SECRET);
    await visitor.button('Add the note').click();
    await page.locator('.message.internal').filter({ hasText: SECRET }).waitFor();
    await page.getByLabel('Priority').selectOption('High');
    await page.getByLabel('Assigned to').selectOption('Me');
    await page.getByLabel('Tags').fill('access, ramp');
    await visitor.button('Save').click();
    await page.getByText('Saved.').waitFor();
    expect(
      await database('support_tickets').where('id', first.id).first('status', 'priority', 'assignee_id', 'tags'),
    ).toEqual({
      status: 'pending',
      priority: 'high',
      assignee_id: organizer.user.id,
      tags: ['access', 'ramp'],
    });
    await sendThere(customer, `/support/tickets/${first.id}/messages`, { message: 'Where exactly?' });
    await messages.filter({ hasText: 'Where exactly?' }).waitFor();
    await expectFine('a request for help');
    const seen = await as(customer).get(`/api/support/tickets/${first.id}`).expect(200);
    expect(seen.text).toContain('There is a ramp.');
    expect(seen.text).not.toContain(SECRET);

    await visitor.open(`/admin/support?search=${encodeURIComponent('The same again')}`);
    await page.getByRole('link', { name: 'The same again' }).click();
    await expectKeyboardDialog(page, named(page, 'Merge'));
    await named(page, 'Merge').click();
    await dialog().getByLabel('Number of the other request').fill(first.number);
    await named(dialog(), 'Find it').click();
    await dialog().getByText(`${first.number}: ${QUESTION.subject}`).waitFor();
    await expectFine('merging');
    await named(dialog(), 'Merge').click();
    await visitor.heading(`${first.number}: ${QUESTION.subject}`).waitFor();
    expect(await database('support_messages').where('support_ticket_id', first.id).count()).toEqual([{ count: 4 }]);
    await visitor.open('/admin/support-replies');
    await named(rowOf('Thanks'), 'Edit').click();
    await dialog().getByLabel('Title').fill('Thank you');
    await named(dialog(), 'Save').click();
    await rowOf('Thank you').waitFor();
  });
});
