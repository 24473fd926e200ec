import type { RouteRequest } from '../http/route';
import { listTicketTypes, type TicketTypeInput } from '../services/ticket-types/offer-ticket-types';
import {
  createTicketType,
  deleteTicketType,
  getTicketType,
  sortTicketTypes,
  updateTicketType,
} from '../services/ticket-types/update-ticket-types';

interface Id {
  id: number;
}

interface Ids extends Id {
  ticketTypeId: number;
}

export function list({ actor, params, query }: RouteRequest<'public', Id, { page: number; limit: number }>) {
  return listTicketTypes(actor, { ...query, eventId: params.id });
}

export function get({ actor, params }: RouteRequest<'public', Ids>) {
  return getTicketType(actor, { eventId: params.id, ticketTypeId: params.ticketTypeId });
}

export function create({ actor, params, body }: RouteRequest<'organizer', Id, unknown, TicketTypeInput>) {
  return createTicketType(actor, { ...body, eventId: params.id });
}

export function update({ actor, params, body }: RouteRequest<'organizer', Ids, unknown, Partial<TicketTypeInput>>) {
  return updateTicketType(actor, { eventId: params.id, ticketTypeId: params.ticketTypeId, changes: body });
}

export function sort({ actor, params, body }: RouteRequest<'organizer', Id, unknown, { ticketTypeIds: number[] }>) {
  return sortTicketTypes(actor, { ...body, eventId: params.id });
}

export async function remove({ actor, params }: RouteRequest<'organizer', Ids>) {
  await deleteTicketType(actor, { eventId: params.id, ticketTypeId: params.ticketTypeId });
}
