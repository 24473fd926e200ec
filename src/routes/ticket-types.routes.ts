import * as ticketTypes from '../controllers/ticket-types.controller';
import { route } from '../http/route';
import { idParams } from '../schemas/common.schemas';
import {
  createTicketTypeBody,
  listTicketTypesQuery,
  ticketType,
  ticketTypeParams,
  updateTicketTypeBody,
} from '../schemas/ticket-types.schemas';

const tag = 'Ticket types';

export const ticketTypesRoutes = [
  route({
    method: 'get',
    path: '/events/:id/ticket-types',
    id: 'listTicketTypes',
    tag,
    summary: 'List the ticket types of an event',
    access: 'public',
    params: idParams(),
    query: listTicketTypesQuery,
    status: 200,
    response: ticketType,
    list: true,
    errors: ['NOT_FOUND'],
    handler: ticketTypes.list,
  }),
  route({
    method: 'post',
    path: '/events/:id/ticket-types',
    id: 'createTicketType',
    tag,
    summary: 'Offer one more ticket type',
    description: 'Quantities may add up to more than the event’s `totalTickets`: both limits bind.',
    access: 'organizer',
    idempotent: 'stored',
    params: idParams(),
    body: createTicketTypeBody,
    example: { name: 'Balcony', price: '40.00', quantity: 50, maxPerBooking: 4 },
    status: 201,
    response: ticketType,
    errors: ['NOT_FOUND', 'EVENT_CLOSED'],
    handler: ticketTypes.create,
  }),
  route({
    method: 'put',
    path: '/events/:id/ticket-types/:ticketTypeId',
    id: 'updateTicketType',
    tag,
    summary: 'Change a ticket type',
    description:
      'Any subset of the fields. A price or quantity of its own ends that "General admission" follows the event’s. What is booked keeps its price. The quantity of a type with numbered seats follows from those.',
    access: 'organizer',
    params: ticketTypeParams,
    body: updateTicketTypeBody,
    example: { maxPerBooking: 6 },
    status: 200,
    response: ticketType,
    errors: ['NOT_FOUND', 'EVENT_CLOSED', 'CAPACITY_BELOW_BOOKED'],
    handler: ticketTypes.update,
  }),
  route({
    method: 'delete',
    path: '/events/:id/ticket-types/:ticketTypeId',
    id: 'deleteTicketType',
    tag,
    summary: 'Withdraw a ticket type',
    description: 'Not while tickets of it are booked or held, and not the last one.',
    access: 'organizer',
    params: ticketTypeParams,
    status: 204,
    errors: ['NOT_FOUND', 'EVENT_CLOSED', 'EVENT_HAS_BOOKINGS'],
    handler: ticketTypes.remove,
  }),
];
