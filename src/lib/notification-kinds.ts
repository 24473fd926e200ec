/** The kinds of notifications in the app. */
export const notificationKinds = [
  'booking.confirmed',
  'booking.cancelled',
  'booking.expired',
  'booking.reminder',
  'credits.granted',
  'credits.expiring',
  'event.cancelled',
  'event.message',
  'event.updated',
  'order.paid',
  'order.expired',
  'order.fulfilled',
  'order.withdrawn',
  'order.withdrawal_received',
  'license.issued',
  'payment.failed',
  'refund.sent',
  'support.message',
  'support.overdue',
  'support.reply',
  'support.resolved',
  'ticket.issued',
  'ticket.void',
  'waitlist.offered',
  'waitlist.expired',
  'waitlist.closed',
] as const;

export type NotificationKind = (typeof notificationKinds)[number];

/** Topics of messages that may be sent by SMS, too. */
export const smsTopics = ['waitlist.offered', 'event.cancelled', 'booking.rescheduled', 'booking.reminder'] as const;
export type SmsTopic = (typeof smsTopics)[number];
