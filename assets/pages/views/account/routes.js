// Where the parts of the account are.
import { Addresses } from './addresses.js';
import { Bookings } from './bookings.js';
import { Credits } from './credits.js';
import { Downloads } from './downloads.js';
import { Licenses } from './licenses.js';
import { Orders } from './orders.js';
import { Privacy } from './privacy.js';
import { Profile } from './profile.js';
import { Security } from './security.js';
import { Support } from './support.js';
import { Tickets } from './tickets.js';
import { WaitlistEntries } from './waitlist-entries.js';

export const PARTS = {
  tickets: Tickets,
  bookings: Bookings,
  waitlist: WaitlistEntries,
  orders: Orders,
  downloads: Downloads,
  licenses: Licenses,
  credits: Credits,
  support: Support,
  profile: Profile,
  addresses: Addresses,
  security: Security,
  privacy: Privacy,
};
/** @typedef {keyof typeof PARTS} Part */

/** @type {{ name: 'events' | 'purchases' | 'help' | 'account', parts: Part[] }[]} */
export const GROUPS = [
  { name: 'events', parts: ['tickets', 'bookings', 'waitlist'] },
  { name: 'purchases', parts: ['orders', 'downloads', 'licenses', 'credits'] },
  { name: 'help', parts: ['support'] },
  { name: 'account', parts: ['profile', 'addresses', 'security', 'privacy'] },
];

/** @param {Part} part @param {string | number} [entry] */
export const toPath = (part, entry) =>
  part === 'tickets' ? '/account' : `/account/${part}${entry === undefined ? '' : `/${entry}`}`;

/** @param {string} path @returns {{ part: Part, entry?: string }} */
export function fromPath(path) {
  const [, , part = 'tickets', entry] = path.split('/');
  return { part: /** @type {Part} */ (part), entry };
}
