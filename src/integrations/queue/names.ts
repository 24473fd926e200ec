/**
 * `email` is for jobs that send one mail, `sms` for one text message, `notification` for jobs that reach many people,
 * `payments` for money, and `maintenance` for cleanup.
 */
export const QUEUE_NAMES = ['email', 'sms', 'notification', 'payments', 'maintenance'] as const;

export type QueueName = (typeof QUEUE_NAMES)[number];
