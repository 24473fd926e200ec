import type { ListUsers } from '../../services/users/manage-users';
import type { ChangeAccess } from '../../services/users/change-access';
import { Joi, outCount, pagingKeys, sortKeys } from '../common.schemas';
import { userKeys } from './profile';

const role = () => Joi.string().valid('customer', 'organizer', 'admin');
const status = () => Joi.string().valid('active', 'suspended');

export const listUsersQuery = Joi.object<ListUsers, true>({
  ...pagingKeys(),
  search: Joi.string().trim().max(100).empty('').description('How an email address, a first or a last name begins'),
  role: role(),
  status: status(),
  ...sortKeys(['createdAt', 'email'], 'createdAt'),
});

export const changeUserBody = Joi.object<ChangeAccess, true>({ role: role(), status: status() })
  .min(1)
  .description('What is not named stays as it is');

export const adminUser = Joi.object({ ...userKeys, status: status().required() }).meta({ name: 'AdminUser' });

export const adminUserDetail = Joi.object({
  ...userKeys,
  status: status().required(),
  bookings: outCount(),
  events: outCount().description('Of which they are the organizer'),
  sessions: outCount().description('Devices that are signed in'),
}).meta({ name: 'AdminUserDetail' });
