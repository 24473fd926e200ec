import * as users from '../controllers/users.controller';
import { route } from '../http/route';
import { profile, updateProfileBody } from '../schemas/users/profile';

const tag = 'Auth';

export const usersRoutes = [
  route({
    method: 'get',
    path: '/auth/profile',
    id: 'getProfile',
    tag,
    summary: 'Get your profile',
    access: 'user',
    status: 200,
    response: profile,
    errors: [],
    handler: users.getProfile,
  }),
  route({
    method: 'put',
    path: '/auth/profile',
    id: 'updateProfile',
    tag,
    summary: 'Update your profile',
    description: 'Fields that are left out keep their value.',
    access: 'user',
    body: updateProfileBody,
    example: { firstName: 'Ada', timezone: 'Europe/Vienna', notificationPreferences: { email: { reminders: false } } },
    status: 200,
    response: profile,
    errors: [],
    handler: users.updateProfile,
  }),
  route({
    method: 'post',
    path: '/users/me/logo',
    id: 'replaceLogo',
    tag: 'Files',
    summary: 'Upload your logo',
    description:
      'The logo is shown with your events and replaces the previous one, which is deleted. `DELETE /api/files/{id}` removes it.',
    access: 'organizer',
    rateLimit: 'uploads',
    idempotent: 'stored',
    upload: { description: 'A JPEG, PNG or WebP image of at most 10 MB' },
    status: 200,
    response: profile,
    errors: [],
    handler: users.replaceLogo,
  }),
];
