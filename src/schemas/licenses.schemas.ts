import type { ActivateDevice } from '../services/licenses/activate-devices';
import type { GrantLicense, ListAllLicenses, ListLicenses } from '../services/licenses/manage-licenses';
import {
  INT4_MAX,
  Joi,
  id,
  outCount,
  outCountOrNull,
  outFlag,
  outId,
  outIdOrNull,
  outList,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  outTimeOrNull,
  pagingKeys,
  plainName,
  time,
} from './common.schemas';

const LICENSE_STATUSES = ['active', 'suspended', 'revoked', 'expired'];
const MAX_KEY_LENGTH = 64;
const EXAMPLE_KEY = 'BLTN-7K3QX-0M9DZ-W4T2V-H8RCN-5PJEB';

const status = () => Joi.string().valid(...LICENSE_STATUSES);
const key = () =>
  Joi.string()
    .trim()
    .max(MAX_KEY_LENGTH)
    .description('A license key; case, spaces and hyphens do not matter')
    .example(EXAMPLE_KEY);
const fingerprint = () =>
  Joi.string()
    .min(16)
    .max(128)
    .pattern(/^[\x20-\x7e]+$/, 'printable ASCII characters only')
    .description(
      'What identifies the device: 16 to 128 printable ASCII characters that the program chooses, such as a hash',
    );

const listKeys = { ...pagingKeys(), status: status(), productId: id() };

export const listLicensesQuery = Joi.object<ListLicenses, true>(listKeys);

export const listAllLicensesQuery = Joi.object<ListAllLicenses, true>({
  ...listKeys,
  userId: id(),
  orderId: id(),
  key: key().empty('').description('A license key, to find its license'),
});

const maxActivations = () => Joi.number().integer().min(1).max(INT4_MAX).allow(null);
const expiresAt = () => time().allow(null);

export const grantLicenseBody = Joi.object<GrantLicense, true>({
  userId: id().required(),
  productId: id().required(),
  maxActivations: maxActivations().description('Null: any number of devices'),
  expiresAt: expiresAt().description('Null: never'),
  offlineDays: Joi.number().integer().min(0).max(3650),
  entitlements: Joi.array().items(plainName(100)).max(50),
  reason: plainName(500).allow(null),
}).description('What is left out is as the product’s license policy says.');

export const updateLicenseBody = Joi.object<
  { status?: 'active' | 'suspended' | 'revoked'; maxActivations?: number | null; expiresAt?: Date | null },
  true
>({
  status: Joi.string().valid('active', 'suspended', 'revoked'),
  maxActivations: maxActivations(),
  expiresAt: expiresAt().description('When it ends; null: never'),
}).min(1);

const licenseKeys = {
  id: outId(),
  key: outTextOrNull().description('Null to everybody but its owner and whoever sent it'),
  productId: outId(),
  product: outObject({ id: outId(), name: outText() }),
  orderId: outIdOrNull().description('Null: given by an admin'),
  status: status().required(),
  maxActivations: outCountOrNull().description('Null: any number of devices'),
  activationsCount: outCount(),
  expiresAt: outTimeOrNull().description('When it ends; null: never'),
  offlineDays: outCount(),
  entitlements: outList(outText()),
  createdAt: outTime(),
};

export const license = Joi.object(licenseKeys).meta({ name: 'License' });

export const adminLicense = Joi.object({ ...licenseKeys, userId: outId() }).meta({ name: 'AdminLicense' });

export const activation = Joi.object({
  id: outId(),
  fingerprint: outText(),
  name: outTextOrNull(),
  platform: outTextOrNull(),
  createdAt: outTime(),
  lastSeenAt: outTime(),
}).meta({ name: 'Activation' });

export const activateBody = Joi.object<ActivateDevice, true>({
  key: key().required(),
  fingerprint: fingerprint().required(),
  name: plainName(100).allow(null).description('What its user calls the device'),
  platform: plainName(50).allow(null),
});

export const activated = Joi.object({
  activation: activation.required(),
  license: license.required(),
  certificate: outTextOrNull().description(
    'A JSON Web Token signed with EdDSA, which proves without a connection that the license is active on this device; see **GET /api/license-keys**. It ends after `offlineDays`, or with the license. Null if `offlineDays` is 0',
  ),
}).meta({ name: 'Activated' });

export const verifyBody = Joi.object<{ key: string; fingerprint?: string }, true>({
  key: key().required(),
  fingerprint: fingerprint(),
});

export const verification = Joi.object({
  valid: outFlag(),
  code: Joi.string().valid('VALID', 'NOT_FOUND', 'EXPIRED', 'SUSPENDED', 'REVOKED', 'NOT_ACTIVATED').required(),
  license: license.optional(),
}).meta({ name: 'Verification' });

export const deactivateBody = Joi.object<{ key: string; fingerprint: string }, true>({
  key: key().required(),
  fingerprint: fingerprint().required(),
});

export const EXAMPLE_DEVICE = {
  key: EXAMPLE_KEY,
  fingerprint: '2f5c1b0d9e4a4c6f8b7a1d3e5f607182',
  name: 'Studio laptop',
  platform: 'linux-x64',
};
