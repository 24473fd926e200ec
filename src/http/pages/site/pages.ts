import { config } from '../../../config';
import { AppError } from '../../../errors';
import { idParams } from '../../../schemas/common.schemas';
import { validate } from '../../validate';
import { COUNTRIES } from '../../../lib/address';
import { loadEvent } from './event-page';
import type { LoadedPage, PageRequest, SitePage } from './page';
import { loadProduct } from './product-page';
import { loadShop } from './shop';
import { isDeskPath } from './render-page';
import { getManifestUrl } from './scan-app';
import { loadWhatIsOn } from './what-is-on';

const ACCOUNT_PARTS = [
  'tickets',
  'bookings',
  'waitlist',
  'orders',
  'downloads',
  'licenses',
  'credits',
  'support',
  'profile',
  'addresses',
  'security',
  'privacy',
];
const MAX_TOKEN = 500;

const readId = ({ req }: PageRequest): number => validate(idParams(), req.params, { source: 'params' }).id;

const readText = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MAX_TOKEN) : '');

/** A path on this host; browsers read `//host` and `/\host` as another one. */
function readNext({ req }: PageRequest): string {
  const next = typeof req.query.next === 'string' ? req.query.next : '';
  return /^\/(?![/\\])[^\p{Cc}\\]*$/u.test(next) ? next : '/account';
}

function readPart({ req }: PageRequest): string {
  const part = readText(req.params.part) || 'tickets';
  if (!ACCOUNT_PARTS.includes(part)) throw new AppError('NOT_FOUND', 'There is nothing at this path.');
  return part;
}

const readSupportEntry = (request: PageRequest): string =>
  request.req.params.id === 'new' ? 'new' : String(readId(request));

const toPage =
  (name: Exclude<keyof PageRequest['texts'], 'list' | 'store'>, readProps: (request: PageRequest) => object) =>
  (request: PageRequest): LoadedPage => ({
    props: readProps(request),
    head: { title: request.texts[name].title },
  });

/** The browser loads the sections of the desk; the server only knows their paths. */
function assertDeskPath({ req }: PageRequest): object {
  if (!isDeskPath(req.path)) throw new AppError('NOT_FOUND', 'There is nothing at this path.');
  return {};
}

const scanPage: SitePage = {
  paths: ['/scan'],
  view: 'scan',
  readsCodes: true,
  load: ({ texts, language }) => ({
    props: {},
    head: { title: texts.scan.title, manifestUrl: getManifestUrl(language) },
  }),
};

/** Documents the design system; developers need it, customers do not. */
const designPage: SitePage = {
  paths: ['/design'],
  view: 'design',
  load: () => ({ props: {}, head: { title: 'Design system' } }),
};

export const sitePages: SitePage[] = [
  { paths: ['/'], view: 'what-is-on', load: loadWhatIsOn },
  { paths: ['/e/:id'], view: 'event', load: loadEvent },
  { paths: ['/shop'], view: 'shop', load: loadShop },
  { paths: ['/p/:id'], view: 'product', load: loadProduct },
  { paths: ['/cart'], view: 'cart', load: ({ texts }) => ({ props: {}, head: { title: texts.store.cart.title } }) },
  {
    paths: ['/checkout'],
    view: 'checkout',
    load: ({ texts }) => ({ props: { countries: COUNTRIES }, head: { title: texts.store.checkout.title } }),
  },
  {
    paths: ['/orders/:id'],
    view: 'order',
    takesPayments: true,
    load: toPage('order', (request) => ({ orderId: readId(request), payWith: readText(request.req.query.pay) })),
  },
  {
    paths: ['/bookings/:id'],
    view: 'booking',
    load: toPage('booking', (request) => ({ bookingId: readId(request) })),
  },
  {
    paths: ['/b/:token'],
    view: 'booking',
    isSecret: true,
    load: toPage('booking', ({ req }) => ({ token: readText(req.params.token) })),
  },
  {
    paths: ['/orders/:id/withdrawal'],
    view: 'withdrawal',
    load: toPage('withdrawal', (request) => ({ orderId: readId(request) })),
  },
  { paths: ['/account', '/account/:part'], view: 'account', load: toPage('account', (r) => ({ part: readPart(r) })) },
  { paths: ['/admin', '/admin/*section'], view: 'desk', load: toPage('desk', assertDeskPath) },
  scanPage,
  {
    paths: ['/account/support/:id'],
    view: 'account',
    load: toPage('account', (request) => ({ part: 'support', entry: readSupportEntry(request) })),
  },
  { paths: ['/sign-in'], view: 'sign-in', load: toPage('signIn', (request) => ({ next: readNext(request) })) },
  {
    paths: ['/verify-email'],
    view: 'verify-email',
    load: toPage('verifyEmail', ({ req }) => ({ token: readText(req.query.token) })),
  },
  {
    paths: ['/reset-password'],
    view: 'reset-password',
    load: toPage('resetPassword', ({ req }) => ({ token: readText(req.query.token) })),
  },
  ...(config.isProduction ? [] : [designPage]),
];
