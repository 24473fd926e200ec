import type { ListUsers } from '../../services/users/manage-users';
import type { ChangeAccess } from '../../services/users/change-access';
import { Joi, outCount, pagingKeys, sortKeys } from '../common.schemas';
import { userKeys } from './profile';

const role = () => Joi.string().valid('customer', 'organizer', 'admin');
const status = () => Joi.string().valid('active', 'suspended');

export const listUsersQuery = Joi.object<ListUsers, true>({
  ...pagingKeys(),
  search: Joi.string()
    .trim()
    .max(100)
    .empty('')
    .description(
      'The beginning of an email address; or first and last names in any order, the last one perhaps incomplete',
    ),
  role: role(),
  status: status(),
  ...sortKeys(['createdAt', 'email'], 'createdAt'),
});

export const changeUserBody = Joi.object<ChangeAccess, true>({ role: role(), status: status() })
  .min(1)
  .description('Fields that are left out keep their value');

export const adminUser = Joi.object({ ...userKeys, status: status().required() }).meta({ name: 'AdminUser' });

export const adminUserDetail = Joi.object({
  ...userKeys,
  status: status().required(),
  bookings: outCount(),
  events: outCount().description('The number of events they organize'),
  sessions: outCount().description('The number of devices that are signed in'),
}).meta({ name: 'AdminUserDetail' });
