import * as users from '../controllers/users.controller';
import { route } from '../http/route';
import { profile, updateProfileBody } from '../schemas/users.schemas';

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
];
