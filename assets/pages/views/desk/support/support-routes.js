const STAFF = ['organizer', 'admin'];

/** @type {import('../routes.js').Route[]} */
export const supportRoutes = [
  {
    path: '/admin/support',
    name: 'support',
    group: 'support',
    roles: STAFF,
    waiting: () => ['/api/support/queue', { status: 'open' }],
    load: async () => (await import('./support-queue.js')).SupportQueue,
  },
  {
    path: '/admin/support/:id',
    name: 'support',
    roles: STAFF,
    load: async () => (await import('./support-ticket.js')).SupportTicketPage,
  },
  {
    path: '/admin/support-replies',
    name: 'replies',
    group: 'support',
    roles: STAFF,
    load: async () => (await import('./canned-replies.js')).CannedReplies,
  },
];
