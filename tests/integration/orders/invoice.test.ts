import { database } from '../../../src/database';
import { issueDueInvoices } from '../../../src/services/orders/issue-invoices';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { booked, cancelling, codeOf } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeDiscount } from '../../helpers/discounts';
import { makeEvent, type TestEvent } from '../../helpers/events';
import { violations } from '../../helpers/invariants';
import {
  anUnpaidOrderAt,
  captured,
  orderOf,
  paid,
  refunding,
  settleMoney,
  type PricedBooking,
} from '../../helpers/orders';
import { readTexts } from '../../helpers/pdf';

const BILLING = {
  name: 'Jazz am Kai GmbH',
  address: 'Hafenstraße 1\n1020 Wien\nÖsterreich',
  vatId: 'ATU12345678',
  email: 'invoices@jazz.example',
};

let organizer: TestUser;
beforeEach(async () => {
  organizer = await registerUser({ role: 'organizer' });
  await as(organizer).put('/api/auth/profile').send({ firstName: 'Olga', lastName: 'Meyer' }).expect(200);
});
afterAll(async () => expect(await violations(database)).toEqual([]));

const putBilling = (user: TestUser, fields: object) => as(user).put('/api/organizers/me/billing').send(fields);

async function aSale(event: TestEvent, tickets = 2, owner?: TestUser): Promise<{ owner: TestUser; orderId: number }> {
  if (!owner) return anUnpaidOrderAt(event, tickets);
  return { owner, orderId: ((await booked(owner, event.id, tickets)) as PricedBooking).order.id };
}

async function aPaidSale(fields: Record<string, unknown> = {}, tickets = 2, owner?: TestUser) {
  const event = await makeEvent(organizer, { basePrice: '10.00', currency: 'EUR', totalTickets: 50, ...fields });
  const sale = await aSale(event, tickets, owner);
  await paid(sale);
  return { event, ...sale };
}

async function textOf(user: TestUser, orderId: number): Promise<string> {
  const { body } = await as(user).get(`/api/orders/${orderId}/invoice.pdf`).expect(200);
  return readTexts(body as Buffer)
    .join(' ')
    .replace(/\s+/g, ' ');
}

const numberOf = async (user: TestUser, orderId: number): Promise<string | null> =>
  ((await orderOf(user, orderId)) as unknown as { invoiceNumber: string | null }).invoiceNumber;

const YEAR = new Date().getUTCFullYear();

const ADDRESS = {
  name: 'Ada Lovelace',
  company: 'Analytical Engines Ltd',
  line1: '12 St. James’s Square',
  line2: null,
  city: 'London',
  postalCode: 'SW1Y 4JH',
  region: null,
  country: 'GB',
  vatId: 'GB123456789',
};

describe('setBillingAddress', () => {
  const putting = (user: TestUser, orderId: number, fields: object) =>
    as(user).put(`/api/orders/${orderId}/billing-address`).send(fields);

  it('200: prints the address on the invoice and keeps it; 409 once the order is paid', async () => {
    const event = await makeEvent(organizer, { basePrice: '10.00', currency: 'EUR' });
    const { owner, orderId } = await aSale(event);
    expect(await orderOf(owner, orderId)).toMatchObject({ billingAddress: null });
    await putting(owner, orderId, { ...ADDRESS, company: 'Another Ltd' }).expect(200);
    const { line2: _line2, region: _region, ...sent } = ADDRESS;
    const { body } = await putting(owner, orderId, { ...sent, country: 'gb', vatId: ' gb123456789' }).expect(200);
    expect(body.data).toMatchObject({ id: orderId, billingAddress: ADDRESS });
    await as(owner).put('/api/auth/profile').send({ locale: 'de' }).expect(200);
    await paid({ owner, orderId });
    const text = await textOf(owner, orderId);
    expect(text).toContain('Analytical Engines Ltd Ada Lovelace 12 St. James’s Square SW1Y 4JH London');
    expect(text).toMatch(/Vereinigtes Königreich .*GB123456789/);
    expect(codeOf(await putting(owner, orderId, ADDRESS))).toBe('INVOICE_ISSUED');
    await expect(database('orders').where({ id: orderId }).update({ billing_address: null })).rejects.toThrow();
    expect(await textOf(owner, orderId)).toBe(text);
  });

  it('400 for an invalid address, 404 for all users except the owner', async () => {
    const { owner, orderId } = await aSale(await makeEvent(organizer, { basePrice: '10.00' }));
    for (const [path, wrong] of [
      ['country', { country: 'XX' }],
      ['country', { country: 'EU' }],
      ['line1', { line1: '' }],
      ['city', { city: undefined }],
      ['company', { company: 'See evil.com' }],
      ['name', { name: 'One\nTwo' }],
      ['vatId', { vatId: '<b>' }],
      ['vatId', { vatId: 'bit.ly/win' }],
      ['street', { street: 'x' }],
    ] as const) {
      const { body } = await putting(owner, orderId, { ...ADDRESS, ...wrong }).expect(400);
      expect(body.error.details).toEqual([expect.objectContaining({ path })]);
    }
    await putting(organizer, orderId, ADDRESS).expect(404);
    await putting(await registerUser(), orderId, ADDRESS).expect(404);
  });
});

describe('updateBilling', () => {
  it('200: stores the given fields, which are empty at first', async () => {
    const { body } = await as(organizer).get('/api/organizers/me/billing').expect(200);
    expect(body.data).toEqual({ name: null, address: null, vatId: null, email: null });
    expect((await putBilling(organizer, BILLING).expect(200)).body.data).toEqual(BILLING);
    await putBilling(organizer, { vatId: ' de 811 ', address: 'One Way 2\r\nBern' }).expect(200);
    const after = await as(organizer).get('/api/organizers/me/billing').expect(200);
    expect(after.body.data).toEqual({ ...BILLING, vatId: 'DE 811', address: 'One Way 2\nBern' });
    await putBilling(organizer, { vatId: '01.234.567.8-901.000' }).expect(200);
    await putBilling(organizer, { vatId: null, email: '' }).expect(200);
    const cleared = await as(organizer).get('/api/organizers/me/billing').expect(200);
    expect(cleared.body.data).toMatchObject({ name: BILLING.name, vatId: null, email: null });
    const admin = await registerUser({ role: 'admin' });
    const log = await as(admin).get(`/api/admin/audit-log?action=billing.update`).expect(200);
    expect((log.body as { data: object[] }).data).toHaveLength(4);
  });

  it.each([
    ['a name of two lines', { name: 'One\nTwo' }],
    ['an address that is too long', { address: 'x\n'.repeat(20) }],
    ['an invalid VAT id', { vatId: '<b>' }],
    ['a URL in place of a VAT id', { vatId: 'evil.example' }],
    ['an invalid email address', { email: 'nobody' }],
    ['an unknown field', { iban: 'AT00' }],
  ])('400: %s', async (_what, fields) => {
    expect(codeOf(await putBilling(organizer, fields).expect(400))).toBe('VALIDATION_ERROR');
  });

  it('403: for customers', async () => {
    const customer = await registerUser();
    await putBilling(customer, BILLING).expect(403);
    await as(customer).get('/api/organizers/me/billing').expect(403);
  });
});

describe('an invoice', () => {
  it('states seller and buyer, net amounts, and tax by rate', async () => {
    await putBilling(organizer, BILLING).expect(200);
    const { owner, orderId } = await aPaidSale({ taxRate: 20, taxInclusive: true, title: 'Jazz on the Quay' }, 3);
    const text = await textOf(owner, orderId);
    for (const part of [
      'Jazz am Kai GmbH',
      'Hafenstraße 1',
      '1020 Wien',
      'VAT ID: ATU12345678',
      'invoices@jazz.example',
      'Ada Lovelace',
      owner.user.email,
      `Invoice ${YEAR}-00001`,
      'Jazz on the Quay',
      'Net amount at 20% tax €25.00',
      'Tax at 20% €5.00',
      'Total €30.00',
    ])
      expect(text).toContain(part);
    expect(await numberOf(owner, orderId)).toBe(`${YEAR}-00001`);
  });

  it('stays as issued, whatever changes later', async () => {
    await putBilling(organizer, BILLING).expect(200);
    const { owner, orderId, event } = await aPaidSale({ title: 'The first title', venueName: 'Pier 4' });
    // The invoice has not been downloaded yet.
    await as(organizer).put(`/api/events/${event.id}`).send({ title: 'Another title' }).expect(200);
    await putBilling(organizer, { name: 'Other Ltd.', vatId: null }).expect(200);
    await as(organizer).put('/api/auth/profile').send({ firstName: 'Nobody' }).expect(200);
    await as(owner).put('/api/auth/profile').send({ lastName: 'Byron', locale: 'de' }).expect(200);
    await as(organizer)
      .put(`/api/events/${event.id}/ticket-types/${event.ticketTypes[0]!.id}`)
      .send({ name: 'Renamed', price: '99.00' })
      .expect(200);
    const text = await textOf(owner, orderId);
    for (const part of [
      'The first title',
      'Jazz am Kai GmbH',
      'ATU12345678',
      'Ada Lovelace',
      'General admission',
      'Invoice',
    ])
      expect(text).toContain(part);
    for (const part of ['Another', 'Other Ltd.', 'Byron', 'Renamed', 'Rechnung']) expect(text).not.toContain(part);
    await expect(database('invoices').where({ order_id: orderId }).update({ number: 7 })).rejects.toThrow();
    await expect(database('invoices').where({ order_id: orderId }).delete()).rejects.toThrow();
  });

  it('shows the account’s name as the seller by default', async () => {
    const { owner, orderId } = await aPaidSale();
    expect(await textOf(owner, orderId)).toContain('Olga Meyer');
  });

  it.each([
    ['tax on top', { taxRate: 7.5, taxInclusive: false }],
    ['tax included', { taxRate: 19, taxInclusive: true }],
  ])('%s: each line adds up as printed, with its discount', async (_what, tax) => {
    const event = await makeEvent(organizer, {
      currency: 'EUR',
      ...tax,
      ticketTypes: [
        { name: 'Stalls', price: '33.33' },
        { name: 'Circle', price: '9.99' },
      ],
    });
    const { code: discountCode } = await makeDiscount({ value: 15, eventId: event.id }, organizer);
    const owner = await registerUser();
    const items = event.ticketTypes.map(({ id }, index) => ({ ticketTypeId: id, quantity: 3 - index }));
    const { body } = await as(owner).post('/api/bookings').send({ eventId: event.id, items, discountCode }).expect(201);
    const orderId = (body as { data: PricedBooking }).data.order.id;
    await paid({ owner, orderId });
    const text = await textOf(owner, orderId);
    for (const name of ['Stalls', 'Circle']) {
      const [quantity, ...amounts] = new RegExp(`${name} (\\d) ((?:-?€[\\d.]+ ?)+)`)
        .exec(text)!
        .slice(1)
        .flatMap((part) => part.trim().split(' '))
        .map((part) => Number(part.replace('€', '')));
      const [price, discount, third, fourth] = amounts as [number, number, number, number];
      const amount = tax.taxInclusive ? third : fourth;
      const onTop = tax.taxInclusive ? 0 : third;
      expect(quantity! * price + discount + onTop).toBeCloseTo(amount, 8);
    }
    const { total } = await orderOf(owner, orderId);
    expect(text).toContain(`Total €${total}`);
  });

  it('is in the buyer’s language, with amounts and dates of their locale', async () => {
    const owner = await registerUser();
    await as(owner).put('/api/auth/profile').send({ locale: 'de-AT' }).expect(200);
    const fields = { basePrice: '1234.50', taxRate: 10, taxInclusive: false, startDate: '2031-03-05T19:00:00Z' };
    const { orderId } = await aPaidSale(fields, 2, owner);
    const text = await textOf(owner, orderId);
    for (const part of [
      `Rechnung ${YEAR}-00001`,
      'Gesamtbetrag',
      '€ 2.715,90',
      'Nettobetrag zu 10 % USt.',
      '5. März 2031',
    ])
      expect(text).toContain(part);
  });

  it('keeps its decimals and the Gregorian calendar in any locale', async () => {
    const owner = await registerUser();
    await as(owner).put('/api/auth/profile').send({ locale: 'fa-IR' }).expect(200);
    const { orderId } = await aPaidSale(
      { basePrice: '1.005', currency: 'KWD', startDate: '2031-03-05T19:00:00Z' },
      2,
      owner,
    );
    const text = await textOf(owner, orderId);
    expect(text).toContain('2031');
    expect(text).toMatch(/2[.٫]010/);
  });

  it('lists refunds made after it was issued', async () => {
    const { owner, orderId } = await aPaidSale({}, 3);
    await refunding(organizer, orderId, { amount: '6.00' }).expect(200);
    await settleMoney();
    const text = await textOf(owner, orderId);
    expect(text).toMatch(/Refunded on .* -€6\.00/);
    expect(text).toContain('Total €30.00');
  });

  it('does not exist for an unpaid order', async () => {
    const event = await makeEvent(organizer, { basePrice: 10 });
    const { owner, orderId } = await aSale(event);
    const text = await textOf(owner, orderId);
    expect(text).toContain('This is not an invoice');
    expect(text).not.toContain(`${YEAR}-0`);
    expect(await numberOf(owner, orderId)).toBeNull();
    expect(await database('invoices').where({ order_id: orderId })).toEqual([]);
  });
});

describe('invoice numbers', () => {
  it('have no gaps per organizer, even if many customers pay at once and some never pay', async () => {
    const other = await registerUser({ role: 'organizer' });
    const event = await makeEvent(organizer, { basePrice: 10, totalTickets: 50 });
    const elsewhere = await makeEvent(other, { basePrice: 10, totalTickets: 50 });
    const sales = await Promise.all(Array.from({ length: 8 }, () => aSale(event, 1)));
    const abroad = await Promise.all(Array.from({ length: 2 }, () => aSale(elsewhere, 1)));
    await Promise.all([...sales.slice(0, 6), ...abroad].map((sale) => paid(sale)));
    const numbersOf = async (them: typeof sales): Promise<(string | null)[]> =>
      (await Promise.all(them.map(({ owner, orderId }) => numberOf(owner, orderId)))).sort();
    const upTo = (count: number) => Array.from({ length: count }, (_, index) => `${YEAR}-0000${index + 1}`);
    expect(await numbersOf(sales.slice(0, 6))).toEqual(upTo(6));
    expect(await numbersOf(abroad)).toEqual(upTo(2));
    await paid(sales[7]!);
    expect(await numberOf(sales[7]!.owner, sales[7]!.orderId)).toBe(`${YEAR}-00007`);
  });

  it('are assigned once to orders that were paid while no invoice could be issued', async () => {
    const event = await makeEvent(organizer, { basePrice: 10, totalTickets: 50 });
    const sales = await Promise.all([1, 2, 3].map(() => anUnpaidOrderAt(event)));
    for (const { booking } of sales) await captured(booking.id);
    const ids = sales.map(({ orderId }) => orderId);
    // Another process completes the payment and dies before it issues the invoice.
    for (const id of ids) await database('orders').where({ id }).update({ status: 'paid', paid_at: database.fn.now() });
    await Promise.all([
      issueDueInvoices(),
      issueDueInvoices(),
      ...ids.map((id) => as(organizer).get(`/api/orders/${id}/invoice.pdf`).expect(200)),
    ]);
    const rows = await database('invoices').whereIn('order_id', ids).orderBy('number').pluck<number[]>('number');
    expect(rows).toEqual([1, 2, 3]);
    await settleMoney();
    expect(await database('invoices').whereIn('order_id', ids)).toHaveLength(3);
  });

  it('restart each year in the seller’s time zone', async () => {
    await as(organizer).put('/api/auth/profile').send({ timezone: 'Pacific/Auckland' }).expect(200);
    const event = await makeEvent(organizer, { basePrice: 10, totalTickets: 50 });
    const years = ['2024-06-01T00:00:00Z', '2024-12-31T11:30:00Z', '2024-06-02T00:00:00Z', '2025-06-01T00:00:00Z'];
    const ids: number[] = [];
    for (const paidAt of years) {
      const { orderId, booking } = await anUnpaidOrderAt(event);
      await captured(booking.id);
      await database('orders').where({ id: orderId }).update({ status: 'paid', paid_at: paidAt });
      ids.push(orderId);
    }
    await issueDueInvoices();
    const numbers = await Promise.all(ids.map((id) => numberOf(organizer, id)));
    expect(numbers).toEqual(['2024-00001', '2025-00001', '2024-00002', '2025-00002']);
    await settleMoney();
  });

  it('are assigned to an order that a discount makes free', async () => {
    const event = await makeEvent(organizer, { basePrice: 10 });
    const { code: discountCode } = await makeDiscount({ value: 100, eventId: event.id }, organizer);
    const owner = await registerUser();
    const wish = { eventId: event.id, ticketsCount: 1, discountCode };
    const { body } = await as(owner).post('/api/bookings').send(wish).expect(201);
    const { id, order } = (body as { data: PricedBooking }).data;
    expect(await numberOf(owner, order.id)).toBe(`${YEAR}-00001`);
    await cancelling(owner, id).expect(200);
    expect(await numberOf(owner, order.id)).toBe(`${YEAR}-00001`);
  });
});
