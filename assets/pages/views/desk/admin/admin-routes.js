const ADMIN = ['admin'];

/** What only admins see. @type {import('../routes.js').Route[]} */
export const adminRoutes = [
  {
    path: '/admin/search',
    name: 'search',
    group: 'overview',
    roles: ADMIN,
    load: async () => (await import('./search.js')).Search,
  },
  {
    path: '/admin/bookings',
    name: 'bookings',
    group: 'orders',
    roles: ADMIN,
    load: async () => (await import('../bookings/booking-list.js')).BookingList,
  },
  {
    path: '/admin/bookings/:id',
    name: 'bookings',
    roles: ADMIN,
    load: async () => (await import('../bookings/booking-page.js')).BookingPage,
  },
  {
    path: '/admin/payments',
    name: 'payments',
    group: 'orders',
    roles: ADMIN,
    waiting: () => ['/api/admin/payments/problems', {}],
    load: async () => (await import('./payment-problems.js')).PaymentProblems,
  },
  {
    path: '/admin/users/:id/:part?',
    name: 'users',
    roles: ADMIN,
    load: async () => (await import('../users/user-page.js')).UserPage,
  },
  {
    path: '/admin/audit-log',
    name: 'auditLog',
    group: 'system',
    roles: ADMIN,
    load: async () => (await import('./audit-log.js')).AuditLogPage,
  },
];
