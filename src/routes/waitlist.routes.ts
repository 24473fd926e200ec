import * as waitlist from '../controllers/waitlist.controller';
import { route } from '../http/route';
import { eventIdParams, joinWaitlistBody, listWaitlistQuery, waitlistEntry } from '../schemas/waitlist.schemas';

const tag = 'Waitlist';

export const waitlistRoutes = [
  route({
    method: 'post',
    path: '/waitlist/join',
    id: 'joinWaitlist',
    tag,
    summary: 'Wait in line for a sold-out event',
    description:
      'Freed tickets are offered in order of joining to those whose number fits. An offer holds its tickets until `offerExpiresAt`; it is claimed by booking.',
    access: 'user',
    rateLimit: 'bookings',
    idempotent: 'inventory',
    body: joinWaitlistBody,
    example: { eventId: 3, ticketsCount: 2 },
    status: 201,
    location: '/waitlist/:eventId',
    response: waitlistEntry,
    errors: ['NOT_FOUND', 'EVENT_NOT_BOOKABLE', 'DUPLICATE_BOOKING', 'ALREADY_ON_WAITLIST', 'TICKETS_AVAILABLE'],
    handler: waitlist.join,
  }),
  route({
    method: 'get',
    path: '/waitlist',
    id: 'listWaitlistEntries',
    tag,
    summary: 'My places in line, newest first',
    access: 'user',
    query: listWaitlistQuery,
    status: 200,
    response: waitlistEntry,
    list: true,
    errors: [],
    handler: waitlist.list,
  }),
  route({
    method: 'get',
    path: '/waitlist/:eventId',
    id: 'getWaitlistEntry',
    tag,
    summary: 'Show my latest place in line for an event',
    access: 'user',
    params: eventIdParams,
    status: 200,
    response: waitlistEntry,
    errors: ['NOT_FOUND'],
    handler: waitlist.get,
  }),
  route({
    method: 'delete',
    path: '/waitlist/:eventId',
    id: 'leaveWaitlist',
    tag,
    summary: 'Leave the line of an event',
    description: 'An offer that is given up goes to the next in line.',
    access: 'user',
    params: eventIdParams,
    status: 204,
    errors: ['NOT_FOUND'],
    handler: waitlist.leave,
  }),
];
