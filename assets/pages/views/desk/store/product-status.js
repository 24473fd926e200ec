/** @type {Record<import('#types').Product['status'], 'calm' | 'good' | 'warn'>} */
export const STATUS_TONES = { draft: 'warn', active: 'good', archived: 'calm' };
