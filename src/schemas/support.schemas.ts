import { SUPPORT_PRIORITIES, SUPPORT_STATUSES } from '../lib/statuses';
import { removeUnseen } from '../lib/text/names';
import type { ReplyValues } from '../models/support/support-replies';
import type { ListSupportQueue, UpdateSupportTicket } from '../services/support/manage-support-tickets';
import type { ListSupportTickets, OpenSupportTicket } from '../services/support/open-support-ticket';
import type { RateSupportTicket } from '../services/support/write-support-message';
import {
  id,
  Joi,
  outCount,
  outFlag,
  outId,
  outIdOrNull,
  outList,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  outTimeOrNull,
  pagingKeys,
  plainLine,
} from './common.schemas';
import { file } from './files.schemas';

const MAX_SUBJECT = 200;
const MAX_MESSAGE = 10_000;
const MAX_FILES = 5;
const MAX_TAGS = 20;

/** Text as it was typed, without invisible characters; never taken for HTML. */
const plainText = (max: number) =>
  Joi.string()
    .trim()
    .min(1)
    .max(max)
    .custom((value: string, helpers) => {
      const text = value
        .split(/\r?\n/)
        .map((line) => removeUnseen(line))
        .join('\n')
        .trim();
      return text === '' ? helpers.error('string.empty') : text;
    })
    .description('Plain text; blank lines separate paragraphs');

const message = () => plainText(MAX_MESSAGE);
const fileIds = () =>
  Joi.array().items(id()).max(MAX_FILES).unique().default([]).description('Files that you have uploaded to /api/files');
const category = () => plainLine(50).min(1).allow(null);
const status = () => Joi.string().valid(...SUPPORT_STATUSES);
const priority = () => Joi.string().valid(...SUPPORT_PRIORITIES);

export const openSupportTicketBody = Joi.object<OpenSupportTicket, true>({
  subject: plainText(MAX_SUBJECT)
    .pattern(/^[^\n]*$/, 'a single line')
    .required()
    .description('One line of plain text'),
  message: message().required(),
  category: category().default(null),
  orderId: id().description('One of your orders'),
  bookingId: id().description('One of your bookings'),
  eventId: id().description('An event'),
  licenseId: id().description('One of your licenses'),
  fileIds: fileIds(),
})
  .oxor('orderId', 'bookingId', 'eventId', 'licenseId')
  .description('At most one of `orderId`, `bookingId`, `eventId` and `licenseId` says what it is about');

export interface SupportMessageBody {
  message: string;
  fileIds: number[];
}

export const supportMessageBody = Joi.object<SupportMessageBody, true>({
  message: message().required(),
  fileIds: fileIds(),
});

export const ratingBody = Joi.object<RateSupportTicket, true>({
  score: Joi.number().integer().min(1).max(5).required().description('From 1, bad, to 5, good'),
  comment: plainText(2000).allow(null).default(null),
});

export const listSupportTicketsQuery = Joi.object<ListSupportTickets, true>({ ...pagingKeys(), status: status() });

export const listSupportQueueQuery = Joi.object<ListSupportQueue, true>({
  ...pagingKeys(),
  status: status().description('Defaults to all but closed ones, or to all with `search`'),
  priority: priority(),
  assigneeId: id(),
  category: Joi.string().trim().max(50).empty(''),
  overdue: Joi.boolean().description('`true` for those whose first response is late; `false` for all others'),
  search: Joi.string()
    .trim()
    .max(200)
    .empty('')
    .description('A number, or words in the subject, the messages or the name of the customer; or their email address'),
});

export const updateSupportTicketBody = Joi.object<UpdateSupportTicket, true>({
  status: status(),
  priority: priority().description('Moves the time until which a first response is due'),
  assigneeId: id().allow(null).description('An admin, or an organizer whom it concerns; null for nobody'),
  category: category(),
  tags: Joi.array().items(plainLine(50).min(1)).max(MAX_TAGS).unique(),
}).min(1);

export const noteBody = Joi.object<{ message: string }, true>({ message: message().required() });

export const mergeBody = Joi.object<{ intoId: number }, true>({
  intoId: id().required().description('Another support ticket of the same customer, which gets the messages'),
});

const reply = { title: plainLine(100).min(1), body: message() };
export const createReplyBody = Joi.object<ReplyValues, true>({
  title: reply.title.required(),
  body: reply.body.required(),
});
export const updateReplyBody = Joi.object<Partial<ReplyValues>, true>(reply).min(1);

const author = () => outObject({ id: outId(), firstName: outTextOrNull(), isStaff: outFlag() });

const messageKeys = {
  id: outId(),
  author: author().description('Who wrote it'),
  body: outText(),
  files: outList(file).description('Attached files'),
  createdAt: outTime(),
};

export const supportMessage = Joi.object({ ...messageKeys, supportTicketId: outId() }).meta({ name: 'SupportMessage' });

export const supportTicket = Joi.object({
  id: outId(),
  number: outText().description('The number to name it by, such as `S-000123`'),
  subject: outText(),
  category: outTextOrNull().description('What kind of request it is; null if that is not known'),
  status: status()
    .required()
    .description('`open` waits for staff, `pending` for the customer; `resolved` is closed after 7 days'),
  priority: priority().required().description('How urgent it is'),
  orderId: outIdOrNull().description('The order it is about; null if it is about none'),
  bookingId: outIdOrNull().description('The booking it is about; null if it is about none'),
  eventId: outIdOrNull().description('The event it is about; null if it is about none'),
  licenseId: outIdOrNull().description('The license it is about; null if it is about none'),
  user: outObject({ id: outId(), firstName: outTextOrNull(), lastName: outTextOrNull() }).description('The customer'),
  assigneeId: outIdOrNull().description('The id of the account whose task it is; null if it is nobody’s'),
  tags: outList(Joi.string()),
  messages: outList(Joi.object(messageKeys)).description('Messages of both sides, oldest first'),
  firstResponseDueAt: outTime().description('Until when staff should respond for the first time'),
  breachedAt: outTimeOrNull().description('When it was found that nobody had responded in time; null if it was not'),
  rating: outObject({ score: outCount(), comment: outTextOrNull() })
    .allow(null)
    .description('What the customer thinks of the help; null if nothing was said'),
  mergedIntoId: outIdOrNull().description('The support ticket that has its messages; null if it was not merged'),
  createdAt: outTime(),
  updatedAt: outTime(),
  closedAt: outTimeOrNull().description('When it was closed; null if it is not'),
}).meta({ name: 'SupportTicket' });

export const supportNote = Joi.object({
  id: outId(),
  supportTicketId: outId(),
  author: author().description('Who wrote it'),
  body: outText(),
  createdAt: outTime(),
}).meta({ name: 'SupportNote' });

export const supportStaff = Joi.object({
  id: outId(),
  firstName: outTextOrNull(),
  lastName: outTextOrNull(),
}).meta({ name: 'SupportStaff' });

export const supportRating = Joi.object({
  supportTicketId: outId(),
  score: outCount().description('From 1, bad, to 5, good'),
  comment: outTextOrNull(),
}).meta({ name: 'SupportRating' });

export const supportReply = Joi.object({
  id: outId(),
  title: outText(),
  body: outText(),
  isShared: outFlag().description('Whether all staff have it; otherwise it is your own'),
  createdAt: outTime(),
  updatedAt: outTime(),
}).meta({ name: 'SupportReply' });
