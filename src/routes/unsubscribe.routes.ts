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
    summary: 'Ask whether to unsubscribe',
    description: 'The page behind the link in a mail. It changes nothing by being opened.',
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
    summary: 'Unsubscribe',
    description: 'From the page, or by the mail program with one click (RFC 8058). Works signed out.',
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
