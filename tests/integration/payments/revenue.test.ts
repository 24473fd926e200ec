import { database } from '../../../src/database';
import { rebuildAnalytics } from '../../../src/services/analytics/count-analytics';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anOpenEvent, booked, cancelling, theOrganizer } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeDiscount } from '../../helpers/discounts';
import type { TestEvent } from '../../helpers/events';
import { violations } from '../../helpers/invariants';
import {
  anUnpaidOrderAt,
  aPaidOrder,
  disputed,
  expireHold,
  intentOf,
  deciding,
  orderOf,
  paid,
  refunding,
  settleMoney,
  type PricedBooking,
} from '../../helpers/orders';

interface Revenue {
  currency: string;
  gross: string;
  refunded: string;
  net: string;
}

interface Stats {
  revenue: Revenue[];
  byTicketType: { name: string; revenue: Revenue[] }[];
}

const money = (gross: string, refunded: string, net: string, currency = 'USD'): Revenue => ({
  currency,
  gross,
  refunded,
  net,
});

const plain = ({ currency, gross, refunded, net }: Revenue): Revenue => ({ currency, gross, refunded, net });

async function statsOf(eventId: number): Promise<Stats> {
  const { body } = await as(await theOrganizer())
    .get(`/api/events/${eventId}/stats`)
    .expect(200);
  return (body as { data: Stats }).data;
}

async function revenueOf(eventId: number): Promise<Revenue[]> {
  return (await statsOf(eventId)).revenue.map(plain);
}

let admin: TestUser;
beforeAll(async () => {
  admin = await registerUser({ role: 'admin' });
});
afterAll(async () => expect(await violations(database)).toEqual([]));

describe('revenue of an event', () => {
  it('is zero in its currency before anything is sold', async () => {
    const event = await anOpenEvent({ basePrice: 10, currency: 'JPY' });
    await anUnpaidOrderAt(event);
    expect(await revenueOf(event.id)).toEqual([money('0', '0', '0', 'JPY')]);
  });

  it('falls with each refund, to zero when everything is refunded', async () => {
    const { event, orderId } = await aPaidOrder({}, 3);
    expect(await revenueOf(event.id)).toEqual([money('30.00', '0.00', '30.00')]);
    await refunding(await theOrganizer(), orderId, { amount: '10.00' }).expect(200);
    expect(await revenueOf(event.id)).toEqual([money('30.00', '10.00', '20.00')]);
    await refunding(await theOrganizer(), orderId).expect(200);
    await settleMoney();
    expect(await revenueOf(event.id)).toEqual([money('30.00', '30.00', '0.00')]);
  });

  it('includes the part of a cancelled booking that was not refunded', async () => {
    const { event, owner, booking } = await aPaidOrder({
      refundPolicy: { fullUntilHours: 5000, thenPercent: 40 },
      cancellationWindowHours: 0,
    });
    await cancelling(owner, booking.id).expect(200);
    await settleMoney();
    expect(await revenueOf(event.id)).toEqual([money('20.00', '8.00', '12.00')]);
  });

  it('excludes disputed payments until the dispute is won', async () => {
    const { event, booking } = await aPaidOrder({ currency: 'KWD', basePrice: '1.005' });
    await disputed(booking.id);
    await settleMoney();
    expect(await revenueOf(event.id)).toEqual([money('2.010', '2.010', '0.000', 'KWD')]);
    await disputed(booking.id, false);
    await settleMoney();
    expect(await revenueOf(event.id)).toEqual([money('2.010', '0.000', '2.010', 'KWD')]);
  });

  it('counts a late payment as gross and refunded', async () => {
    const event = await anOpenEvent({ basePrice: 10, totalTickets: 1 });
    const late = await anUnpaidOrderAt(event);
    const { paymentIntentId } = await intentOf(late.owner, late.orderId);
    await expireHold(late.booking.id);
    const other = await anUnpaidOrderAt(event);
    await paid(other);
    await database('sandbox_intents').where({ id: paymentIntentId }).update({ status: 'pending' });
    await deciding(paymentIntentId, 'succeed').expect(200);
    await settleMoney();
    expect(await revenueOf(event.id)).toEqual([money('20.00', '10.00', '10.00')]);
  });

  it('is apportioned to ticket types with discounts, taxes and refunds, and adds up', async () => {
    const event = await anOpenEvent({
      taxRate: 10,
      taxInclusive: false,
      ticketTypes: [
        { name: 'Stalls', price: '30.00' },
        { name: 'Circle', price: '10.00' },
        { name: 'Free', price: 0 },
      ],
    });
    const { code: discountCode } = await makeDiscount({ value: 50, eventId: event.id });
    const owner = await registerUser();
    const items = event.ticketTypes.map(({ id }) => ({ ticketTypeId: id, quantity: 1 }));
    const { body } = await as(owner).post('/api/bookings').send({ eventId: event.id, items, discountCode }).expect(201);
    const { order } = (body as { data: PricedBooking }).data;
    await paid({ owner, orderId: order.id });
    const byType = async (): Promise<Record<string, Revenue[]>> =>
      Object.fromEntries((await statsOf(event.id)).byTicketType.map(({ name, revenue }) => [name, revenue.map(plain)]));
    expect(await byType()).toEqual({
      Stalls: [money('16.50', '0.00', '16.50')],
      Circle: [money('5.50', '0.00', '5.50')],
      Free: [money('0.00', '0.00', '0.00')],
    });
    await refunding(await theOrganizer(), order.id, { amount: '0.01' }).expect(200);
    expect(await byType()).toEqual({
      Stalls: [money('16.50', '0.01', '16.49')],
      Circle: [money('5.50', '0.00', '5.50')],
      Free: [money('0.00', '0.00', '0.00')],
    });
  });
});

describe('revenue', () => {
  it('is the same in stats, dashboard, analytics and reports', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const { body } = await as(organizer)
      .post('/api/events')
      .send({ title: 'A night', startDate: '2031-05-01T19:00:00Z', basePrice: 1500, currency: 'JPY', totalTickets: 20 })
      .expect(201);
    const event = (body as { data: TestEvent }).data;
    const sales = [await anUnpaidOrderAt(event, 2), await anUnpaidOrderAt(event, 1), await anUnpaidOrderAt(event, 1)];
    for (const sale of sales) await paid(sale);
    await refunding(organizer, sales[0]!.orderId, { amount: '500' }).expect(200);
    await disputed(sales[1]!.booking.id);
    await settleMoney();
    await rebuildAnalytics({ marginSeconds: 0 });

    const expected = [money('6000', '2000', '4000', 'JPY')];
    const data = async (path: string, user = organizer): Promise<Record<string, unknown>> =>
      ((await as(user).get(path).expect(200)).body as { data: Record<string, unknown> }).data;
    const revenueIn = (figures: unknown): Revenue[] =>
      (figures as { revenue: Revenue[] }).revenue.map(plain).filter(({ currency }) => currency === 'JPY');
    expect(revenueIn(await data(`/api/events/${event.id}/stats`))).toEqual(expected);
    expect(revenueIn((await data('/api/organizers/me/dashboard')).today)).toEqual(expected);
    expect(revenueIn((await data('/api/organizers/me/analytics')).totals)).toEqual(expected);
    expect(revenueIn((await data('/api/admin/analytics', admin)).totals)).toEqual(expected);
    const csv = async (name: string): Promise<string> =>
      (await as(admin).get(`/api/admin/reports/${name}.csv`).expect(200)).text;
    expect(await csv('revenue')).toContain(',JPY,6000,2000,4000,0');
    const lines = (await csv('orders')).split('\n').map((line) => line.split(','));
    const column = (name: string): number => lines[0]!.indexOf(name);
    const sum = (name: string): number =>
      lines
        .filter((cells) => cells[column('Currency')] === 'JPY' && cells[column('Event id')] === String(event.id))
        .reduce((total, cells) => total + Number(cells[column(name)]), 0);
    expect(['Gross', 'Refunded', 'Net'].map(sum)).toEqual([6000, 2000, 4000]);
    expect((await orderOf(organizer, sales[0]!.orderId)).status).toBe('partially_refunded');
  });

  it('still includes a booking after its owner is erased and its event is over', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const owner = await registerUser();
    const { order } = (await booked(owner, event.id)) as PricedBooking;
    await paid({ owner, orderId: order.id });
    await database('events')
      .where({ id: event.id })
      .update({ starts_at: '2026-01-01', ends_at: '2026-01-02', status: 'completed', completed_at: '2026-01-02' });
    await database('users').where({ id: owner.user.id }).update({ status: 'suspended' });
    expect(await revenueOf(event.id)).toEqual([money('10.00', '0.00', '10.00')]);
  });
});
