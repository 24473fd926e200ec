import { database } from '../../../src/database';
import { registerUser, registerUsers, type TestUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { makeEvent, type TestEvent, type TestTicketType } from '../../helpers/events';
import { payBooking } from '../../helpers/orders';

let organizer: TestUser;
let another: TestUser;
let event: TestEvent;
let buyers: TestUser[];

interface Line {
  ticketTypeId: number;
  quantity: number;
}

const order = async (user: TestUser, items: Line[]): Promise<{ id: number; reference: string }> => {
  const { body } = await as(user).post('/api/bookings').send({ eventId: event.id, items }).expect(201);
  return body.data as { id: number; reference: string };
};

beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  another = await registerUser({ role: 'organizer' });
  buyers = await registerUsers(4);
  event = await makeEvent(organizer, {
    totalTickets: 20,
    timezone: 'Pacific/Auckland',
    ticketTypes: [
      { name: 'Seat', price: '12.50', quantity: 10 },
      { name: 'Free', price: 0 },
    ],
  });
  const [seat, free] = event.ticketTypes as [TestTicketType, TestTicketType];
  await order(buyers[0]!, [{ ticketTypeId: free.id, quantity: 3 }]);
  const cancelled = await order(buyers[1]!, [{ ticketTypeId: free.id, quantity: 1 }]);
  await as(buyers[1]!).put(`/api/bookings/${cancelled.id}/cancel`).send({}).expect(200);
  await order(buyers[2]!, [{ ticketTypeId: seat.id, quantity: 2 }]);
  const paid = await order(buyers[3]!, [
    { ticketTypeId: seat.id, quantity: 4 },
    { ticketTypeId: free.id, quantity: 1 },
  ]);
  await payBooking(paid.id);
  // In Auckland, 12 or 13 hours ahead of UTC, 11:30 and 12:30 UTC are on two days.
  await database('bookings').where({ event_id: event.id }).update({ created_at: '2026-06-01T11:30:00Z' });
  await database('bookings').where({ id: paid.id }).update({ created_at: '2026-06-01T12:30:00Z' });
});

describe('getEventStats', () => {
  it('sums up sold, held and cancelled tickets', async () => {
    const { body } = await as(organizer).get(`/api/events/${event.id}/stats`).expect(200);
    const [seat, free] = event.ticketTypes;
    expect(body.data).toEqual({
      eventId: event.id,
      totalTickets: 20,
      availableTickets: 10,
      sold: 8,
      held: 2,
      waiting: 0,
      revenue: [{ currency: 'USD', gross: '50.00', refunded: '0.00', net: '50.00', tax: '0.00' }],
      currency: 'USD',
      capacityUse: 0.4,
      cancellationRate: 0.3333,
      bookings: { pending: 1, confirmed: 2, cancelled: 1, expired: 0 },
      bookingsPerDay: [
        { date: '2026-06-01', bookings: 3, tickets: 6 },
        { date: '2026-06-02', bookings: 1, tickets: 5 },
      ],
      byTicketType: [
        {
          ticketTypeId: seat!.id,
          name: 'Seat',
          price: '12.50',
          quantity: 10,
          quantityAvailable: 4,
          sold: 4,
          held: 2,
          revenue: [{ currency: 'USD', gross: '50.00', refunded: '0.00', net: '50.00' }],
          checkIns: 0,
        },
        {
          ticketTypeId: free!.id,
          name: 'Free',
          price: '0.00',
          quantity: null,
          quantityAvailable: 10,
          sold: 4,
          held: 0,
          revenue: [{ currency: 'USD', gross: '0.00', refunded: '0.00', net: '0.00' }],
          checkIns: 0,
        },
      ],
      checkIns: 0,
    });
  });

  it('includes every day between the first booking and the last', async () => {
    const { id } = await makeEvent(organizer, { timezone: 'America/New_York' });
    for (const [index, time] of ['2026-03-07T12:00:00Z', '2026-03-10T03:59:00Z'].entries()) {
      const { body } = await as(buyers[index]!)
        .post('/api/bookings')
        .send({ eventId: id, ticketsCount: 1 })
        .expect(201);
      await database('bookings')
        .where({ id: (body as { data: { id: number } }).data.id })
        .update({ created_at: time });
    }
    const { body } = await as(organizer).get(`/api/events/${id}/stats`).expect(200);
    expect(body.data.bookingsPerDay).toEqual([
      { date: '2026-03-07', bookings: 1, tickets: 1 },
      { date: '2026-03-08', bookings: 0, tickets: 0 },
      { date: '2026-03-09', bookings: 1, tickets: 1 },
    ]);
  });

  it('has no ratios if nothing is sold and capacity is unlimited', async () => {
    const { id } = await makeEvent(organizer);
    const { body } = await as(organizer).get(`/api/events/${id}/stats`).expect(200);
    expect(body.data).toMatchObject({ capacityUse: null, cancellationRate: null, bookingsPerDay: [] });
  });
});

describe('reports', () => {
  it.each(['stats', 'attendees', 'attendees.csv'])('restricts %s to its organizer and admins', async (report) => {
    const path = `/api/events/${event.id}/${report}`;
    await anonymous.get(path).expect(401);
    await as(buyers[0]!).get(path).expect(403);
    await as(another).get(path).expect(403);
    await as(await registerUser({ role: 'admin' }))
      .get(path)
      .expect(200);
    const draft = await makeEvent(organizer, { status: 'draft' });
    await as(another).get(`/api/events/${draft.id}/${report}`).expect(404);
  });
});

describe('getEventCalendar', () => {
  it('writes the event in UTC with a stable id', async () => {
    const { id } = await makeEvent(organizer, {
      title: 'Café; night, one',
      startDate: '2031-06-21T20:00:00+02:00',
      venueName: 'Pier 4',
      venueAddress: 'Harbor Road 1',
    });
    const calendar = async (): Promise<string> => {
      const answer = await anonymous.get(`/api/events/${id}/calendar.ics`).expect(200);
      expect(answer.headers['content-type']).toBe('text/calendar; charset=utf-8');
      return answer.text;
    };
    const before = await calendar();
    expect(before).toContain('DTSTART:20310621T180000Z\r\nDTEND:20310621T200000Z\r\n');
    expect(before).toContain('SUMMARY:Café\\; night\\, one\r\n');
    expect(before).toContain('LOCATION:Pier 4\\, Harbor Road 1\r\n');
    expect(before).toContain(`UID:event-${id}@`);
    await as(organizer).put(`/api/events/${id}`).send({ venueName: 'Pier 5' }).expect(200);
    const after = await calendar();
    const number = (text: string, name: string): string => new RegExp(`${name}:(.*)\r\n`).exec(text)![1]!;
    expect(number(after, 'UID')).toBe(number(before, 'UID'));
    expect(Number(number(after, 'SEQUENCE'))).toBeGreaterThan(Number(number(before, 'SEQUENCE')));
    await as(organizer).post(`/api/events/${id}/cancel`).send({ confirm: true }).expect(202);
    expect(await calendar()).toContain('STATUS:CANCELLED');
  });

  it('404 for another organizer’s draft', async () => {
    const { id } = await makeEvent(organizer, { status: 'draft' });
    await anonymous.get(`/api/events/${id}/calendar.ics`).expect(404);
  });
});
