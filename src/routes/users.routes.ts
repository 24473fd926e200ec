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
    summary: 'My account',
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
    summary: 'Change my account',
    description: 'What is not named stays as it is.',
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
    summary: 'Upload my logo',
    description: 'Shown with my events; the one before is deleted. `DELETE /api/files/{id}` takes it away.',
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
