import * as seats from '../controllers/seats.controller';
import { MAX_LARGE_BODY_BYTES } from '../http/body';
import { route } from '../http/route';
import { idParams } from '../schemas/common.schemas';
import { changeSeatsBody, defineSeatsBody, removeSeatsBody, seatMap, seatMapQuery } from '../schemas/seats.schemas';

const tag = 'Seats';

export const seatsRoutes = [
  route({
    method: 'get',
    path: '/events/:id/seats',
    id: 'getSeatMap',
    tag,
    summary: 'Show the hall, and which seats are free',
    description:
      'Always fresh; with an `ETag`. `section` gives only the seats of that section: a hall of 50,000 seats is some megabytes. What a waitlist offer holds is a number of tickets, and no seat in particular; once nothing is left, no seat is free.',
    access: 'public',
    params: idParams(),
    query: seatMapQuery,
    status: 200,
    response: seatMap,
    tagged: true,
    errors: ['NOT_FOUND'],
    handler: seats.get,
  }),
  route({
    method: 'get',
    path: '/events/:id/seats.svg',
    id: 'drawSeatMap',
    tag,
    summary: 'Show a drawing of the hall',
    description:
      'With more than 4,000 seats these are dots without numbers, and only the rows have titles: ask for a `section` to see more of it.',
    access: 'public',
    params: idParams(),
    query: seatMapQuery,
    status: 200,
    stream: 'image/svg+xml',
    tagged: true,
    errors: ['NOT_FOUND'],
    handler: seats.draw,
  }),
  route({
    method: 'post',
    path: '/events/:id/seats',
    id: 'defineSeats',
    tag,
    summary: 'Number the seats of the hall',
    description:
      'Adds the seats of these sections, and changes those that are there already; with `replace` all others go. The quantity of a ticket type with numbered seats is the number of its seats that are not blocked. Booked seats are neither removed nor blocked, and keep their ticket type. The answer to a change of a hall of more than 10,000 seats has no `rows`.',
    access: 'organizer',
    idempotent: 'stored',
    params: idParams(),
    body: defineSeatsBody,
    maxBodyBytes: MAX_LARGE_BODY_BYTES,
    example: {
      sections: [
        {
          name: 'Gallery',
          ticketTypeId: 1,
          rows: [
            { names: ['A', 'B', 'C', 'D'], count: 12 },
            {
              name: 'E',
              seats: ['1', '2', '3', null, '4', '5', '6'],
              accessible: ['1'],
              companion: ['2'],
              blocked: ['6'],
            },
          ],
        },
      ],
    },
    status: 201,
    location: '/events/:eventId/seats',
    response: seatMap,
    errors: ['NOT_FOUND', 'EVENT_CLOSED', 'EVENT_HAS_BOOKINGS', 'SEAT_TAKEN', 'CAPACITY_BELOW_BOOKED'],
    handler: seats.define,
  }),
  route({
    method: 'put',
    path: '/events/:id/seats',
    id: 'changeSeats',
    tag,
    summary: 'Block seats, sell them again, or change what they are',
    description: 'All of them in the same way. Seats that are sold again go to the waitlist first.',
    access: 'organizer',
    params: idParams(),
    body: changeSeatsBody,
    maxBodyBytes: MAX_LARGE_BODY_BYTES,
    example: { seatIds: [179, 180], blocked: true },
    status: 200,
    response: seatMap,
    errors: ['NOT_FOUND', 'EVENT_CLOSED', 'EVENT_HAS_BOOKINGS', 'SEAT_TAKEN', 'CAPACITY_BELOW_BOOKED'],
    handler: seats.change,
  }),
  route({
    method: 'delete',
    path: '/events/:id/seats',
    id: 'removeSeats',
    tag,
    summary: 'Take seats out of the hall',
    description: 'Not those that are booked; what was booked once keeps its name.',
    access: 'organizer',
    params: idParams(),
    body: removeSeatsBody,
    maxBodyBytes: MAX_LARGE_BODY_BYTES,
    example: { seatIds: [179, 180] },
    status: 200,
    response: seatMap,
    errors: ['NOT_FOUND', 'EVENT_CLOSED', 'SEAT_TAKEN', 'CAPACITY_BELOW_BOOKED'],
    handler: seats.remove,
  }),
];
