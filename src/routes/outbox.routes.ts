import * as outbox from '../controllers/outbox.controller';
import { route } from '../http/route';
import { listParkedQuery, messageParams, parkedMessage } from '../schemas/outbox.schemas';

const tag = 'Admin';

export const outboxRoutes = [
  route({
    method: 'get',
    path: '/admin/messages/parked',
    id: 'listParkedMessages',
    tag,
    summary: 'Messages that failed ten times',
    description: 'Mail and notifications that could not be delivered, newest first, with why.',
    access: 'admin',
    query: listParkedQuery,
    status: 200,
    response: parkedMessage,
    list: true,
    errors: [],
    handler: outbox.listParked,
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
