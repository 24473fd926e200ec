import type { CustomHelpers } from 'joi';
import { countSeats, MAX_SEATS } from '../lib/seats/count-seats';
import { isStorableText } from '../lib/json';
import { findNameProblem } from '../lib/names';
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

/** The name of a row or a seat: text, that may come as a number. */
const label = () =>
  Joi.alternatives()
    .try(plainName(MAX_LABEL_CHARACTERS).min(1), Joi.number().integer().min(0).max(LARGEST_NUMBER))
    .custom((value: string | number) => String(value))
    .description('Text or a number');

// What nearly all seats are called.
const PLAIN = /^[A-Za-z0-9 -]*$/;

function toLabel(value: unknown): string | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && value <= LARGEST_NUMBER ? String(value) : undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  const isName = text !== '' && text.length <= MAX_LABEL_CHARACTERS && isStorableText(text);
  return isName && (PLAIN.test(text) || findNameProblem(text) === undefined) ? text : undefined;
}

/** What a list of names has for JSON Schema, which does not see `checkLabels`. */
const entries = (alternatives: { type: 'null' }[]) => ({
  items: {
    anyOf: [
      { type: 'string', minLength: 1, maxLength: MAX_LABEL_CHARACTERS },
      { type: 'integer', minimum: 0, maximum: LARGEST_NUMBER },
      ...alternatives,
    ],
  },
});

/** A hall has tens of thousands of them: judged one by one by Joi they would keep everybody waiting. */
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
        return helpers.message({ custom: '{{#label}}.{{#place}} is there twice' }, { place });
      if (text !== null) known.add(text);
      labels.push(text);
    }
    return labels;
  };

const labels = () =>
  Joi.array()
    .max(MAX_SEATS_PER_ROW)
    .custom(checkLabels({ gaps: false }))
    .meta(entries([]));

const row = Joi.object({
  name: label(),
  names: labels().min(1).max(MAX_ROWS).description('Several rows that are alike, the best first'),
  count: Joi.number().integer().min(1).max(MAX_SEATS_PER_ROW).description('Seats 1 to `count`'),
  seats: Joi.array()
    .min(1)
    .max(MAX_SEATS_PER_ROW)
    .custom(checkLabels({ gaps: true }))
    .meta(entries([{ type: 'null' }]))
    .description('The number of each seat; null leaves a gap, such as an aisle'),
  ticketTypeId: id(),
  accessible: labels().default([]).description('Numbers of the seats'),
  companion: labels().default([]).description('Beside accessible ones: each belongs to the nearest of its row'),
  blocked: labels().default([]).description('Not for sale'),
})
  .xor('name', 'names')
  .xor('count', 'seats');

const section = Joi.object({
  name: plainName(60).min(1).required(),
  ticketTypeId: id().description('Of its rows, unless they name one; may be left out where the event has only one'),
  rows: Joi.array().items(row).min(1).max(MAX_ROWS).required().description('The best first'),
});

/** Counted before any of them is made: a few names of rows and a number stand for all of them. */
function checkCount(sections: SectionInput[], helpers: CustomHelpers) {
  return countSeats(sections) <= MAX_SEATS
    ? sections
    : helpers.message({ custom: `{{#label}}: a hall has at most ${MAX_SEATS} seats` });
}

export const defineSeatsBody = Joi.object<DefineSeats, true>({
  sections: Joi.array().items(section).max(100).required().custom(checkCount).description('The best first'),
  replace: Joi.boolean().default(false).description('Seats that are not named here go'),
});

const seatIds = () => Joi.array().items(id()).min(1).max(10_000).unique().required();

export const changeSeatsBody = Joi.object<ChangeSeats, true>({
  seatIds: seatIds(),
  ticketTypeId: id(),
  accessible: Joi.boolean(),
  companionOf: id().allow(null).description('An accessible seat'),
  blocked: Joi.boolean(),
})
  .or('ticketTypeId', 'accessible', 'companionOf', 'blocked')
  .description('At least one change besides `seatIds`');

export const removeSeatsBody = Joi.object<{ seatIds: number[] }, true>({ seatIds: seatIds() });

const mapSeat = Joi.object({
  id: outId(),
  number: outText(),
  position: outCount().description('In its row; neighbors differ by one'),
  ticketTypeId: outId(),
  accessible: outFlag(),
  companionOf: outCountOrNull().description('The accessible seat that it is beside'),
  status: Joi.string().valid('free', 'held', 'sold', 'blocked').required(),
}).meta({ name: 'MapSeat' });

/** By its name. */
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
      quantityAvailable: outCountOrNull().description('What waitlist offers hold is not among them'),
    }),
  ),
  counts: outObject({ free: outCount(), held: outCount(), sold: outCount(), blocked: outCount() }),
  sections: outList(
    Joi.object({ name: outText(), rows: outList(Joi.object({ name: outText(), seats: outList(mapSeat) })) }),
  ).description('The best first'),
}).meta({ name: 'SeatMap' });
