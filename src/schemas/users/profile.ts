import { channels, kinds } from '../../lib/notification-preferences';
import type { UpdateProfile } from '../../services/users/accounts';
import {
  Joi,
  outFlag,
  outId,
  outList,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  outTimeOrNull,
  plainName,
  timeZone,
} from '../common.schemas';

const MAX_NAME = 100;

/** A name; an empty one counts as none. */
export const personName = () => plainName(MAX_NAME).allow('', null);

export const phone = () =>
  Joi.string()
    .trim()
    .max(40)
    .pattern(/^\+?[\d ()./-]{3,}$/, 'a phone number, such as +43 1 234567')
    .allow('', null);

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

const toPreferences = (
  names: readonly string[],
  toSchema: () => ReturnType<typeof Joi.boolean> | ReturnType<typeof Joi.object>,
) => Joi.object(Object.fromEntries(names.map((name) => [name, toSchema()])));

/** The language and the time zone that mail is written in. */
export const languageKeys = {
  locale: Joi.string()
    .max(35)
    .custom((value: string, helpers) =>
      isLocale(value) ? value : helpers.message({ custom: '{{#label}} must be a language tag, such as de or en-GB' }),
    )
    .description('The preferred language as a BCP 47 tag'),
  timezone: timeZone().description('The IANA name of the time zone'),
};

export const updateProfileBody = Joi.object<UpdateProfile, true>({
  firstName: personName(),
  lastName: personName(),
  phone: phone(),
  ...languageKeys,
  notificationPreferences: toPreferences(channels, () => toPreferences(kinds, () => Joi.boolean())).description(
    'Only the preferences in the request change. `sms` covers waitlist offers (`waitlist`), cancelled or moved events (`events`) and `reminders`, and needs a `phone` with its country code. `live` controls which `inApp` notifications are pushed to open pages. Mail that is required by law, for a purchase or for safety cannot be turned off; `requiredNotifications` lists it.',
  ),
});

export const userKeys = {
  id: outId(),
  email: outText(),
  firstName: outTextOrNull(),
  lastName: outTextOrNull(),
  phone: outTextOrNull(),
  role: Joi.string().valid('customer', 'organizer', 'admin').required(),
  emailVerified: outFlag(),
  locale: outText(),
  timezone: outText(),
  lastLoginAt: outTimeOrNull(),
  createdAt: outTime(),
};

export const user = outObject(userKeys).meta({ name: 'User' });

const outPreferences = () => outObject(Object.fromEntries(kinds.map((kind) => [kind, outFlag()])));

export const profile = outObject({
  ...userKeys,
  logoUrl: outTextOrNull().description('The URL of an organizer’s logo, which is shown with their events'),
  notificationPreferences: outObject(Object.fromEntries(channels.map((channel) => [channel, outPreferences()]))),
  requiredNotifications: outList(outText()).description('The kinds of mail that are sent regardless of preferences'),
}).meta({ name: 'Profile' });
