import { Reply, type RouteRequest } from '../http/route';
import { listParkedMessages, retryMessage } from '../services/outbox.parked.service';

export function listParked({ query }: RouteRequest<'admin', unknown, { page: number; limit: number }>) {
  return listParkedMessages(query);
}

export async function retry({ actor, params }: RouteRequest<'admin', { id: number }>) {
  await retryMessage(actor, params.id);
  return new Reply(null, { message: 'The message is handled again.' });
}
