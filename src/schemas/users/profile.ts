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

/** An empty one is none. */
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

const choices = (of: readonly string[], each: () => ReturnType<typeof Joi.boolean> | ReturnType<typeof Joi.object>) =>
  Joi.object(Object.fromEntries(of.map((name) => [name, each()])));

export const updateProfileBody = Joi.object<UpdateProfile, true>({
  firstName: personName(),
  lastName: personName(),
  phone: phone(),
  locale: Joi.string()
    .max(35)
    .custom((value: string, helpers) =>
      isLocale(value) ? value : helpers.message({ custom: '{{#label}} must be a language tag, such as de or en-GB' }),
    )
    .description('BCP 47 language tag'),
  timezone: timeZone().description('IANA time zone'),
  notificationPreferences: choices(channels, () => choices(kinds, () => Joi.boolean())).description(
    'Only what is named changes. `sms` brings waitlist offers (`waitlist`), events cancelled or moved (`events`) and `reminders`, to a `phone` with its country code; `live` is what is pushed to open pages of what is shown `inApp`. Mail that law, trade or safety require can not be turned off: `requiredNotifications` names it.',
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

const ofChannel = () => outObject(Object.fromEntries(kinds.map((kind) => [kind, outFlag()])));

export const profile = outObject({
  ...userKeys,
  logoUrl: outTextOrNull().description('An organizer’s, shown with its events'),
  notificationPreferences: outObject(Object.fromEntries(channels.map((channel) => [channel, ofChannel()]))),
  requiredNotifications: outList(outText()).description('Mail of these kinds comes whatever the preferences say'),
}).meta({ name: 'Profile' });
