import type { CustomHelpers } from 'joi';
import { isStorableJson } from '../../lib/json';
import { currencies } from '../../lib/money/money';
import { hasUnseenCharacters } from '../../lib/text/names';
import type { CreateEvent } from '../../services/events/create-event';
import type { DuplicateEvent } from '../../services/events/duplicate-event';
import type { UpdateEvent } from '../../services/events/update-event';
import { INT4_MAX, Joi, money, plainLine, plainName, time, timeZone, UNSEEN_MESSAGE } from '../common.schemas';
import { createTicketTypeBody } from '../ticket-types.schemas';

const MAX_METADATA_BYTES = 16_384;
const METADATA_DEPTH = 10;
const HOURS_PER_YEAR = 8760;

const textOrNull = (max: number) => Joi.string().trim().max(max).allow('', null);

const lineOrNull = (max: number) => plainLine(max).allow('', null);

/** An address in one or several lines. */
const linesOrNull = (max: number) =>
  textOrNull(max).custom((value: string, helpers) => {
    const lines = value.split(/\r?\n/).map((line) => line.trim());
    return lines.some(hasUnseenCharacters) ? helpers.message({ custom: UNSEEN_MESSAGE }) : lines.join('\n');
  });

export function checkCurrency(code: string, helpers: CustomHelpers) {
  return currencies.has(code) ? code : helpers.message({ custom: '{{#label}} must be an ISO 4217 code, such as EUR' });
}

function checkMetadata(value: object, helpers: CustomHelpers) {
  if (!isStorableJson(value, METADATA_DEPTH))
    return helpers.message({
      custom: `{{#label}} must be well-formed Unicode without NUL, nested at most ${METADATA_DEPTH} deep`,
    });
  return JSON.stringify(value).length <= MAX_METADATA_BYTES
    ? value
    : helpers.message({ custom: `{{#label}} must have at most ${MAX_METADATA_BYTES} characters as JSON` });
}

const refundPolicy = Joi.object({
  fullUntilHours: Joi.number()
    .min(0)
    .max(HOURS_PER_YEAR)
    .required()
    .description('Hours before the start until which a cancellation is refunded in full'),
  thenPercent: Joi.number().min(0).max(100).required().description('The percentage that is refunded after that'),
});

const fields = {
  title: plainName(200).min(1),
  description: textOrNull(20_000),
  category: lineOrNull(50),
  tags: Joi.array().items(plainLine(50).min(1)).max(20).unique(),
  venueName: lineOrNull(200),
  location: lineOrNull(200).description('An alias of `venueName`'),
  venueAddress: linesOrNull(500),
  startDate: time().description('A time in the future, in ISO 8601 with an offset'),
  date: time().description('An alias of `startDate`'),
  endDate: time(),
  timezone: timeZone().description('The IANA name of the time zone'),
  totalTickets: Joi.number()
    .integer()
    .min(0)
    .max(INT4_MAX)
    .allow(null)
    .description(
      'The number of tickets; null for unlimited, or for the number of seats for sale if every ticket type has numbered seats',
    ),
  basePrice: money(),
  currency: Joi.string().uppercase().length(3).custom(checkCurrency).description('An ISO 4217 code'),
  taxRate: Joi.number().min(0).max(100).precision(3).description('The tax rate in percent'),
  taxInclusive: Joi.boolean().description('Whether prices include the tax'),
  status: Joi.string().valid('draft', 'published'),
  isFree: Joi.boolean().description('Derived from the prices; can be sent if it is correct'),
  cancellationWindowHours: Joi.number()
    .min(0)
    .max(HOURS_PER_YEAR)
    .precision(2)
    .allow(null)
    .description(
      'Hours before the start until which customers can cancel; null for the default of this installation. Bookings keep the window they were made under unless a later one is shorter',
    ),
  refundPolicy: refundPolicy
    .allow(null)
    .description(
      'How much is refunded; null for a full refund. Bookings keep the policy they were made under unless a later one refunds more',
    ),
  maxPerUser: Joi.number().integer().min(1).max(INT4_MAX).allow(null),
  allowMultipleBookings: Joi.boolean(),
  sendTicketsToAttendees: Joi.boolean().description(
    'Whether attendees who are named with an email address are sent their own tickets',
  ),
  metadata: Joi.object().custom(checkMetadata).description('Any data of your own'),
  coverImageAlt: lineOrNull(300).description('What the cover shows, for people who do not see it'),
};

interface Aliases {
  date?: Date;
  location?: string | null;
}

type Texts = Partial<
  Record<'description' | 'category' | 'venueName' | 'venueAddress' | 'coverImageAlt', string | null>
>;

/** Replaces aliases by the names they stand for, and empty texts by null; an empty description becomes ''. */
function normalize<T extends Texts>({ date, location, ...rest }: T & Aliases): Omit<T, keyof Aliases> {
  const event: Texts & { startDate?: Date } = rest;
  if (date) event.startDate = date;
  if (location !== undefined) event.venueName = location;
  for (const name of ['category', 'venueName', 'venueAddress', 'coverImageAlt'] as const)
    if (event[name] === '') event[name] = null;
  if (event.description === null) event.description = '';
  return rest;
}

export const createEventBody = Joi.object<CreateEvent & Aliases, true>({
  ...fields,
  title: fields.title.required(),
  description: fields.description.default(''),
  category: fields.category.default(null),
  tags: fields.tags.default([]),
  venueAddress: fields.venueAddress.default(null),
  endDate: fields.endDate.description('Defaults to two hours after the start'),
  timezone: fields.timezone.default('UTC'),
  totalTickets: fields.totalTickets.default(null),
  basePrice: fields.basePrice.default('0'),
  currency: fields.currency.default('USD'),
  taxRate: fields.taxRate.default(0),
  taxInclusive: fields.taxInclusive.default(true),
  status: fields.status.default('published'),
  ticketTypes: Joi.array()
    .items(createTicketTypeBody)
    .max(100)
    .default([])
    .description('The ticket types. Without any, the event gets one named "General admission" at `basePrice`'),
  cancellationWindowHours: fields.cancellationWindowHours.default(null),
  refundPolicy: fields.refundPolicy.default(null),
  maxPerUser: fields.maxPerUser.default(null),
  allowMultipleBookings: fields.allowMultipleBookings.default(false),
  sendTicketsToAttendees: fields.sendTicketsToAttendees.default(true),
  metadata: fields.metadata.default({}),
  coverImageAlt: fields.coverImageAlt.default(null),
})
  .xor('startDate', 'date')
  .oxor('venueName', 'location')
  .messages({
    'object.missing': 'startDate is required',
    'object.xor': 'startDate and date are aliases: send only one',
  })
  .custom((event: CreateEvent) => ({ venueName: null, ...normalize<Partial<CreateEvent>>(event) }))
  .description('Requires `title` and `startDate` (or `date`)');

export const duplicateEventBody = Joi.object<Omit<DuplicateEvent, 'eventId'>, true>({
  startDate: fields.startDate.required(),
  title: fields.title.description('Defaults to that of the original'),
});

export interface CancelEventBody {
  confirm: boolean;
  reason?: string;
}

export const cancelEventBody = Joi.object<CancelEventBody, true>({
  confirm: Joi.boolean()
    .default(false)
    .description('`true` cancels the event; otherwise the response describes what would happen, and nothing changes'),
  reason: Joi.string()
    .trim()
    .min(1)
    .max(500)
    .description('The reason, which is sent to everyone who has booked or is on the waitlist'),
});

export const updateEventBody = Joi.object<UpdateEvent & Aliases, true>(fields)
  .min(1)
  .oxor('startDate', 'date')
  .oxor('venueName', 'location')
  .custom(normalize)
  .description('Any subset of the fields; those left out keep their value');
