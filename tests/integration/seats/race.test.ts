import type { Knex } from 'knex';
import { createKnex, database } from '../../../src/database';
import { cancelling, registerUsers, theOrganizer, type TestUser } from '../../helpers/bookings';
import type { Client } from '../../helpers/client';
import { as } from '../../helpers/client';
import { startInstance, type Instance } from '../../helpers/instance';
import { violations } from '../../helpers/invariants';
import { startWithFaults } from '../../helpers/fault-injection';
import { aHall, changingSeats, seatMapOf } from '../../helpers/seats';

interface Sent {
  status: number;
  body: { data?: { id: number; seats: { id: number }[] }; error?: { code: string } };
}

const ask = (client: Client, eventId: number, wanted: Record<string, unknown>) =>
  client.post('/api/bookings').send({ eventId, ...wanted });

let other: Instance;
let owner: Knex;
beforeAll(() => {
  other = startInstance();
  owner = createKnex(process.env.DATABASE_OWNER_URL ?? '', { max: 1, applicationName: 'saboteur' });
});
afterAll(async () => {
  await other.close();
  await owner.destroy();
});

describe('100 seats and 500 buyers in two processes', () => {
  it('end with each seat sold once, chosen or best available', async () => {
    const names = Array.from({ length: 10 }, (_, index) => String.fromCharCode(65 + index));
    const { event, seats } = await aHall([{ name: 'Stalls', rows: [{ names, count: 10 }] }]);
    const ids = Object.values(seats);
    const users = await registerUsers(500);
    const answers = (await Promise.all(
      users.map(({ token, user }, index) => {
        const client = index % 2 ? other.as(token) : as(token);
        if (index % 3 === 0) return ask(client, event.id, { seatIds: [ids[(index * 7919 + user.id) % 100]] });
        return ask(client, event.id, { ticketsCount: 1 + (index % 2), bestAvailable: true });
      }),
    )) as Sent[];
    const given = answers.flatMap(({ body }) => body.data?.seats.map(({ id }) => id) ?? []);
    expect(given).toHaveLength(100);
    expect(new Set(given).size).toBe(100);
    expect((await seatMapOf(event.id)).counts).toEqual({ free: 0, held: 0, sold: 100, blocked: 0 });
    const refusals = answers.filter(({ status }) => status !== 201);
    expect(new Set(refusals.map(({ status, body }) => `${status} ${body.error?.code}`))).toEqual(
      new Set(['409 SEAT_TAKEN', '409 SOLD_OUT']),
    );
  });

  it('sell no seat that an organizer blocks meanwhile', async () => {
    const { event, seats } = await aHall([{ name: 'Stalls', rows: [{ names: ['A', 'B', 'C', 'D'], count: 10 }] }]);
    const users = await registerUsers(30);
    const organizer = await theOrganizer();
    const blocking = Object.values(seats).map((id) =>
      changingSeats(organizer, event.id, { seatIds: [id], blocked: true }),
    );
    const [answers, blocked] = await Promise.all([
      Promise.all(
        users.map(({ token }, index) => ask(index % 2 ? other.as(token) : as(token), event.id, { ticketsCount: 1 })),
      ),
      Promise.all(blocking),
    ]);
    const { counts } = await seatMapOf(event.id);
    expect(counts.sold).toBe(answers.filter(({ status }) => status === 201).length);
    expect(counts.blocked).toBe(blocked.filter(({ status }) => status === 200).length);
    expect(counts.sold + counts.blocked).toBe(40);
  });
});

describe('a process that does not know which seats are taken', () => {
  const blind = () =>
    startWithFaults({ 'models/inventory/booking-seats': () => ({ readTakenSeats: () => Promise.resolve([]) }) });

  async function sellTwice(): Promise<{ answers: Sent[]; users: TestUser[] }> {
    const { event, seats } = await aHall();
    const users = await registerUsers(2);
    const instance = blind();
    const answers: Sent[] = [];
    for (const { token } of users)
      answers.push((await ask(instance.as(token), event.id, { seatIds: [seats.A1] })) as Sent);
    await instance.close();
    return { answers, users };
  }

  it('sells a seat once because of the unique key alone', async () => {
    const { answers } = await sellTwice();
    expect(answers.map(({ status }) => status)).toEqual([201, 500]);
  });

  it('sells a seat twice without the unique keys, which the invariants detect', async () => {
    await owner.raw('ALTER TABLE booking_seats DROP CONSTRAINT booking_seats_pkey; DROP INDEX tickets_seat_key');
    const { answers, users } = await sellTwice();
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect((await violations(database)).map(({ name }) => name)).toContain('no seat is booked twice');
    await cancelling(users[1]!, answers[1]!.body.data!.id).expect(200);
    await owner.raw(`ALTER TABLE booking_seats ADD CONSTRAINT booking_seats_pkey PRIMARY KEY (seat_id);
      CREATE UNIQUE INDEX tickets_seat_key ON tickets (seat_id) WHERE seat_id IS NOT NULL AND status = 'valid'`);
  });
});
