import { database } from '../../../src/database';
import { getErasedAddress } from '../../../src/lib/erased';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import { anOpenEvent, booked, booking, theOrganizer } from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { transferring } from '../../helpers/tickets';

const registering = (email: string) => anonymous.post('/api/auth/register').send({ email, password: PASSWORD });

describe('an address', () => {
  it.each([
    ['a zero-width space', 'ad\u200Ba@example.com'],
    ['a zero-width joiner', 'ada\u200D@example.com'],
    ['a word joiner', 'ada@exam\u2060ple.com'],
    ['a soft hyphen', 'a\u00ADda@example.com'],
    ['a byte order mark inside', 'a\uFEFFda@example.com'],
    ['a right-to-left override', 'a\u202Eda@example.com'],
    ['a bidi isolate', 'a\u2066da@example.com'],
    ['a control character', 'a\u0007da@example.com'],
    ['a line separator', 'a\u2028da@example.com'],
    ['a Hangul filler', 'a\u3164da@example.com'],
    ['a tag character', 'a\u{E0041}da@example.com'],
    ['a variation selector', 'a\uFE0Fda@example.com'],
    ['letters of two alphabets', '\u0430da@example.com'],
    ['an invalid domain', 'ada@exa mple.com'],
  ])('is refused with %s, wherever a request contains one', async (_what, email) => {
    for (const path of ['register', 'login', 'forgot-password']) {
      const { status, body } = await anonymous.post(`/api/auth/${path}`).send({ email, password: PASSWORD });
      expect([path, status, body.error?.code]).toEqual([path, 400, 'VALIDATION_ERROR']);
    }
  });

  it.each([
    ['in capitals', (name: string) => `${name.toUpperCase()}@EXAMPLE.COM`],
    ['in full width', (name: string) => `${name.replace('u', '\uFF55')}@example.com`],
    ['with a ligature', (name: string) => `${name.replace('fi', '\uFB01')}@example.com`],
    ['with full-width letters in the domain', (name: string) => `${name}@ex\uFF41mple.com`],
  ])('is normalized: %s', async (_what, spell) => {
    const name = `unify-fi-${Math.random().toString(36).slice(2)}`;
    const { body } = await registering(spell(name)).expect(201);
    expect(body.data.user.email).toBe(`${name}@example.com`);
    expect((await registering(`${name}@example.com`)).body.error.code).toBe('USER_EXISTS');
    await anonymous
      .post('/api/auth/login')
      .send({ email: spell(name), password: PASSWORD })
      .expect(200);
  });

  it('is stored with its domain in ASCII', async () => {
    const { body } = await registering('Grüße@Bücher.example').expect(201);
    expect(body.data.user.email).toBe('grüße@xn--bcher-kva.example');
    await anonymous.post('/api/auth/login').send({ email: 'grüße@bücher.EXAMPLE', password: PASSWORD }).expect(200);
    expect((await registering('grüße@xn--bcher-kva.example')).body.error.code).toBe('USER_EXISTS');
  });
});

describe('accounts whose addresses lead to one mailbox', () => {
  const accounts = (name: string) => [
    `${name}@gmail.com`,
    `${name}+tickets@gmail.com`,
    `${name[0]}.${name.slice(1)}@googlemail.com`,
  ];
  let number = 0;
  const aName = (): string => `mailbox${(number += 1)}`;

  it('share the limits of one user once they are verified', async () => {
    const organizer = await theOrganizer();
    const many = await makeEvent(organizer, { maxPerUser: 3, allowMultipleBookings: true });
    const single = await makeEvent(organizer);
    const users = [];
    for (const email of accounts(aName())) users.push(await registerUser({ email }));
    const [one, two, three] = users as [TestUser, TestUser, TestUser];
    // A process learns of an account when it first sees one of its tokens.
    for (const user of users) await as(user).get('/api/auth/profile').expect(200);
    await booked(one, many.id, 2);
    await booked(two, many.id, 1);
    expect((await booking(three, many.id)).body.error.code).toBe('VALIDATION_ERROR');
    await booked(three, single.id);
    expect((await booking(one, single.id)).body.error.code).toBe('DUPLICATE_BOOKING');
  });

  it('share nothing while they are unverified, or if the host does not support tags', async () => {
    const event = await makeEvent(await theOrganizer());
    const name = aName();
    const stranger = await registerUser({ email: `${name}+x@gmail.com`, isVerified: false });
    const owner = await registerUser({ email: `${name}@gmail.com` });
    const dotted = await registerUser({ email: `${name[0]}.${name.slice(1)}@example.com` });
    const plain = await registerUser({ email: `${name}@example.com` });
    for (const user of [stranger, owner, dotted, plain]) await booked(user, event.id);
  });
});

describe('the addresses of erased accounts', () => {
  const taken = ['erased-1@erased.invalid', 'Erased-1@ERASED.Invalid', 'x@sub.erased.invalid', 'x@erased\uFF0Einvalid'];

  it.each(taken)('cannot be registered: %s', async (email) => {
    const owner = await registerUser();
    const event = await anOpenEvent({ allowMultipleBookings: true });
    const bought = await booked(owner, event.id);
    const attempts = [
      registering(email),
      as(owner)
        .post('/api/bookings')
        .send({ eventId: event.id, ticketsCount: 1, attendees: [{ name: 'Grace Hopper', email }] }),
      transferring(owner, bought.id, bought.tickets[0]!.id, { email }),
    ];
    for (const attempt of attempts) expect((await attempt).status).toBe(400);
  });

  it('are unpredictable, so that one erasure cannot block another', async () => {
    const user = await registerUser();
    expect(getErasedAddress(user.user.id)).not.toBe(getErasedAddress(user.user.id));
    // Such an address could be registered before the API refused them.
    await registerUser({ email: `erased-${user.user.id}@erased.invalid` });
    await as(user).delete('/api/users/me').send({ password: PASSWORD }).expect(204);
    const [erased] = await database('users').where({ id: user.user.id }).select('email', 'erased_at');
    expect(erased).toMatchObject({ email: expect.stringMatching(/@erased\.invalid$/), erased_at: expect.any(Date) });
  });
});
