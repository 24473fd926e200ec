/** @typedef {import('#types').SupportTicket} SupportTicket */

/** @type {Record<SupportTicket['status'], 'calm' | 'good' | 'warn' | 'bad'>} */
export const STATUS_TONES = { open: 'warn', pending: 'calm', resolved: 'good', closed: 'calm' };

/** @type {Record<SupportTicket['priority'], 'calm' | 'good' | 'warn' | 'bad'>} */
export const PRIORITY_TONES = { low: 'calm', normal: 'calm', high: 'warn', urgent: 'bad' };

/** Returns whether nobody has answered in time. @param {SupportTicket} ticket */
export const isLate = ({ status, firstResponseDueAt, messages }) =>
  status !== 'closed' && !messages.some(({ author }) => author.isStaff) && Date.parse(firstResponseDueAt) <= Date.now();
