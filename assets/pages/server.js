// What the server needs to render the first view of a page.
import renderToString from 'preact-render-to-string';
import { App } from './lib/app.js';
import { html } from './lib/html.js';
import { textsByLanguage } from './texts/index.js';
import { AccountPage } from './views/account-page.js';
import { BookingPage } from './views/booking-page.js';
import { CartPage } from './views/cart-page.js';
import { CheckoutPage } from './views/checkout-page.js';
import { DeskPage } from './views/desk-page.js';
import { DesignPage } from './views/design-page.js';
import { EventPage } from './views/event-page.js';
import { OrderPage } from './views/order-page.js';
import { ProductPage } from './views/product-page.js';
import { ResetPasswordPage } from './views/reset-password-page.js';
import { ScanPage } from './views/scan-page.js';
import { ShopPage } from './views/shop-page.js';
import { SignInPage } from './views/sign-in-page.js';
import { VerifyEmailPage } from './views/verify-email-page.js';
import { WithdrawalPage } from './views/withdrawal-page.js';
import { WhatIsOnPage } from './views/what-is-on-page.js';

export { findRoute as findDeskRoute } from './views/desk/routes.js';
export { textsByLanguage };

/** @type {Record<string, import('preact').ComponentType<any>>} */
const views = {
  account: AccountPage,
  booking: BookingPage,
  cart: CartPage,
  checkout: CheckoutPage,
  design: DesignPage,
  desk: DeskPage,
  event: EventPage,
  order: OrderPage,
  product: ProductPage,
  'reset-password': ResetPasswordPage,
  scan: ScanPage,
  shop: ShopPage,
  'sign-in': SignInPage,
  'verify-email': VerifyEmailPage,
  'what-is-on': WhatIsOnPage,
  withdrawal: WithdrawalPage,
};

/** Returns the body of a page as HTML. @param {string} view @param {import('./lib/locale.js').Language} language @param {import('./lib/app.js').PageData} page */
export function renderView(view, language, page) {
  const app = html`<${App} texts=${textsByLanguage[language]} page=${page} View=${views[view]} />`;
  return renderToString(/** @type {import('preact').VNode} */ (app));
}
