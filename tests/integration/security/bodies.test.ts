import type { Test } from 'supertest';
import { routes } from '../../../src/routes';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as, type Client } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { PDF } from '../../helpers/files';
import { fill, targetsOf } from '../../helpers/routes/targets';
import { makeWorld, type World } from '../../helpers/routes/world';

const takesNone = routes
  .filter(({ body, rawBody, upload }) => !body && !rawBody && !upload)
  .map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

/** Returns the status and the fields that a 400 names. */
async function namedBy(sent: Test): Promise<{ status: number; paths: string[] | undefined }> {
  const { status, body } = (await sent) as {
    status: number;
    body: { error?: { details?: { path: string }[] } };
  };
  return { status, paths: body.error?.details?.map(({ path }) => path) };
}

describe('a body that a route does not accept', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });

  it.each(takesNone)('is refused, naming its fields: %s', async (_place, route) => {
    const path = fill(route.path, targetsOf(route)[0]?.params(world) ?? {});
    const client = (): Client => (route.access === 'public' ? anonymous : as(world.users.admin));
    const refused = { status: 400, paths: ['reason', 'foo'] };
    expect(await namedBy(client()[route.method](path).send({ reason: 'Storm', foo: 1 }))).toEqual(refused);
    expect(await namedBy(client()[route.method](path).type('form').send('reason=Storm&foo=1'))).toEqual(refused);
    await client()[route.method](path).type('json').send('{').expect(400);
    await client()[route.method](path).type('json').send('[1]').expect(400);
    await client()[route.method](path).type('text').send('foo').expect(415);
    await client()[route.method](path).attach('file', PDF, 'a.pdf').expect(415);
  });
});

describe('a body without fields', () => {
  let user: TestUser;
  beforeEach(async () => {
    user = await registerUser({ role: 'organizer' });
  });

  it.each([
    ['nothing', ''],
    ['no fields', '{}'],
    ['null', 'null'],
  ])('is treated like no body: %s', async (_what, text) => {
    const { id } = await makeEvent(user);
    await as(user).delete(`/api/events/${id}`).type('json').send(text).expect(204);
    await as(user).get('/api/bookings').type('json').send(text).expect(200);
    await as(user).post('/api/auth/logout').type('json').send(text).expect(204);
  });
});

describe('a cached list', () => {
  it('does not hide the refusal of a body', async () => {
    await anonymous.get('/api/events').expect(200);
    expect(await namedBy(anonymous.get('/api/events').send({ category: 'music' }))).toEqual({
      status: 400,
      paths: ['category'],
    });
  });
});
