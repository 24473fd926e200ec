export const channels = ['email', 'inApp', 'sms'] as const;
export const kinds = ['bookings', 'events', 'waitlist', 'reminders'] as const;

export type Channel = (typeof channels)[number];
/** What a notification is about. Mail about the account itself (verification, password) can't be turned off. */
export type Kind = (typeof kinds)[number];

export type NotificationPreferences = Record<Channel, Record<Kind, boolean>>;
/** Only what the user has chosen; the rest follows the defaults. */
export type StoredPreferences = { [C in Channel]?: { [K in Kind]?: boolean } };

const DEFAULTS: Record<Channel, boolean> = { email: true, inApp: true, sms: false };

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
