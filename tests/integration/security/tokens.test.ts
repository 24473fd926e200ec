import jwt from 'jsonwebtoken';
import request from 'supertest';
import { routes } from '../../../src/routes';
import { getAccessTokenKey } from '../../../src/services/secrets.service';
import { changeAccess } from '../../../src/services/users/change-access';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as, testApp } from '../../helpers/client';
import { makeEvent, type TestEvent } from '../../helpers/events';
import { picture, uploaded } from '../../helpers/files';

let organizer: TestUser;
let draft: TestEvent;
/** Invalid `Authorization` headers, and the status and code of the refusal. */
let refused: [what: string, header: string, status: number, code: string][];

const expired = ({ token }: TestUser): string => {
  const claims = jwt.decode(token) as jwt.JwtPayload;
  return jwt.sign({ ...claims, exp: claims.iat! - 1 }, getAccessTokenKey());
};

beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  draft = await makeEvent(organizer, { status: 'draft' });
  const [signedOut, suspended] = [await registerUser(), await registerUser()];
  await as(signedOut).post('/api/auth/logout').expect(204);
  await changeAccess(suspended.user.id, { status: 'suspended' });
  refused = [
    ['expired', `Bearer ${expired(organizer)}`, 401, 'TOKEN_EXPIRED'],
    ['forged', `Bearer ${organizer.token}x`, 401, 'UNAUTHORIZED'],
    ['of a session that has ended', `Bearer ${signedOut.token}`, 401, 'UNAUTHORIZED'],
    ['of a suspended account', `Bearer ${suspended.token}`, 403, 'ACCOUNT_SUSPENDED'],
    ['no token at all', 'Bearer', 401, 'UNAUTHORIZED'],
    ['without its scheme', organizer.token, 401, 'UNAUTHORIZED'],
  ];
});

const publicRoutes = routes
  .filter(({ access }) => access === 'public')
  .map(({ method, path }) => [method, `/api${path.replaceAll(/:\w+/g, '1')}`] as const);

describe('an invalid token', () => {
  it.each(publicRoutes)('is refused even on a public route: %s %s', async (method, path) => {
    for (const [what, header, status, code] of refused) {
      const answer = await anonymous[method](path).set('Authorization', header);
      expect({ what, status: answer.status, code: answer.body.error?.code }).toEqual({ what, status, code });
    }
  });

  it.each(['/api/nothing', '/api/docs/', '/api/openapi.json'])(
    'is refused outside the declared routes: %s',
    async (path) => {
      for (const [what, header, status] of refused) {
        const answer = await request(testApp()).get(path).set('Authorization', header);
        expect({ what, status: answer.status }).toEqual({ what, status });
      }
    },
  );

  it('is refused even if a list is cached', async () => {
    const path = '/api/events?category=cached-for-strangers';
    await anonymous.get(path).expect(200);
    for (const [, header, status] of refused) await anonymous.get(path).set('Authorization', header).expect(status);
    await anonymous.get(path).expect(200);
  });

  it('is refused for an uploaded file', async () => {
    const { url } = await uploaded(organizer, await picture());
    const { pathname } = new URL(url);
    await anonymous.get(pathname).expect(200);
    await as(organizer).get(pathname).expect(200);
    for (const [, header, status] of refused) await anonymous.get(pathname).set('Authorization', header).expect(status);
  });

  it('gets 401 rather than 404 for a draft', async () => {
    const answer = await as(expired(organizer)).get(`/api/events/${draft.id}`).expect(401);
    expect(answer.body.error.code).toBe('TOKEN_EXPIRED');
    const mine = await as(expired(organizer)).get('/api/events?mine=true').expect(401);
    expect(mine.body.error.code).toBe('TOKEN_EXPIRED');
    await as(organizer).get(`/api/events/${draft.id}`).expect(200);
  });
});
