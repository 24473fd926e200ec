import type { CustomHelpers } from 'joi';
import { countSeats, MAX_SEATS } from '../lib/seats/count-seats';
import { isStorableText } from '../lib/json';
import { findNameProblem } from '../lib/text/names';
import type { ChangeSeats, DefineSeats } from '../services/seats/define-seats';
import type { SectionInput } from '../services/seats/plan-seats';
import {
  Joi,
  id,
  outCount,
  outCountOrNull,
  outFlag,
  outId,
  outList,
  outMoney,
  outObject,
  outText,
  plainName,
} from './common.schemas';

const MAX_ROWS = 500;
const MAX_SEATS_PER_ROW = 500;
const MAX_LABEL_CHARACTERS = 20;
const LARGEST_NUMBER = 100_000;

/** The name of a row or a seat, as text or a number; becomes text. */
const label = () =>
  Joi.alternatives()
    .try(plainName(MAX_LABEL_CHARACTERS).min(1), Joi.number().integer().min(0).max(LARGEST_NUMBER))
    .custom((value: string | number) => String(value))
    .description('Text or a number');

// Nearly all seats match this, which is faster than checking the name.
const PLAIN = /^[A-Za-z0-9 -]*$/;

function toLabel(value: unknown): string | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && value <= LARGEST_NUMBER ? String(value) : undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  const isName = text !== '' && text.length <= MAX_LABEL_CHARACTERS && isStorableText(text);
  return isName && (PLAIN.test(text) || findNameProblem(text) === undefined) ? text : undefined;
}

/** Describes the entries of a list of labels for JSON Schema, which cannot see `checkLabels`. */
const describeEntries = (alternatives: { type: 'null' }[]) => ({
  items: {
    anyOf: [
      { type: 'string', minLength: 1, maxLength: MAX_LABEL_CHARACTERS },
      { type: 'integer', minimum: 0, maximum: LARGEST_NUMBER },
      ...alternatives,
    ],
  },
});

/** Validates tens of thousands of labels at once; Joi would block the process for too long if it checked each one. */
const checkLabels =
  ({ gaps }: { gaps: boolean }) =>
  (values: unknown[], helpers: CustomHelpers) => {
    const labels: (string | null)[] = [];
    const known = new Set<string>();
    for (const [place, value] of values.entries()) {
      const text = gaps && value === null ? null : toLabel(value);
      if (text === undefined)
        return helpers.message(
          {
            custom: `{{#label}}.{{#place}} must be text of 1 to ${MAX_LABEL_CHARACTERS} characters, or a whole number`,
          },
          { place },
        );
      if (text !== null && known.has(text))
        return helpers.message({ custom: '{{#label}}.{{#place}} appears twice' }, { place });
      if (text !== null) known.add(text);
      labels.push(text);
    }
    return labels;
  };

const labels = () =>
  Joi.array()
    .max(MAX_SEATS_PER_ROW)
    .custom(checkLabels({ gaps: false }))
    .meta(describeEntries([]));

const row = Joi.object({
  name: label(),
  names: labels().min(1).max(MAX_ROWS).description('The names of several identical rows, best first'),
  count: Joi.number()
    .integer()
    .min(1)
    .max(MAX_SEATS_PER_ROW)
    .description('The number of seats, which are numbered from 1 to `count`'),
  seats: Joi.array()
    .min(1)
    .max(MAX_SEATS_PER_ROW)
    .custom(checkLabels({ gaps: true }))
    .meta(describeEntries([{ type: 'null' }]))
    .description('The number of each seat; null for a gap, such as an aisle'),
  ticketTypeId: id(),
  accessible: labels().default([]).description('The numbers of wheelchair accessible seats'),
  companion: labels()
    .default([])
    .description('The numbers of companion seats; each belongs to the nearest accessible seat in its row'),
  blocked: labels().default([]).description('The numbers of seats that are not for sale'),
})
  .xor('name', 'names')
  .xor('count', 'seats');

const section = Joi.object({
  name: plainName(60).min(1).required(),
  ticketTypeId: id().description(
    'The ticket type of rows that do not name one; can be left out if the event has only one type',
  ),
  rows: Joi.array().items(row).min(1).max(MAX_ROWS).required().description('The rows, best first'),
});

/** Counts the seats before they are built, since a few row names and a number can stand for any number of seats. */
function checkCount(sections: SectionInput[], helpers: CustomHelpers) {
  return countSeats(sections) <= MAX_SEATS
    ? sections
    : helpers.message({ custom: `{{#label}} must have at most ${MAX_SEATS} seats` });
}

export const defineSeatsBody = Joi.object<DefineSeats, true>({
  sections: Joi.array().items(section).max(100).required().custom(checkCount).description('The sections, best first'),
  replace: Joi.boolean().default(false).description('Whether to remove all seats that are not in the request'),
});

const seatIds = () => Joi.array().items(id()).min(1).max(10_000).unique().required();

export const changeSeatsBody = Joi.object<ChangeSeats, true>({
  seatIds: seatIds(),
  ticketTypeId: id(),
  accessible: Joi.boolean(),
  companionOf: id().allow(null).description('The id of the accessible seat that it belongs to; null for none'),
  blocked: Joi.boolean(),
})
  .or('ticketTypeId', 'accessible', 'companionOf', 'blocked')
  .description('Requires at least one change besides `seatIds`');

export const removeSeatsBody = Joi.object<{ seatIds: number[] }, true>({ seatIds: seatIds() });

const mapSeat = Joi.object({
  id: outId(),
  number: outText(),
  position: outCount().description('The position in the row; adjacent seats differ by one'),
  ticketTypeId: outId(),
  accessible: outFlag(),
  companionOf: outCountOrNull().description('The id of the accessible seat that it belongs to; null for none'),
  status: Joi.string().valid('free', 'held', 'sold', 'blocked').required(),
}).meta({ name: 'MapSeat' });

export const seatMapQuery = Joi.object<{ section?: string }, true>({
  section: Joi.string().max(60).empty('').description('Only the seats of this section'),
});

export const seatMap = Joi.object({
  eventId: outId(),
  title: outText(),
  currency: outText(),
  ticketTypes: outList(
    Joi.object({
      id: outId(),
      name: outText(),
      price: outMoney(),
      quantityAvailable: outCountOrNull().description(
        'The number that can be booked now, without tickets held by waitlist offers; null if unlimited',
      ),
    }),
  ),
  counts: outObject({ free: outCount(), held: outCount(), sold: outCount(), blocked: outCount() }),
  sections: outList(
    Joi.object({ name: outText(), rows: outList(Joi.object({ name: outText(), seats: outList(mapSeat) })) }),
  ).description('The sections, best first'),
}).meta({ name: 'SeatMap' });
