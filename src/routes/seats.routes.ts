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
    summary: 'Get the seat map',
    description:
      'The response is never cached, and has an `ETag`. `section` limits it to the seats of one section: the map of 50,000 seats takes several megabytes. A waitlist offer holds a number of tickets and no particular seats; once no tickets are left, no seat is shown as free.',
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
    summary: 'Draw the seat map',
    description:
      'With more than 4,000 seats, seats are drawn as dots without numbers and only rows have titles. Request one `section` for more detail.',
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
    summary: 'Define numbered seats',
    description:
      'Adds the seats of these sections and updates those that already exist; with `replace`, all others are removed. The quantity of a ticket type with numbered seats is the number of its seats that are not blocked. Booked seats are never removed or blocked, and keep their ticket type. If the event has more than 10,000 seats, the response omits `rows`.',
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
    summary: 'Block, unblock or change seats',
    description: 'Applies the same change to all the seats. Unblocked seats go to the waitlist first.',
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
    summary: 'Remove seats',
    description: 'Booked seats cannot be removed. Past bookings keep the names of their seats.',
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
