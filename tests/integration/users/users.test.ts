import { database } from '../../../src/database';
import { createAdmin, ensureFirstAdmin } from '../../../src/services/users/change-access';
import { PASSWORD, registerUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { openConnections } from '../../helpers/connections';
import { holdHashes } from '../../helpers/hashes';

const login = (email: string, password: string) => anonymous.post('/api/auth/login').send({ email, password });

describe('updateProfile', () => {
  it('changes only the given fields: 200', async () => {
    const user = await registerUser();
    const put = (body: object) => as(user).put('/api/auth/profile').send(body);
    expect(
      (await put({ firstName: 'Grace', phone: '+1 555 0100', locale: 'de-AT', timezone: 'Europe/Vienna' })).status,
    ).toBe(200);
    const { status, body } = await put({ lastName: 'Hopper' });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      firstName: 'Grace',
      lastName: 'Hopper',
      phone: '+1 555 0100',
      locale: 'de-AT',
      timezone: 'Europe/Vienna',
      email: user.user.email,
    });
    expect((await as(user).get('/api/auth/profile')).body.data).toEqual(body.data);
    expect((await put({ phone: '', firstName: null })).body.data).toMatchObject({
      phone: null,
      firstName: null,
      lastName: 'Hopper',
    });
  });

  it('keeps other preferences', async () => {
    const user = await registerUser();
    const put = (notificationPreferences: object) =>
      as(user).put('/api/auth/profile').send({ notificationPreferences });
    expect((await as(user).get('/api/auth/profile')).body.data.notificationPreferences).toMatchObject({
      email: { reminders: true },
      sms: { bookings: false },
    });
    await put({ email: { reminders: false } }).expect(200);
    const { body } = await put({ email: { events: false }, sms: { bookings: true } });
    expect(body.data.notificationPreferences).toEqual({
      email: { bookings: true, events: false, waitlist: true, reminders: false, messages: true, support: true },
      inApp: { bookings: true, events: true, waitlist: true, reminders: true, messages: true, support: true },
      sms: { bookings: true, events: false, waitlist: false, reminders: false, messages: false, support: false },
      live: { bookings: true, events: true, waitlist: true, reminders: true, messages: true, support: true },
    });
  });

  it.each([
    ['another role', { role: 'admin' }],
    ['an email', { email: 'other@example.com' }],
    ['verified', { emailVerified: true }],
    ['an invalid locale', { locale: 'not a locale' }],
    ['an invalid time zone', { timezone: 'Mars/Olympus' }],
    ['an offset in place of a time zone', { timezone: '+03:00' }],
    ['an unknown channel', { notificationPreferences: { pigeon: {} } }],
    ['an unknown kind', { notificationPreferences: { email: { gossip: true } } }],
    ['a preference as text', { notificationPreferences: { email: { bookings: 'false' } } }],
    ['a number in place of a name', { firstName: 1 }],
    ['a long name', { lastName: 'x'.repeat(101) }],
    ['half a character', { lastName: '\ud800' }],
  ])('400 for %s, and changes nothing', async (_what, body) => {
    const user = await registerUser();
    const before = await database('users').where({ id: user.user.id }).first();
    const answer = await as(user).put('/api/auth/profile').send(body);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(await database('users').where({ id: user.user.id }).first()).toEqual(before);
  });
});

describe('createAdmin', () => {
  it('makes a new account an admin', async () => {
    const { id } = await createAdmin({ email: ' Root@Example.com ', password: PASSWORD });
    const { status, body } = await login('root@example.com', PASSWORD);
    expect([status, body.data.user]).toEqual([
      200,
      expect.objectContaining({ id, role: 'admin', emailVerified: true }),
    ]);
  });

  it('makes an existing account an admin, and invalidates its password and sessions', async () => {
    const squatter = await registerUser({ isVerified: false });
    await createAdmin({ email: squatter.user.email, password: 'another long pass phrase' });
    expect((await as(squatter).get('/api/auth/profile')).status).toBe(401);
    expect((await login(squatter.user.email, PASSWORD)).status).toBe(401);
    expect((await login(squatter.user.email, 'another long pass phrase')).body.data.user.role).toBe('admin');
  });

  it('refuses a weak password', async () => {
    await expect(createAdmin({ email: 'weak@example.com', password: 'password' })).rejects.toThrow(
      'most common passwords',
    );
    expect(await database('users').where({ email: 'weak@example.com' })).toEqual([]);
  });
});

describe('ensureFirstAdmin', () => {
  const first = (email: string) => ensureFirstAdmin({ email, password: PASSWORD });

  it('creates one admin if there is none, even if several processes start at once', async () => {
    await openConnections();
    for (let round = 0; round < 5; round += 1) {
      await database('users').where({ role: 'admin' }).delete();
      const hashes = holdHashes();
      const starts = Array.from({ length: 8 }, (_, i) => first(`first-${round}-${i}@example.com`));
      await hashes.arrival(8);
      hashes.release();
      expect((await Promise.all(starts)).filter(Boolean)).toHaveLength(1);
      expect(await database('users').where({ role: 'admin' })).toHaveLength(1);
    }
    expect(await first('late@example.com')).toBeUndefined();
  });
});
