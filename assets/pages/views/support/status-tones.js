/** @type {Record<string, 'good' | 'warn' | 'calm'>} */
export const STATUS_TONES = { open: 'warn', pending: 'warn', resolved: 'good', closed: 'calm' };
