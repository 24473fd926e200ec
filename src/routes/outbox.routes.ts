import * as outbox from '../controllers/outbox.controller';
import { route } from '../http/route';
import {
  listParkedQuery,
  messageParams,
  parkedMessage,
  retriedCount,
  retryParkedBody,
} from '../schemas/outbox.schemas';

const tag = 'Admin';

export const outboxRoutes = [
  route({
    method: 'get',
    path: '/admin/messages/parked',
    id: 'listParkedMessages',
    tag,
    summary: 'List messages that failed ten times',
    description:
      'Lists mail and notifications that could not be delivered, newest first, with their recipient, their subject and the last error.',
    access: 'admin',
    query: listParkedQuery,
    status: 200,
    response: parkedMessage,
    list: true,
    errors: [],
    handler: outbox.listParked,
  }),
  // Must precede the route below, which would read `parked` as an id.
  route({
    method: 'post',
    path: '/admin/messages/parked/retry',
    id: 'retryParkedMessages',
    tag,
    summary: 'Retry all parked messages',
    description: 'Can be limited to one topic. Each message gets ten more attempts.',
    access: 'admin',
    body: retryParkedBody,
    example: {},
    status: 202,
    response: retriedCount,
    errors: [],
    handler: outbox.retryAll,
  }),
  route({
    method: 'post',
    path: '/admin/messages/:id/retry',
    id: 'retryMessage',
    tag,
    summary: 'Retry a parked message',
    access: 'admin',
    params: messageParams,
    status: 202,
    errors: ['NOT_FOUND'],
    handler: outbox.retry,
  }),
];
