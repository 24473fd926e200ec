import type { Page } from 'playwright-core';
import type { EventDetail, EventStats } from '../../../client/api';
import { database } from '../../../src/database';
import type { RunningWorker } from '../../../src/worker';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { expectAccessible } from '../../helpers/pages/axe';
import { booked } from '../../helpers/bookings';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { as } from '../../helpers/client';
import { picture } from '../../helpers/files';
import { payBooking } from '../../helpers/orders';
import { eventually } from '../../helpers/servers/processes';
import { openSite, type Site } from '../../helpers/servers/site';
import { startTestWorker } from '../../helpers/servers/worker';
import { createVisitor, type Visitor } from '../../helpers/pages/visitor';

// A browser is slow on a busy machine.
jest.setTimeout(300_000);

const TITLE = 'Quartets at the Foundry';

describeWithBrowser('the desk of an event', () => {
  let site: Site;
  let worker: RunningWorker;
  let organizer: TestUser;
  let page: Page;
  let complaints: string[];
  let visitor: Visitor;
  let eventId: number;

  const button = (name: string | RegExp) => visitor.button(name);
  const dialog = () => page.getByRole('dialog');
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });
  const toast = (text: string) => page.locator('.toast').getByText(text).waitFor();
  const fill = (scope: Pick<Page, 'getByLabel'>, label: string, value: string) =>
    scope.getByLabel(label, { exact: true }).fill(value);
  const wide = () => page.setViewportSize({ width: 1280, height: 900 });

  async function openTab(name: string): Promise<void> {
    const tab = page.getByRole('navigation', { name: 'Parts of the event' }).getByRole('link', { name });
    await tab.click();
    await tab.and(page.locator('[aria-current=page]')).waitFor();
  }

  async function count(table: string, where: object): Promise<number> {
    const found = (await database(table).where(where).count('* as count').first()) as { count: string };
    return Number(found.count);
  }

  /** Returns the value beside a name, such as the tickets that are sold. */
  const fact = (name: string) =>
    page
      .locator('dl > dt, dl > div > dt')
      .filter({ hasText: new RegExp(`^${name}$`) })
      .locator('xpath=following-sibling::dd[1]');

  const expectFact = (name: string, value: string) =>
    fact(name)
      .filter({ hasText: new RegExp(`^\\s*${value.replaceAll('.', '\\.')}\\s*$`) })
      .waitFor();

  const listValidTickets = () =>
    database('tickets as t')
      .join('bookings as b', 'b.id', 't.booking_id')
      .where({ 'b.event_id': eventId, 't.status': 'valid' })
      .select<{ checked_in_at: Date | null }[]>('t.checked_in_at');

  const getEvent = async (): Promise<EventDetail> =>
    (await as(organizer).call('GET /api/events/{id}', { path: { id: eventId } })).data;

  beforeAll(async () => {
    site = await openSite();
    worker = await startTestWorker({ EVENT_MESSAGES_PER_SECOND: '100' });
    organizer = await registerUser({ role: 'organizer' });
    ({ page, complaints } = await site.visit({ locale: 'en-GB', viewport: { width: 1280, height: 900 } }));
    visitor = createVisitor(site, page);
    await visitor.enter(organizer, '/admin/events');
    await visitor.heading('Events').waitFor();
  });

  afterAll(async () => {
    await worker?.stop();
    await site?.close();
  });

  afterEach(async () => {
    await wide();
    // No errors, no policy violations, no requests to other hosts.
    expect(complaints.splice(0)).toEqual([]);
  });

  it('creates a draft, with times of the zone of the venue', async () => {
    await page.getByRole('link', { name: 'New event' }).click();
    await visitor.heading('New event').waitFor();
    await fill(page, 'Title', TITLE);
    await fill(page, 'Tags', 'strings, chamber music');
    await fill(page, 'Venue', 'The Old Foundry');
    await page.getByLabel('Time zone of the venue').selectOption('Europe/Vienna');
    await fill(page, 'Begins', '2031-07-01T19:30');
    await page.getByLabel('When customers cancel').selectOption('How much is refunded depends on the time');
    await page.getByLabel('In full until so many hours before it begins').fill('48');
    await page.getByLabel('Percent after that').fill('50');
    await expectAccessible(page, 'a new event');
    await wide();
    await button('Save as draft').click();
    await visitor.heading(TITLE).waitFor();
    const event = await database('events').where({ title: TITLE }).first();
    expect(event).toMatchObject({
      status: 'draft',
      tags: ['strings', 'chamber music'],
      timezone: 'Europe/Vienna',
      currency: 'EUR',
      starts_at: new Date('2031-07-01T17:30:00Z'),
      ends_at: new Date('2031-07-01T19:30:00Z'),
      refund_policy: { fullUntilHours: 48, thenPercent: 50 },
    });
    eventId = (event as { id: number }).id;
  });

  it('offers ticket types with their sales, in an order', async () => {
    for (const [name, price, sales] of [
      ['Circle', '20,00', '2026-01-01T10:00'],
      ['Stalls', '30', ''],
    ] as const) {
      await button('Add a ticket type').click();
      await fill(dialog(), 'Name', name);
      await fill(dialog(), 'Price', price);
      if (sales) await dialog().getByLabel('Sale begins').fill(sales);
      if (name === 'Circle') {
        await dialog().getByLabel('At least per booking').fill('3');
        await dialog().getByLabel('At most per booking').fill('2');
        await button('Save').click();
        // What is refused is said at its field, and what was typed stays.
        await dialog().locator('[aria-invalid=true]').waitFor();
        await dialog().getByLabel('At least per booking').fill('1');
        await dialog().getByLabel('At most per booking').fill('4');
        await expectAccessible(page, 'a ticket type');
        await wide();
        expect(complaints.splice(0)).toEqual([expect.stringContaining('400')]);
      }
      await button('Save').click();
      await row(name).waitFor();
    }
    await row('General admission').getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await row('General admission').waitFor({ state: 'detached' });
    await button('Move up: Stalls').press('Enter');
    await toast('“Stalls” is now in place 1.');
    expect((await getEvent()).ticketTypes).toMatchObject([
      { name: 'Stalls', price: '30.00', salesStart: null },
      { name: 'Circle', price: '20.00', salesStart: '2026-01-01T09:00:00.000Z', maxPerBooking: 4 },
    ]);
    await expectAccessible(page, 'ticket types');
  });

  it('draws a seating plan from rows, and changes seats in it', async () => {
    await openTab('Seats');
    await page.getByText('There are no numbered seats.').waitFor();
    await fill(page, 'Section', 'Stalls');
    await fill(page, 'First row', 'A');
    await fill(page, 'Last row', '7');
    await fill(page, 'Seats in each row', '5');
    await button('Add these rows').click();
    await page.getByText('Rows are letters in order').first().waitFor();
    await fill(page, 'Last row', 'C');
    await fill(page, 'Accessible seats', '1');
    await button('Add these rows').click();
    await toast('The plan has 15 seats now.');
    await button('Row A, seat 5').click();
    await button('Choose all of row C').click();
    await page.getByText('Seats chosen: 6.').waitFor();
    await button('Block').click();
    await page.getByText('blocked: 6').waitFor();
    await button('Row C, seat 1').click();
    await button('Row C, seat 2').click();
    await expectAccessible(page, 'a seating plan');
    await wide();
    await button('Remove').click();
    await dialog().getByText('Remove 2 seats?').waitFor();
    await page.keyboard.press('Escape');
    await page
      .locator(':focus')
      .filter({ hasText: /^\s*Remove\s*$/ })
      .waitFor();
    await button('Remove').press('Enter');
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await page.getByText('blocked: 4').waitFor();
    const of = { event_id: eventId, removed_at: null };
    expect([
      await count('seats', of),
      await count('seats', { ...of, is_blocked: true }),
      await count('seats', { ...of, is_accessible: true }),
    ]).toEqual([13, 4, 2]);
  });

  it('edits its texts, refuses an old version, gets a cover, and publishes it', async () => {
    await openTab('Settings');
    await fill(page, 'Description', 'Four evenings of strings.');
    await as(organizer).put(`/api/events/${eventId}`).send({ category: 'music' }).expect(200);
    await button('Save').first().click();
    await page.getByText('Somebody else has changed this').waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('412')]);
    await button('Load again').click();
    await page.getByText('Somebody else has changed this').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Category').inputValue()).toBe('music');
    await button('Save').first().click();
    await toast('Saved.');
    await page.getByLabel('Image', { exact: true }).setInputFiles({
      name: 'cover.png',
      mimeType: 'image/png',
      buffer: await picture({ width: 640, height: 360 }),
    });
    await fill(page, 'What the image shows', 'A violin');
    await button('Save the cover').click();
    await page.getByRole('img', { name: 'A violin' }).waitFor();
    await expectAccessible(page, 'the settings of an event');
    await wide();
    await button('Publish').click();
    await page.getByRole('link', { name: 'Show the page' }).waitFor();
    expect(await getEvent()).toMatchObject({
      status: 'published',
      category: 'music',
      description: 'Four evenings of strings.',
      coverImageAlt: 'A violin',
    });
  });

  it('shows figures that agree everywhere after people have bought', async () => {
    const [stalls, circle] = (await getEvent()).ticketTypes.map(({ id }) => id);
    const zoe = await registerUser();
    await database('users').where('id', zoe.user.id).update({ first_name: 'Zoë', last_name: 'Straße' });
    const paid = await booked(zoe, eventId, [
      { ticketTypeId: stalls!, quantity: 2 },
      { ticketTypeId: circle!, quantity: 1 },
    ]);
    await payBooking(paid.id);
    await booked(await registerUser(), eventId, [{ ticketTypeId: circle!, quantity: 2 }]);
    await openTab('Attendees');
    await page.getByLabel('Name, address or reference').fill('strasse');
    await page.getByText('3 entries').waitFor();
    await row('Circle').getByRole('button', { name: 'Check in' }).click();
    await toast('Zoë Straße is checked in.');
    await row('Stalls').first().getByRole('button', { name: 'Check in' }).click();
    await page.getByRole('button', { name: 'Undo check-in' }).nth(1).waitFor();
    await row('Circle').getByRole('button', { name: 'Undo check-in' }).press('Enter');
    await toast('Zoë Straße can be checked in again.');
    await expectAccessible(page, 'attendees');
    await wide();

    const tickets = await listValidTickets();
    const inside = tickets.filter(({ checked_in_at: time }) => time).length;
    const inventory = await database('event_inventory').where({ event_id: eventId }).first();
    const [{ net }] = (
      await database.raw<{ rows: { net: string }[] }>(
        `SELECT sum(p.captured - p.refunded)::numeric(10, 2)::text AS net
         FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.event_id = ?`,
        [eventId],
      )
    ).rows as [{ net: string }];
    expect([tickets.length, inside, inventory?.sold, inventory?.held, net]).toEqual([3, 1, 3, 2, '80.00']);
    await openTab('Overview');
    await expectFact('Sold', '3');
    await expectFact('Held, unpaid or offered', '2');
    await expectFact('Let in', '1');
    await expectFact('Revenue', '€80.00');
    const stats: EventStats = (await as(organizer).call('GET /api/events/{id}/stats', { path: { id: eventId } })).data;
    expect(stats).toMatchObject({ sold: 3, held: 2, checkIns: 1, revenue: [{ net: '80.00' }] });
    await expectAccessible(page, 'the overview of an event');
    await wide();
    await openTab('Door');
    await expectFact('Checked in', '1');
    await expectFact('Not here yet', '2');
    await expectFact('Valid tickets', '3');
    // Somebody else lets a person in.
    const waiting = await database('tickets')
      .where({ booking_id: paid.id, ticket_type_id: stalls, checked_in_at: null })
      .first('id');
    await as(organizer)
      .post(`/api/events/${eventId}/check-in`)
      .send({ ticketId: (waiting as { id: number }).id })
      .expect(200);
    await expectFact('Checked in', '2');
    expect(await page.getByRole('link', { name: 'Open the scanner' }).getAttribute('href')).toBe('/scan');
    await expectAccessible(page, 'the door');
    await wide();
    await openTab('Bookings');
    await row(paid.reference).getByText('€80.00').waitFor();
    await row(paid.reference).getByText('Confirmed').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(await count('bookings', { event_id: eventId }));
    await expectAccessible(page, 'bookings');
  });

  it('refunds one ticket after a preview, and exports the orders', async () => {
    await openTab('Orders');
    await page.getByLabel('Status').selectOption('Paid');
    await page.getByText('1 entry').waitFor();
    const number = await page.locator('tbody th').innerText();
    await button('Refund').click();
    await dialog().getByLabel('What to refund').selectOption('All that is left');
    await dialog().getByText('€80.00 of €80.00 would be refunded.').waitFor();
    await dialog().getByLabel('What to refund').selectOption('An amount');
    await dialog().getByLabel('Amount, EUR').fill('80,01');
    await dialog().getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('409')]);
    await dialog().getByLabel('What to refund').selectOption('Units of lines');
    await button('More: Units of Circle').click();
    await dialog().getByText('€20.00 of €80.00 would be refunded.').waitFor();
    await expectAccessible(page, 'a refund');
    await wide();
    await button('Refund €20.00').click();
    await toast('€20.00 is refunded.');
    await page.getByLabel('Status').selectOption('All');
    await row(number).getByText('Refunded in part').waitFor();
    await row(number).getByText('€20.00').waitFor();
    const order = await database('orders').where({ order_number: number }).first();
    const items = database('order_item_refunds').where({ order_id: (order as { id: number }).id });
    expect(await items.select('quantity', 'amount')).toEqual([{ quantity: 1, amount: '20.000' }]);
    const downloading = page.waitForEvent('download');
    await button('Export as CSV').click();
    const file = await (await downloading).createReadStream();
    expect((await file.toArray()).join('')).toContain(number);
    await eventually(async () => (await listValidTickets()).length === 2);
    await openTab('Overview');
    await expectFact('Sold', '2');
    await expectFact('Revenue', '€60.00');
  });

  it('gives a discount, and writes to attendees', async () => {
    await openTab('Discounts');
    await button('Add a code').click();
    await fill(dialog(), 'Code', 'STRINGS');
    await fill(dialog(), 'Value', '15');
    await dialog().getByLabel('At most in all').fill('10');
    await expectAccessible(page, 'a discount');
    await wide();
    await button('Save').click();
    await row('STRINGS').getByText('0 of 10').waitFor();
    await row('STRINGS').getByRole('button', { name: 'Edit' }).click();
    await dialog().getByLabel('Switched on').uncheck();
    await button('Save').click();
    await row('STRINGS').getByText('Off').waitFor();
    expect(await database('discounts').where({ code: 'STRINGS' }).first()).toMatchObject({
      event_id: eventId,
      max_uses: 10,
      is_active: false,
    });
    await openTab('Messages');
    await fill(page, 'Subject', 'Doors open at seven');
    await fill(page, 'Message', 'Please come early.');
    await button('Go on').click();
    await dialog().getByText('Valid tickets: 2.').waitFor();
    await expectAccessible(page, 'sending a message');
    await wide();
    await dialog().getByRole('button', { name: 'Send' }).click();
    await row('Doors open at seven').getByText('1 of 1').waitFor();
    await row('Doors open at seven').getByText('Sent', { exact: true }).waitFor();
    expect(await page.getByLabel('Subject').inputValue()).toBe('');
    await openTab('Waitlist');
    await page.getByText('Nobody is waiting.').waitFor();
    await expectAccessible(page, 'an empty waitlist');
  });

  it('duplicates the event, deletes the copy, and cancels the event after saying what that does', async () => {
    await button('Duplicate').click();
    await dialog().getByLabel('Begins').fill('2031-07-08T19:30');
    await expectAccessible(page, 'duplicating');
    await wide();
    await dialog().getByRole('button', { name: 'Duplicate' }).click();
    await button('Publish').waitFor();
    const copy = (await database('events').where({ title: TITLE }).whereNot({ id: eventId }).first()) as { id: number };
    expect(copy).toMatchObject({ status: 'draft', starts_at: new Date('2031-07-08T17:30:00Z') });
    expect(await count('seats', { event_id: copy.id, removed_at: null })).toBe(13);
    await button('Delete the draft').click();
    await dialog().getByRole('button', { name: 'Delete the draft' }).click();
    await visitor.heading('Events').waitFor();
    expect(await count('events', { title: TITLE, deleted_at: null })).toBe(1);
    await page.getByLabel('Words in title, place or text').fill('quartets');
    await page.getByText('1 entry').waitFor();
    await page.getByRole('link', { name: TITLE }).click();
    await button('Cancel the event').click();
    await expectFact('Bookings that are cancelled', '2');
    await expectFact('Tickets that become void', '4');
    await expectFact('Money that is refunded', '€60.00');
    await dialog().getByLabel('Reason').fill('The cellist is ill.');
    await expectAccessible(page, 'cancelling an event');
    await wide();
    await dialog().getByRole('button', { name: 'Cancel the event' }).click();
    await page.locator('.head .tag').getByText('Cancelled').waitFor();
    await eventually(
      async () => (await count('bookings', { event_id: eventId, status: 'cancelled' })) === 2,
      () => 'the bookings were not cancelled',
    );
    await openTab('Settings');
    await page.getByText('can no longer be changed').waitFor();
  });
});
