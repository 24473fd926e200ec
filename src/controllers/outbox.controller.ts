import { Reply, type RouteRequest } from '../http/route';
import { listParkedMessages, retryMessage, retryParkedMessages } from '../services/outbox/parked-messages';

export function listParked({ query }: RouteRequest<'admin', unknown, { page: number; limit: number; topic?: string }>) {
  return listParkedMessages(query);
}

export async function retry({ actor, params }: RouteRequest<'admin', { id: number }>) {
  await retryMessage(actor, params.id);
  return new Reply(null, { message: 'The message will be retried.' });
}

export async function retryAll({ actor, body }: RouteRequest<'admin', unknown, unknown, { topic?: string }>) {
  const count = await retryParkedMessages(actor, body.topic);
  return new Reply({ count }, { message: 'The messages will be retried.' });
}
