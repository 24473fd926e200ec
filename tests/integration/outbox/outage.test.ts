import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { database } from '../../../src/database';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anOpenEvent, booked } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { startMailServer, type MailServer } from '../../helpers/servers/mail-server';
import { allDone } from '../../helpers/messages';
import { eventually, start, type Started } from '../../helpers/servers/processes';
import { startProxy, type Proxy } from '../../helpers/servers/proxy';

jest.setTimeout(120_000);

const WORKER = path.join(__dirname, '..', '..', '..', 'dist', 'worker.js');
// Longer than a lease, and long enough that an abandoned message is queued again.
const OUTAGE_MS = 14_000;

let mail: MailServer;
let proxy: Proxy;
let worker: Started;
let organizer: TestUser;
let eventId: number;
let bookingId: number;

beforeAll(async () => {
  mail = await startMailServer();
  organizer = await registerUser({ role: 'organizer' });
  eventId = (await makeEvent(organizer, { totalTickets: 100 })).id;
  for (let n = 0; n < 6; n += 1) await booked(await registerUser(), eventId);
  bookingId = (await booked(await registerUser(), (await anOpenEvent()).id)).id;
});
beforeEach(async () => {
  proxy = await startProxy(process.env.DATABASE_URL!);
  const { JWT_SECRET = '', DATA_DIR = '', DOTENV_CONFIG_PATH = '' } = process.env;
  worker = start(process.execPath, [WORKER], {
    DATABASE_URL: proxy.url,
    JWT_SECRET,
    DATA_DIR,
    DOTENV_CONFIG_PATH,
    NODE_ENV: 'development',
    SMTP_URL: mail.url,
    EVENT_MESSAGES_PER_SECOND: '50',
  });
  await allDone();
  mail.mails.length = 0;
});
afterEach(async () => {
  mail.takeMs(0);
  worker.child.kill('SIGKILL');
  await worker.exited;
  await proxy.close();
});
afterAll(async () => {
  await mail.close();
});

const remind = () =>
  database.raw(
    `INSERT INTO outbox_messages (topic, payload) SELECT 'booking.reminder', jsonb_build_object('bookingId', ?::int) FROM generate_series(1, 6)`,
    [bookingId],
  );
const write = () =>
  as(organizer)
    .post(`/api/events/${eventId}/message`)
    .send({ subject: 'The doors', body: 'Open at seven.' })
    .expect(202);

describe('a worker whose PostgreSQL goes down while it sends mail', () => {
  it.each([
    ['stops', 'reminders', () => proxy.down(), remind],
    ['falls silent', 'reminders', () => proxy.blackhole(), remind],
    ['stops', "an organizer's message", () => proxy.down(), write],
  ])('repeats no mail if PostgreSQL %s: %s', async (_how, _what, breakIt, cause) => {
    mail.takeMs(3000);
    const before = mail.begun();
    await cause();
    // The mail server receives all mails but has not accepted any yet.
    await eventually(() => mail.begun() >= before + 6, worker.output);
    breakIt();
    await eventually(() => mail.mails.length >= 6);
    await sleep(OUTAGE_MS);
    proxy.up();
    await allDone();
    // By now any repeated mail would have arrived.
    await sleep(2000);
    expect(mail.mails).toHaveLength(6);
    const { rows } = await database.raw<{ rows: { count: number }[] }>(
      `SELECT count(*) FROM message_effects e JOIN outbox_messages m ON m.id = e.message_id
       WHERE handler = 'email' AND topic IN ('booking.reminder', 'event.message_due')`,
    );
    expect(rows[0]!.count).toBeGreaterThanOrEqual(6);
  });
});
