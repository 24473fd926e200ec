const ADMIN = ['admin'];
const STAFF = ['organizer', 'admin'];

/** @type {import('../routes.js').Route[]} */
export const storeRoutes = [
  {
    path: '/admin/orders',
    name: 'orders',
    group: 'orders',
    roles: STAFF,
    load: async () => (await import('../orders/order-list.js')).OrderList,
  },
  {
    path: '/admin/to-ship',
    name: 'toShip',
    group: 'orders',
    roles: STAFF,
    waiting: (role) => [role === 'admin' ? '/api/admin/orders' : '/api/organizers/me/orders', { toShip: true }],
    load: async () => (await import('../orders/to-ship.js')).ToShip,
  },
  {
    path: '/admin/orders/:id',
    name: 'orders',
    roles: STAFF,
    load: async () => (await import('../orders/order-page.js')).OrderPage,
  },
  {
    path: '/admin/billing',
    name: 'billing',
    group: 'orders',
    roles: STAFF,
    load: async () => (await import('../billing/billing.js')).Billing,
  },
  {
    path: '/admin/products',
    name: 'products',
    group: 'products',
    roles: STAFF,
    load: async () => (await import('./product-list.js')).ProductList,
  },
  {
    path: '/admin/products/new',
    name: 'products',
    roles: STAFF,
    load: async () => (await import('./new-product.js')).NewProduct,
  },
  {
    path: '/admin/products/:id/:part?',
    name: 'products',
    roles: STAFF,
    load: async () => (await import('./product-page.js')).ProductPage,
  },
  {
    path: '/admin/categories',
    name: 'categories',
    group: 'products',
    roles: ADMIN,
    load: async () => (await import('./categories.js')).Categories,
  },
  {
    path: '/admin/licenses',
    name: 'licenses',
    group: 'products',
    roles: ADMIN,
    load: async () => (await import('../licenses/license-list.js')).LicenseList,
  },
  {
    path: '/admin/shipping-options',
    name: 'shipping',
    group: 'products',
    roles: ADMIN,
    load: async () => (await import('./shipping-options.js')).ShippingOptions,
  },
  {
    path: '/admin/tax-rates',
    name: 'taxRates',
    group: 'products',
    roles: ADMIN,
    load: async () => (await import('./tax-rates.js')).TaxRates,
  },
];
