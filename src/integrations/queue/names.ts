/**
 * `email` is for what ends with one mail, `sms` with one text message, `notification` for what reaches many people at once,
 * `payments` for money, `maintenance` for tidying up.
 */
export const QUEUE_NAMES = ['email', 'sms', 'notification', 'payments', 'maintenance'] as const;

export type QueueName = (typeof QUEUE_NAMES)[number];
