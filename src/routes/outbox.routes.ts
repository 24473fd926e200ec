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
    summary: 'Messages that failed ten times',
    description:
      'Mail and notifications that could not be delivered, newest first: for whom, about what, and why they failed.',
    access: 'admin',
    query: listParkedQuery,
    status: 200,
    response: parkedMessage,
    list: true,
    errors: [],
    handler: outbox.listParked,
  }),
  // Before the one below, which would take `parked` for an id.
  route({
    method: 'post',
    path: '/admin/messages/parked/retry',
    id: 'retryParkedMessages',
    tag,
    summary: 'Try all parked messages again',
    description: 'Or those of one topic. Each has ten more tries.',
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
    summary: 'Try a parked message again',
    access: 'admin',
    params: messageParams,
    status: 202,
    errors: ['NOT_FOUND'],
    handler: outbox.retry,
  }),
];
