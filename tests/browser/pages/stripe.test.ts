import { registerUser } from '../../helpers/accounts';
import { anOpenEvent } from '../../helpers/bookings';
import { describeWithBrowser } from '../../helpers/pages/browser';
import { secrets } from '../../helpers/payments';
import { openSite, type Site } from '../../helpers/servers/site';
import { createVisitor } from '../../helpers/pages/visitor';
import { deliver } from '../../fakes/server';
import { startStripe, type FakeStripe } from '../../fakes/stripe';

// A browser is slow on a busy machine.
jest.setTimeout(120_000);

const SCRIPT = 'https://js.stripe.com/v3/';

/** Stands in for Stripe's script: shows what it was given, and confirms at once. */
const STRIPE_JS = `
  window.Stripe = (key) => ({
    elements: ({ clientSecret, locale }) => ({
      create: (kind) => ({
        mount: (place) => { place.id = 'form'; place.textContent = [key, kind, clientSecret, locale].join(' '); },
        destroy: () => undefined,
      }),
    }),
    confirmPayment: async ({ confirmParams }) => { window.returnUrl = confirmParams.return_url; return {}; },
  });
`;

describeWithBrowser('paying with Stripe', () => {
  let stripe: FakeStripe;
  let site: Site;

  beforeAll(async () => {
    stripe = await startStripe('sk_test_of_the_tests', secrets.new);
    site = await openSite({
      PAYMENT_PROVIDERS: 'sandbox,stripe',
      STRIPE_SECRET_KEY: 'sk_test_of_the_tests',
      STRIPE_WEBHOOK_SECRET: secrets.new,
      STRIPE_API_BASE: stripe.url,
      STRIPE_PUBLISHABLE_KEY: 'pk_test_of_the_tests',
    });
  });

  afterAll(async () => {
    await site?.close();
    await stripe?.close();
  });

  it('loads Stripe’s form only when it is chosen, and shows the tickets once the payment has arrived', async () => {
    const { page, complaints } = await site.visit({ locale: 'en-GB' });
    const { open, signIn, button, heading } = createVisitor(site, page);
    await page.route(SCRIPT, (route) => route.fulfill({ contentType: 'text/javascript', body: STRIPE_JS }));
    const event = await anOpenEvent({ title: 'By card', basePrice: '20.00', currency: 'EUR' });
    await signIn(await registerUser());
    await open(`/e/${event.id}`);
    await button('More: General admission').click();
    await button('Book 1 ticket').click();
    await heading('Your order').waitFor();
    await page.getByLabel('Card and more (Stripe)').waitFor();
    expect(complaints).toEqual([]);

    await page.getByLabel('Card and more (Stripe)').check();
    await button('Pay').click();
    const form = page.locator('#form');
    await form.waitFor();
    const [key, kind, secret = '', locale] = (await form.innerText()).split(' ');
    expect([key, kind, locale]).toEqual(['pk_test_of_the_tests', 'payment', 'en']);
    await button('Pay').click();
    await page.waitForFunction('window.returnUrl');
    const orderId = /\d+$/.exec(page.url())![0];
    expect(await page.evaluate('window.returnUrl')).toBe(`${site.base}/orders/${orderId}`);

    stripe.pay(secret.split('_secret_')[0]!);
    const webhook = `${site.base}/api/payments/webhooks/stripe`;
    expect(await deliver(webhook, [stripe.sign(stripe.events.at(-1)!)])).toEqual([200]);
    await page.getByText('Paid. Thank you!').waitFor();
    // The page goes to no other host than Stripe's.
    expect(complaints).toEqual([SCRIPT]);
    await page.context().close();
  });
});
