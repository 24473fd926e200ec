import * as unsubscribe from '../controllers/unsubscribe.controller';
import { route } from '../http/route';
import { unsubscribeBody, unsubscribeParams } from '../schemas/unsubscribe.schemas';

const tag = 'Notifications';

export const unsubscribeRoutes = [
  route({
    method: 'get',
    path: '/unsubscribe/:token',
    id: 'showUnsubscribe',
    tag,
    summary: 'Show the unsubscribe page',
    description: 'Serves the page that the link in an email leads to. Opening it changes nothing.',
    access: 'public',
    params: unsubscribeParams,
    status: 200,
    stream: 'text/html',
    errors: ['NOT_FOUND'],
    handler: unsubscribe.show,
  }),
  route({
    method: 'post',
    path: '/unsubscribe/:token',
    id: 'unsubscribe',
    tag,
    summary: 'Unsubscribe from email',
    description:
      'Called by the unsubscribe page, or by a mail program with one click (RFC 8058). You need not be signed in.',
    access: 'public',
    params: unsubscribeParams,
    body: unsubscribeBody,
    multipart: true,
    example: { 'List-Unsubscribe': 'One-Click' },
    status: 200,
    stream: 'text/html',
    errors: ['NOT_FOUND'],
    handler: unsubscribe.end,
  }),
];
