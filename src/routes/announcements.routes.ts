import * as announcements from '../controllers/announcements.controller';
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
    summary: 'Send a message to the attendees of an event',
    description:
      'Sends the message by email and in the app, once to each holder of a valid ticket: the person it was transferred to, otherwise the booker. Delivery is gradual and yields to all other mail; people who have unsubscribed are skipped. The organizer is named above the text, and links are removed for addresses that have not been verified. The limit is 10 messages per event and day. Until an organizer has sold something, at most 50 emails a day go to people without an account; the rest count as skipped.',
    access: 'organizer',
    idempotent: 'stored',
    params: idParams(),
    body: createAnnouncementBody,
    example: { subject: 'Doors open at seven', body: 'Please come early: the cloakroom is small.\n\nSee you there!' },
    status: 202,
    response: announcement,
    errors: ['NOT_FOUND'],
    handler: announcements.send,
  }),
  route({
    method: 'get',
    path: '/events/:id/messages',
    id: 'listEventMessages',
    tag,
    summary: 'List messages to attendees, newest first',
    access: 'organizer',
    params: idParams(),
    query: listAnnouncementsQuery,
    status: 200,
    response: announcement,
    list: true,
    errors: ['NOT_FOUND'],
    handler: announcements.list,
  }),
  route({
    method: 'get',
    path: '/events/:id/messages/:messageId',
    id: 'getEventMessage',
    tag,
    summary: 'Get the progress of a message',
    access: 'organizer',
    params: announcementParams,
    status: 200,
    response: announcement,
    errors: ['NOT_FOUND'],
    handler: announcements.get,
  }),
];
