import { adminRoutes } from './admin/admin-routes.js';
import { storeRoutes } from './store/store-routes.js';
import { supportRoutes } from './support/support-routes.js';

// The sections of the desk. A route with a `group` is in the navigation; the others are pages below one that is.

/** @typedef {'overview' | 'events' | 'orders' | 'products' | 'support' | 'messages' | 'people' | 'system'} Group */

/**
 * @typedef {object} Route
 * @property {string} path `:name` is a parameter, and `:name?` one that may be missing
 * @property {keyof import('../../lib/locale.js').Texts['desk']['sections']} name of its text, and of its entry in the navigation
 * @property {Group} [group]
 * @property {string[]} roles who may see it
 * @property {() => Promise<any>} load imports its component, which gets `params` and `session`
 * @property {(role: string) => [path: string, query: Record<string, unknown>]} [waiting] the list of what waits there, whose total is shown in the navigation
 */

const STAFF = ['organizer', 'admin'];
const ADMIN = ['admin'];

/** @type {Group[]} */
export const GROUPS = ['overview', 'events', 'orders', 'products', 'support', 'messages', 'people', 'system'];

/** @type {Route[]} */
export const routes = [
  ...storeRoutes,
  ...supportRoutes,
  {
    path: '/admin',
    name: 'overview',
    group: 'overview',
    roles: STAFF,
    load: async () => (await import('./overview/overview.js')).Overview,
  },
  {
    path: '/admin/events',
    name: 'events',
    group: 'events',
    roles: STAFF,
    load: async () => (await import('./events/event-list.js')).EventList,
  },
  {
    path: '/admin/events/new',
    name: 'events',
    roles: STAFF,
    load: async () => (await import('./event/new-event.js')).NewEvent,
  },
  {
    path: '/admin/events/:id/:part?',
    name: 'events',
    roles: STAFF,
    load: async () => (await import('./event/event-page.js')).EventPage,
  },
  {
    path: '/admin/messages',
    name: 'messages',
    group: 'messages',
    roles: ADMIN,
    waiting: () => ['/api/admin/messages/parked', {}],
    load: async () => (await import('./messages/parked-messages.js')).ParkedMessages,
  },
  {
    path: '/admin/users',
    name: 'users',
    group: 'people',
    roles: ADMIN,
    load: async () => (await import('./users/user-list.js')).UserList,
  },
  ...adminRoutes,
  {
    path: '/admin/health',
    name: 'health',
    group: 'system',
    roles: ADMIN,
    load: async () => (await import('./health/health.js')).Health,
  },
];

/** @param {string} pattern @returns {RegExp} with a group for each parameter */
const toRegExp = (pattern) =>
  new RegExp(`^${pattern.replaceAll(/\/:(\w+)\?/g, '(?:/(?<$1>[^/]+))?').replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`);

const matchers = routes.map((route) => ({ route, expression: toRegExp(route.path) }));

/** Finds the route of a path and its parameters. @param {string} path */
export function findRoute(path) {
  for (const { route, expression } of matchers) {
    const found = expression.exec(path);
    if (found) return { route, params: /** @type {Record<string, string>} */ ({ ...found.groups }) };
  }
  return undefined;
}
