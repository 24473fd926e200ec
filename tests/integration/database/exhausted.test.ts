import express, { type RequestHandler } from 'express';
import supertest from 'supertest';
import { createKnex, type Db } from '../../../src/database';
import { errorHandler } from '../../../src/http/error-handler';
import { anOpenEvent, booked, booking, codeOf, registerUser, theOrganizer } from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { inHours } from '../../helpers/events';

// A server without free disk or memory still responds, but refuses writes.

let owner: Db;
beforeAll(() => {
  owner = createKnex(process.env.DATABASE_OWNER_URL ?? '', { max: 1, applicationName: 'exhaustion' });
});
afterAll(() => owner.destroy());
afterEach(() => jest.restoreAllMocks());

async function refuseRows(state: string): Promise<void> {
  await owner.raw(`
    CREATE FUNCTION refuse_rows() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '${state}'; END $$`);
  for (const table of ['bookings', 'events', 'sessions'])
    await owner.raw(
      'CREATE TRIGGER refuse BEFORE INSERT ON ?? FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows()',
      table,
    );
}

const takeRows = (): Promise<unknown> => Promise.resolve(owner.raw('DROP FUNCTION refuse_rows CASCADE'));

const now = performance.now.bind(performance);
let passed = 0;

/** Advances the clock of the process. */
function pass(ms: number): void {
  passed += ms;
  jest.spyOn(performance, 'now').mockImplementation(() => now() + passed);
}

describe.each([
  ['a full disk', '53100'],
  ['no memory left', '53200'],
  ['too many connections', '53300'],
  ['a limit of its configuration', '53400'],
  ['an I/O error', '58030'],
])('%s (%s)', (_what, state) => {
  it('makes writes return 503 at once, and the process not ready until it is over', async () => {
    const event = await anOpenEvent();
    const [user, organizer] = [await registerUser(), await theOrganizer()];
    pass(0);
    await anonymous.get('/health/ready').expect(200);
    await refuseRows(state);
    try {
      const begin = performance.now();
      const refused = [
        await booking(user, event.id),
        await as(organizer)
          .post('/api/events')
          .send({ title: 'No room', startDate: inHours(100) }),
        await anonymous.post('/api/auth/login').send({ email: user.user.email, password: 'a long enough pass phrase' }),
      ];
      for (const response of refused)
        expect([response.status, codeOf(response), response.headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '1']);
      expect(performance.now() - begin).toBeLessThan(3000);
    } finally {
      await takeRows();
    }
    pass(1500);
    const { body } = await anonymous.get('/health/ready').expect(503);
    expect(body.error.details).toEqual([
      { path: 'database', message: 'PostgreSQL has run out of disk space, memory or connections.' },
    ]);
    pass(20_000);
    await anonymous.get('/health/ready').expect(200);
    await booked(user, event.id);
  });
});

it.each([
  ['has become read-only', '25006'],
  ['ends idle sessions', '57P05'],
  ['limits transactions', '25P04'],
  ['finds a conflict every time', '40001'],
  ['finds a deadlock every time', '40P01'],
])('a server that %s (%s) makes writes return 503, and bookings work once it is over', async (_what, state) => {
  const event = await anOpenEvent();
  const [user, organizer] = [await registerUser(), await theOrganizer()];
  await refuseRows(state);
  try {
    const refused = [
      await booking(user, event.id),
      await as(organizer)
        .post('/api/events')
        .send({ title: 'No room', startDate: inHours(100) }),
      await anonymous.post('/api/auth/login').send({ email: user.user.email, password: 'a long enough pass phrase' }),
    ];
    for (const response of refused)
      expect([response.status, codeOf(response), response.headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '1']);
  } finally {
    await takeRows();
  }
  await booked(user, event.id);
});

it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE'])(
  'a disk of the program that fails with %s is a 503',
  async (code) => {
    const fail: RequestHandler = (_req, _res, next) =>
      next(Object.assign(new Error(`${code}: cannot write`), { code, syscall: 'write' }));
    const response = await supertest(express().use(fail, errorHandler)).get('/');
    expect([response.status, codeOf(response), response.headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '1']);
    expect(response.text).not.toContain(code);
  },
);
