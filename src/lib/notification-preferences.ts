export const channels = ['email', 'inApp', 'sms', 'live'] as const;
export const kinds = ['bookings', 'events', 'waitlist', 'reminders', 'messages', 'support'] as const;

/** Mail that is sent regardless of preferences, because the law, a purchase or the safety of the account requires it. */
export const requiredMailKinds = [
  'booking.confirmed',
  'booking.cancelled',
  'event.cancelled',
  'ticket.transferred',
  'ticket.issued',
  'ticket.void',
  'order.paid',
  'order.fulfilled',
  'order.withdrawn',
  'license.issued',
  'payment.failed',
  'refund.sent',
  'support.reply',
  'user.verification',
  'user.password_reset',
] as const;

export function isRequiredMail(kind: string): boolean {
  return requiredMailKinds.some((required) => required === kind);
}

export type Channel = (typeof channels)[number];
/** The subject of a notification; `messages` are those from organizers, and `support` is what concerns support tickets. */
export type Kind = (typeof kinds)[number];

export type NotificationPreferences = Record<Channel, Record<Kind, boolean>>;
/** The preferences that the user has set; the rest have their defaults. */
export type StoredPreferences = { [C in Channel]?: { [K in Kind]?: boolean } };

const DEFAULTS: Record<Channel, boolean> = { email: true, inApp: true, sms: false, live: true };

export function wantsNotification(stored: StoredPreferences, channel: Channel, kind: Kind): boolean {
  return stored[channel]?.[kind] ?? DEFAULTS[channel];
}

/** Returns all preferences, with defaults for those that are not set. */
export function completePreferences(stored: StoredPreferences): NotificationPreferences {
  const completeChannel = (channel: Channel) =>
    Object.fromEntries(kinds.map((kind) => [kind, wantsNotification(stored, channel, kind)]));
  return Object.fromEntries(channels.map((channel) => [channel, completeChannel(channel)])) as NotificationPreferences;
}

/** Merges new preferences into the stored ones. */
export function mergePreferences(stored: StoredPreferences, chosen: StoredPreferences): StoredPreferences {
  return Object.fromEntries(channels.map((channel) => [channel, { ...stored[channel], ...chosen[channel] }]));
}
