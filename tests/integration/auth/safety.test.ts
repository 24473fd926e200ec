import { database } from '../../../src/database';
import { routes } from '../../../src/routes';
import { PASSWORD, registerUser, registerUsers, type TestUser } from '../../helpers/accounts';
import { anOpenEvent, booked, theOrganizer } from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { aPaidOrder } from '../../helpers/orders';

let number = 0;
const anAddress = (): string => `safety.person${(number += 1)}@example.com`;
const registering = (password: string, more: object = {}) =>
  anonymous.post('/api/auth/register').send({ email: anAddress(), password, ...more });

describe('a password', () => {
  it.each([
    ['one letter', 'a'.repeat(12)],
    ['one letter in both cases', 'aAaAaAaAaA'],
    ['two letters', 'abababababab'],
    ['one digit', '00000000'],
    ['a repeated block', 'tree'.repeat(4)],
    ['blanks', ' '.repeat(10)],
    ['blanks of several kinds', ' \u00A0\u2003\u3000 \u00A0\u2003\u3000'],
    ['invisible characters', '\u200B\u200C\u200D\u2060\u200B\u200C\u200D\u2060'],
    ['full-width letters of one kind', '\uFF41'.repeat(9)],
  ])('of %s is refused', async (_what, password) => {
    const { status, body } = await registering(password);
    expect([status, body.error?.details?.[0]?.path]).toEqual([400, 'password']);
  });

  it.each([
    ['the user’s address', (email: string) => email],
    ['the user’s address in capitals', (email: string) => email.toUpperCase()],
    ['the user’s address and a digit', (email: string) => `${email}1`],
    ['the part before the @', (email: string) => email.split('@')[0]!],
    ['the part before the @ and a year', (email: string) => `${email.split('@')[0]!}!24`],
    ['the user’s name', () => 'Augusta-King'],
    ['the user’s name in reverse order', () => 'king.augusta'],
  ])('that is %s is refused wherever one is chosen', async (_what, choose) => {
    const email = anAddress();
    const weak = choose(email);
    const body = { email, firstName: 'Augusta', lastName: 'King' };
    expect((await registering(weak, body)).status).toBe(400);
    const { body: registered } = await registering(PASSWORD, body).expect(201);
    const changing = await as(registered.data.token as string)
      .put('/api/auth/change-password')
      .send({ currentPassword: PASSWORD, newPassword: weak });
    expect([changing.status, changing.body.error?.details?.[0]?.path]).toEqual([400, 'newPassword']);
  });

  it.each(['correct horse battery', 'Tr0ub4dor&3x', 'my cat is augusta of the hill', 'zwölf Boxkämpfer'])(
    'that is strong is accepted: %s',
    async (password) => {
      await registering(password, { firstName: 'Augusta' }).expect(201);
    },
  );
});

describe('a session', () => {
  const daysAgo = (days: number) => database.raw('now() - make_interval(days => ?)', [days]);
  const refreshing = (refreshToken: string) => anonymous.post('/api/auth/refresh').send({ refreshToken });

  async function signedIn() {
    const { user } = await registerUser();
    const { body } = await anonymous
      .post('/api/auth/login')
      .send({ email: user.email, password: PASSWORD })
      .expect(200);
    const [session] = await database('sessions')
      .where({ user_id: user.id })
      .orderBy('id', 'desc')
      .limit(1)
      .select('id');
    return {
      refreshToken: body.data.refreshToken as string,
      token: body.data.token as string,
      sessionId: session!.id as number,
    };
  }

  it('ends 30 days after its login, even if it is used', async () => {
    const { refreshToken, sessionId } = await signedIn();
    await database('sessions')
      .where({ id: sessionId })
      .update({ created_at: daysAgo(29) });
    const { body } = await refreshing(refreshToken).expect(200);
    const [row] = await database('sessions').where({ id: sessionId }).select('expires_at');
    expect((row!.expires_at as Date).getTime()).toBeLessThan(Date.now() + 86_500_000);
    await database('sessions')
      .where({ id: sessionId })
      .update({ created_at: daysAgo(31), expires_at: daysAgo(1) });
    expect((await refreshing(body.data.refreshToken)).status).toBe(401);
  });

  it('accepts no access token after that, even one that has not expired', async () => {
    const { token, sessionId } = await signedIn();
    await database('sessions')
      .where({ id: sessionId })
      .update({ created_at: daysAgo(31) });
    expect((await as(token).get('/api/auth/profile')).status).toBe(401);
  });
});

describe('private responses', () => {
  it('are not cached: the user’s documents, and responses with tokens', async () => {
    const { owner, booking, orderId } = await aPaidOrder();
    const organizer = await theOrganizer();
    const event = await anOpenEvent();
    await booked(await registerUser(), event.id);
    const places: [TestUser, string][] = [
      [owner, `/api/bookings/${booking.id}/tickets.pdf`],
      [owner, `/api/bookings/${booking.id}/calendar.ics`],
      [owner, `/api/orders/${orderId}/invoice.pdf`],
      [owner, '/api/users/me/export'],
      [organizer, `/api/events/${event.id}/attendees.csv`],
    ];
    for (const [user, place] of places) {
      const { headers } = await as(user).get(place).expect(200);
      expect([place, headers['cache-control']]).toEqual([place, 'private, no-store']);
    }
    const login = await anonymous.post('/api/auth/login').send({ email: owner.user.email, password: PASSWORD });
    expect(login.headers['cache-control']).toBe('private, no-store');
    expect(routes.filter(({ stream, access }) => stream && access !== 'public').length).toBeGreaterThan(places.length);
  });
});

describe('the last two admins', () => {
  it('cannot be erased, demoted or suspended at the same time', async () => {
    await database('users').where({ role: 'admin' }).update({ role: 'customer' });
    const erasing = (user: TestUser) => as(user).delete('/api/users/me').send({ password: PASSWORD });
    const changing = (user: TestUser, change: object) => as(user).put(`/api/admin/users/${user.user.id}`).send(change);
    const acts: ((user: TestUser) => PromiseLike<{ status: number }>)[] = [
      erasing,
      (user) => changing(user, { role: 'customer' }),
      (user) => changing(user, { status: 'suspended' }),
    ];
    for (const [one, other] of [
      [0, 0],
      [0, 1],
      [0, 2],
    ] as const) {
      const admins = (await registerUsers(2, { role: 'admin' })) as [TestUser, TestUser];
      const answers = await Promise.all([acts[one]!(admins[0]), acts[other]!(admins[1])]);
      expect(answers.map(({ status }) => status).filter((status) => status === 409)).toHaveLength(1);
      const [left] = await database('users')
        .where({ role: 'admin', status: 'active' })
        .count<{ count: number }[]>('* as count');
      expect(left!.count).toBe(1);
      await database('users').where({ role: 'admin' }).whereNull('erased_at').update({ role: 'customer' });
    }
  });
});
