import type { ChangeSeats, DefineSeats } from '../services/seats.define.service';
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

const MOST_ROWS = 500;
const MOST_IN_A_ROW = 500;

/** The name of a row or a seat: text, that may come as a number. */
const label = () =>
  Joi.alternatives()
    .try(plainName(20).min(1), Joi.number().integer().min(0).max(100_000))
    .custom((value: string | number) => String(value));

const labels = () => Joi.array().items(label()).max(MOST_IN_A_ROW).unique();

const row = Joi.object({
  name: label(),
  names: labels().min(1).max(MOST_ROWS).description('Several rows that are alike, the best first'),
  count: Joi.number().integer().min(1).max(MOST_IN_A_ROW).description('Seats 1 to `count`'),
  seats: Joi.array()
    .items(label().allow(null))
    .min(1)
    .max(MOST_IN_A_ROW)
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
  rows: Joi.array().items(row).min(1).max(MOST_ROWS).required().description('The best first'),
});

export const defineSeatsBody = Joi.object<DefineSeats>({
  sections: Joi.array().items(section).max(100).required().description('The best first'),
  replace: Joi.boolean().default(false).description('Seats that are not named here go'),
});

const seatIds = () => Joi.array().items(id()).min(1).max(10_000).unique().required();

export const changeSeatsBody = Joi.object<ChangeSeats>({
  seatIds: seatIds(),
  ticketTypeId: id(),
  accessible: Joi.boolean(),
  companionOf: id().allow(null).description('An accessible seat'),
  blocked: Joi.boolean(),
})
  .or('ticketTypeId', 'accessible', 'companionOf', 'blocked')
  .description('At least one change besides `seatIds`');

export const removeSeatsBody = Joi.object<{ seatIds: number[] }>({ seatIds: seatIds() });

const mapSeat = Joi.object({
  id: outId(),
  number: outText(),
  position: outCount().description('In its row; neighbors differ by one'),
  ticketTypeId: outId(),
  accessible: outFlag(),
  companionOf: outCountOrNull().description('The accessible seat that it is beside'),
  status: Joi.string().valid('free', 'held', 'sold', 'blocked').required(),
}).meta({ name: 'MapSeat' });

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
