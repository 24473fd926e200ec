import { anonymous, as } from '../../helpers/client';
import { codeOf, registerUser, theOrganizer, type TestUser } from '../../helpers/bookings';
import { makeDiscount } from '../../helpers/discounts';
import { makeEvent } from '../../helpers/events';
import {
  bookingOf,
  deciding,
  orderOf,
  paying,
  refunding,
  settleMoney,
  type PricedBooking,
  type TestIntent,
} from '../../helpers/orders';
import { useRealProviders, withStripe } from '../../helpers/payments';
import { readPages, readTexts } from '../../helpers/pdf';
import { checkingIn } from '../../helpers/tickets';

// A complete sale as the customer and the organizer see it.

type Provider = 'sandbox' | 'stripe';

async function pdf(user: TestUser, path: string): Promise<Buffer> {
  const { body, headers } = await as(user).get(path).expect(200);
  expect(headers['content-type']).toBe('application/pdf');
  return body as Buffer;
}

/** Pays an intent and delivers the provider's webhooks. */
type Pay = (paymentIntentId: string) => Promise<unknown>;

async function sale(provider: Provider, pay: Pay): Promise<void> {
  const organizer = await theOrganizer();
  const ticketTypes = [
    { name: 'Stalls', price: '30.00', quantity: 60 },
    { name: 'Circle', price: '20.00', quantity: 40 },
  ];
  const event = await makeEvent(organizer, { totalTickets: 100, taxRate: 10, ticketTypes });
  const { code: discountCode } = await makeDiscount({ value: 20, eventId: event.id });
  const customer = await registerUser();

  const items = event.ticketTypes.map(({ id }) => ({ ticketTypeId: id, quantity: 1 }));
  const made = await as(customer).post('/api/bookings').send({ eventId: event.id, items, discountCode }).expect(201);
  const booking = (made.body as { data: PricedBooking }).data;
  expect(booking).toMatchObject({ status: 'pending', totalAmount: '40.00', discountAmount: '10.00', tickets: [] });
  const orderId = booking.order.id;

  const answer = await paying(customer, orderId, provider).expect(200);
  await pay((answer.body as { data: TestIntent }).data.paymentIntentId);
  const { status, tickets } = await bookingOf(customer, booking.id);
  expect(status).toBe('confirmed');
  expect(tickets).toHaveLength(2);

  const codes = readPages(await pdf(customer, `/api/bookings/${booking.id}/tickets.pdf`)).map(({ code }) => code);
  expect(codes).toEqual(tickets.map(({ code }) => code));
  for (const code of codes) await checkingIn(organizer, event.id, code).expect(200);
  expect(codeOf(await checkingIn(organizer, event.id, codes[0]).expect(409))).toBe('ALREADY_CHECKED_IN');

  await refunding(organizer, orderId, { amount: '16.00', reason: 'The second act was cut short' }).expect(200);
  await settleMoney();
  expect(await orderOf(customer, orderId)).toMatchObject({
    status: 'partially_refunded',
    subtotal: '50.00',
    discount: '10.00',
    tax: '3.63',
    total: '40.00',
    payments: [{ captured: '40.00', refunded: '16.00' }],
    refunds: [{ amount: '16.00', status: 'succeeded' }],
  });
  const [invoice] = readTexts(await pdf(customer, `/api/orders/${orderId}/invoice.pdf`));
  for (const text of [booking.order.orderNumber, '$50.00', '-$10.00', '$40.00', '-$16.00'])
    expect(invoice).toContain(text);
}

describe('a sale', () => {
  it('works through the sandbox', () => sale('sandbox', async (intentId) => deciding(intentId, 'succeed').expect(200)));

  it('works through Stripe', async () => {
    useRealProviders();
    const stripe = await withStripe();
    await sale('stripe', async (intentId) => {
      stripe.pay(intentId);
      const { body, headers } = stripe.sign(stripe.events.at(-1)!);
      await anonymous.post('/api/payments/webhooks/stripe').set(headers).send(body.toString('utf8')).expect(200);
    });
    await stripe.close();
  });
});
