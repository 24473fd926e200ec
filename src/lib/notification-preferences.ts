export const channels = ['email', 'inApp', 'sms', 'live'] as const;
export const kinds = ['bookings', 'events', 'waitlist', 'reminders', 'messages'] as const;

/** Mail that comes whatever the preferences say: what law and trade require, and what keeps the account safe. */
export const requiredMailKinds = [
  'booking.confirmed',
  'booking.cancelled',
  'event.cancelled',
  'ticket.transferred',
  'ticket.issued',
  'ticket.void',
  'payment.failed',
  'refund.sent',
  'user.verification',
  'user.password_reset',
] as const;

export function isRequiredMail(kind: string): boolean {
  return requiredMailKinds.some((required) => required === kind);
}

export type Channel = (typeof channels)[number];
/** What a notification is about: `messages` are those of organizers. */
export type Kind = (typeof kinds)[number];

export type NotificationPreferences = Record<Channel, Record<Kind, boolean>>;
/** Only what the user has chosen; the rest follows the defaults. */
export type StoredPreferences = { [C in Channel]?: { [K in Kind]?: boolean } };

const DEFAULTS: Record<Channel, boolean> = { email: true, inApp: true, sms: false, live: true };

export function wantsNotification(stored: StoredPreferences, channel: Channel, kind: Kind): boolean {
  return stored[channel]?.[kind] ?? DEFAULTS[channel];
}

/** Every channel and kind there is, as chosen or by default. */
export function completePreferences(stored: StoredPreferences): NotificationPreferences {
  const ofChannel = (channel: Channel) =>
    Object.fromEntries(kinds.map((kind) => [kind, wantsNotification(stored, channel, kind)]));
  return Object.fromEntries(channels.map((channel) => [channel, ofChannel(channel)])) as NotificationPreferences;
}

/** Later choices over earlier ones. */
export function mergePreferences(stored: StoredPreferences, chosen: StoredPreferences): StoredPreferences {
  return Object.fromEntries(channels.map((channel) => [channel, { ...stored[channel], ...chosen[channel] }]));
}
