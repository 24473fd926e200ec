import { database } from '../../src/database';
import { registerUser, type TestUser } from '../helpers/accounts';
import { anOpenEvent } from '../helpers/bookings';
import { as } from '../helpers/client';
import { makeDiscount } from '../helpers/discounts';
import { aPaidOrder, refunding, settleMoney } from '../helpers/orders';
import { theOrganizer } from '../helpers/bookings';

let admin: TestUser;
beforeAll(async () => {
  admin = await registerUser({ role: 'admin' });
});

/** Returns the rows of a report, by column name. */
async function report(name: string, query = ''): Promise<Record<string, string>[]> {
  const { text } = await as(admin).get(`/api/admin/reports/${name}.csv?${query}`).expect(200);
  const [header, ...lines] = text
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(header!.map((column, index) => [column, cells[index] ?? ''])));
}

const CURRENCIES: [currency: string, price: string, total: string, part: string, none: string][] = [
  ['JPY', '1500', '3000', '500', '0'],
  ['EUR', '15.50', '31.00', '5.00', '0.00'],
  ['KWD', '1.005', '2.010', '0.005', '0.000'],
  ['ISK', '900', '1800', '300', '0'],
];

describe('money in exported files', () => {
  it.each(CURRENCIES)('%s: has the decimals of its currency', async (currency, price, total, part, none) => {
    const { owner, booking, orderId } = await aPaidOrder({ currency, basePrice: price });
    await refunding(await theOrganizer(), orderId, { amount: part }).expect(200);
    await settleMoney();
    const inCurrency = (lines: Record<string, string>[]) => lines.filter(({ Currency }) => Currency === currency);
    expect(inCurrency(await report('bookings'))).toMatchObject([
      {
        Reference: booking.reference,
        'Total amount': total,
        'Discount amount': none,
      },
    ]);
    expect(inCurrency(await report('orders'))).toMatchObject([
      { Subtotal: total, Total: total, Gross: total, Refunded: part },
    ]);
    expect(inCurrency(await report('events'))).toMatchObject([{ 'Min price': price, 'Max price': price }]);

    const { body } = await as(owner).get('/api/users/me/export').expect(200);
    const { data } = body as { data: Record<string, Record<string, unknown>[]> };
    expect(data.bookings).toMatchObject([{ totalAmount: total, items: [{ unitPrice: price }] }]);
    expect(data.orders).toMatchObject([{ total, items: [{ unitPrice: price }] }]);
    expect(data.payments).toMatchObject([{ captured: total, refunded: part }]);
    expect(data.refunds).toMatchObject([{ amount: part }]);
    const amounts = data.ledgerEntries!.map(({ amount }) => String(amount).replace('-', ''));
    expect(new Set(amounts)).toEqual(new Set([total, part]));
    const log = await as(admin).get('/api/admin/audit-log?action=order.refund').expect(200);
    expect((log.body as { data: { details: unknown }[] }).data[0]!.details).toMatchObject({ amount: part, currency });
  });

  it('has these decimals for events and discounts in an organizer’s export', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    await as(organizer)
      .post('/api/events')
      .send({ title: 'One', startDate: '2031-05-01T19:00:00Z', basePrice: '1500', currency: 'JPY' })
      .expect(201);
    await makeDiscount({ type: 'fixed', value: '200', currency: 'JPY' }, organizer);
    const { body } = await as(organizer).get('/api/users/me/export').expect(200);
    const { data } = body as { data: Record<string, Record<string, unknown>[]> };
    expect(data.events).toMatchObject([{ basePrice: '1500', minPrice: '1500', maxPrice: '1500' }]);
    expect(data.discounts).toMatchObject([{ value: '200' }]);
  });

  it('keeps negative numbers, and escapes text that begins like a formula', async () => {
    const slot = new Date('2026-03-04T10:00:00Z');
    await database('analytics_revenues').insert([
      {
        organizer_id: 0,
        event_id: 0,
        slot,
        kind: 'goods',
        currency: 'USD',
        gross: '1.00',
        refunded: '5.00',
        tax: '-0.50',
      },
    ]);
    const range = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z&groupBy=month';
    expect(await report('revenue', range)).toMatchObject([
      {
        Gross: '1.00',
        Refunded: '5.00',
        Net: '-4.00',
        Tax: '-0.50',
        'Net of goods': '-4.00',
        'Net of tickets': '0.00',
      },
    ]);
    await anOpenEvent({ title: '-4.00', currency: 'CHF' });
    await anOpenEvent({ title: '=1+1', currency: 'CHF' });
    const titles = (await report('events')).filter(({ Currency }) => Currency === 'CHF').map(({ Title }) => Title);
    expect(titles).toEqual(["'-4.00", "'=1+1"]);
  });
});
