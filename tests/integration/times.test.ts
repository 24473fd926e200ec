import { registerUser, type TestUser } from '../helpers/accounts';
import { anonymous, as } from '../helpers/client';
import { makeEvent } from '../helpers/events';

let organizer: TestUser;
let admin: TestUser;
beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  admin = await registerUser({ role: 'admin' });
});

const IMPOSSIBLE = ['2027-02-29', '2030-04-31', '2100-02-29', '2030-02-30', '2031-11-31'];
const TIMES = IMPOSSIBLE.flatMap((day) => [`${day}T10:00:00Z`, `${day}T23:30:00.000+02:00`]);

describe('days that do not exist', () => {
  it.each(TIMES)('400 for %s in every time field', async (time) => {
    const event = { title: 'T', startDate: '2030-01-01T10:00:00Z' };
    const { id, ticketTypes } = await makeEvent(organizer);
    const type = `/api/events/${id}/ticket-types`;
    const answers = [
      as(organizer)
        .post('/api/events')
        .send({ ...event, startDate: time }),
      as(organizer).post('/api/events').send({ title: 'T', date: time }),
      as(organizer)
        .post('/api/events')
        .send({ ...event, endDate: time }),
      as(organizer)
        .post('/api/events')
        .send({ ...event, ticketTypes: [{ name: 'A', salesEnd: time }] }),
      as(organizer).put(`/api/events/${id}`).send({ startDate: time }),
      as(organizer).post(type).send({ name: 'A', salesStart: time }),
      as(organizer).put(`${type}/${ticketTypes[0]!.id}`).send({ salesEnd: time }),
      as(organizer).post('/api/discounts').send({ code: 'X', type: 'fixed', value: '1', startsAt: time }),
      as(organizer).post('/api/discounts').send({ code: 'X', type: 'fixed', value: '1', endsAt: time }),
      ...['/api/events', '/api/admin/events', '/api/admin/bookings', '/api/admin/orders', '/api/admin/audit-log'].map(
        (path) => as(admin).get(`${path}?from=${encodeURIComponent(time)}`),
      ),
      as(admin).get(`/api/admin/analytics?to=${encodeURIComponent(time)}`),
      as(admin).get(`/api/admin/analytics?from=${time.slice(0, 10)}`),
      as(admin).get(`/api/admin/reports/bookings.csv?from=${encodeURIComponent(time)}`),
    ];
    const statuses = (await Promise.all(answers)).map(({ status, body }) => `${status} ${body.error?.code}`);
    expect(statuses).toEqual(statuses.map(() => '400 VALIDATION_ERROR'));
  });

  it.each(['2028-02-29T10:00:00Z', '2030-01-31T20:00:00-05:00', '2032-12-31T23:59:59.999Z'])(
    'accepts %s',
    async (startDate) => {
      const { body } = await as(organizer).post('/api/events').send({ title: 'T', startDate }).expect(201);
      expect(body.data.startDate).toBe(new Date(startDate).toISOString());
    },
  );
});

describe('time zones', () => {
  it.each(['AET', 'MIT', 'VST', 'IST', 'BST', 'CET', 'SystemV/AST4', '+02:00', 'Mars/Base'])(
    '400 for %s',
    async (timezone) => {
      const zone = encodeURIComponent(timezone);
      await as(organizer)
        .post('/api/events')
        .send({ title: 'T', startDate: '2030-01-01T10:00:00Z', timezone })
        .expect(400);
      await as(organizer).put('/api/auth/profile').send({ timezone }).expect(400);
      await as(admin).get(`/api/admin/analytics?timezone=${zone}`).expect(400);
      await as(admin).get(`/api/admin/dashboard?timezone=${zone}`).expect(400);
    },
  );

  it('are stored in their canonical spelling', async () => {
    const { id } = await makeEvent(organizer, { timezone: 'europe/berlin' });
    const timezone = 'Europe/Berlin';
    expect((await anonymous.get(`/api/events/${id}`).expect(200)).body.data).toMatchObject({ timezone });
    const { body } = await as(organizer).put('/api/auth/profile').send({ timezone: 'EUROPE/BERLIN' }).expect(200);
    expect(body.data).toMatchObject({ timezone });
  });

  it.each(['UTC', 'Europe/Istanbul', 'Asia/Kolkata', 'US/Eastern', 'Etc/GMT+5', 'Japan', 'EST5EDT'])(
    'accepts %s',
    async (timezone) => {
      await as(admin)
        .get(`/api/admin/analytics?timezone=${encodeURIComponent(timezone)}`)
        .expect(200);
      const { id } = await makeEvent(organizer, { timezone });
      await anonymous.get(`/api/events/${id}`).expect(200);
    },
  );
});
