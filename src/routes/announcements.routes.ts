import * as eventMessages from '../controllers/announcements.controller';
import { route } from '../http/route';
import { idParams } from '../schemas/common.schemas';
import {
  announcement,
  announcementParams,
  listAnnouncementsQuery,
  createAnnouncementBody,
} from '../schemas/announcements.schemas';

const tag = 'Events';

export const announcementsRoutes = [
  route({
    method: 'post',
    path: '/events/:id/message',
    id: 'sendEventMessage',
    careful: true,
    tag,
    summary: 'Write to everybody who comes',
    description:
      'By mail and in the app, once to each holder of a ticket that counts: who it was passed on to, else who booked it. Sent bit by bit, behind all other mail; those who have unsubscribed are left out. The organizer is named above the text; to an address that nobody has verified it goes without links. At most 10 a day and event. Until an organizer has sold something, at most 50 mails a day go to people without an account; the rest counts as skipped.',
    access: 'organizer',
    idempotent: 'stored',
    params: idParams(),
    body: createAnnouncementBody,
    example: { subject: 'Doors open at seven', body: 'Please come early: the cloakroom is small.\n\nSee you there!' },
    status: 202,
    response: announcement,
    errors: ['NOT_FOUND'],
    handler: eventMessages.send,
  }),
  route({
    method: 'get',
    path: '/events/:id/messages',
    id: 'listEventMessages',
    tag,
    summary: 'What was written to those who come, newest first',
    access: 'organizer',
    params: idParams(),
    query: listAnnouncementsQuery,
    status: 200,
    response: announcement,
    list: true,
    errors: ['NOT_FOUND'],
    handler: eventMessages.list,
  }),
  route({
    method: 'get',
    path: '/events/:id/messages/:messageId',
    id: 'getEventMessage',
    tag,
    summary: 'How far a message has got',
    access: 'organizer',
    params: announcementParams,
    status: 200,
    response: announcement,
    errors: ['NOT_FOUND'],
    handler: eventMessages.get,
  }),
];
