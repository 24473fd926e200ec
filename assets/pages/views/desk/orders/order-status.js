/** @typedef {'calm' | 'good' | 'warn' | 'bad'} Tone */

/** @type {Record<string, Tone>} */
export const STATUS_TONES = {
  pending: 'warn',
  processing: 'warn',
  paid: 'good',
  cancelled: 'calm',
  expired: 'calm',
  refunded: 'calm',
  partially_refunded: 'calm',
  disputed: 'bad',
};

/** @type {Record<string, Tone>} */
export const FULFILLMENT_TONES = { none: 'calm', unfulfilled: 'warn', partial: 'warn', fulfilled: 'good' };

/** @type {Record<string, Tone>} */
export const REFUND_TONES = { pending: 'warn', succeeded: 'good', failed: 'bad' };

/** @type {Record<string, Tone>} */
export const PAYMENT_TONES = {
  pending: 'warn',
  processing: 'warn',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'calm',
};

/** The list of what a user may see. @param {import('../../../lib/use-session.js').Session} session */
export const getOrdersPath = ({ user }) => (user.role === 'admin' ? '/api/admin/orders' : '/api/organizers/me/orders');
