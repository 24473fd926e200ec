import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { config } from '../../../src/config';
import { closeBoardQueues } from '../../../src/integrations/queue/board';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as, type Client } from '../../helpers/client';
import { startInstance, type Instance } from '../../helpers/instance';
import { describeWithRedis, testRedisUrl } from '../../helpers/servers/redis';

const SESSION = '/admin/queues/session';

/** Exchanges an admin's token for the cookie of the queue board. */
async function passOf(admin: TestUser, client: Client = as(admin)): Promise<string> {
  const { headers } = await client.post(SESSION).expect(204);
  return (headers as unknown as { 'set-cookie': string[] })['set-cookie'][0]!;
}

const pairOf = (cookie: string): string => cookie.split(';')[0]!;

describe('GET /admin', () => {
  it('serves the desk for every section, whose policy allows nothing inline but the import map, with an ETag', async () => {
    for (const path of ['/admin', '/admin/', '/admin/users', '/admin/events/7']) {
      const { headers, text } = await anonymous.get(path).expect(200);
      const policy = headers['content-security-policy']!;
      expect(policy).toMatch(/^default-src 'none';script-src 'self' 'sha256-[^']+';style-src 'self';/);
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toContain('unsafe');
      expect(text).not.toMatch(/<style| style=| on\w+=/);
      await anonymous.get(path).set('If-None-Match', headers.etag!).expect(304);
    }
  });

  it('404 for sections that do not exist; 405 for other methods', async () => {
    for (const path of ['nothing', 'index.html', '..%2F..%2Fpackage.json', '.git', 'users/1/2/3'])
      await anonymous.get(`/admin/${path}`).expect(404);
    for (const path of ['/admin', '/icon.svg']) {
      const { headers } = await anonymous.post(path).expect(405);
      expect(headers.allow).toBe('GET, HEAD, OPTIONS');
    }
    const { headers } = await anonymous.get('/icon.svg').expect(200);
    expect(headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
  });
});

interface Asked {
  as: (admin: TestUser) => Client;
  anonymous: Client;
}

function looksAtQueues(asked: () => Asked): void {
  it('shows the queues to an admin with the cookie, until the session ends', async () => {
    const { anonymous: guest, as: signedIn } = asked();
    const admin = await registerUser({ role: 'admin' });
    const cookie = await passOf(admin, signedIn(admin));
    expect(cookie).toMatch(/^bilten_queues=[^;]+; Max-Age=3600; Path=\/admin\/queues; .*HttpOnly; SameSite=Strict$/);
    const Cookie = pairOf(cookie);
    const { body } = await guest.get('/admin/queues/api/queues').set({ Cookie }).expect(200);
    const names = (body as { queues: { name: string; readOnlyMode: boolean }[] }).queues.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['email', 'notification', 'payments']));
    const page = await guest.get('/admin/queues').set({ Cookie }).expect(200);
    expect(page.text).not.toContain('googleapis');
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    for (const method of ['put', 'post', 'delete'] as const)
      await guest[method]('/admin/queues/api/queues/email/pause').set({ Cookie }).expect(405);
    await signedIn(admin).post('/api/auth/logout').expect(204);
    await guest.get('/admin/queues/api/queues').set({ Cookie }).expect(401);
  });
}

describe('GET /admin/queues', () => {
  afterAll(closeBoardQueues);
  looksAtQueues(() => ({ as, anonymous }));

  it('is for admins only, and does not accept an access token in place of the cookie', async () => {
    const admin = await registerUser({ role: 'admin' });
    await anonymous.post(SESSION).expect(401);
    for (const role of ['customer', 'organizer'] as const)
      await as(await registerUser({ role }))
        .post(SESSION)
        .expect(403);
    const pass = pairOf(await passOf(admin)).split('=')[1]!;
    await anonymous.get('/api/admin/users').set('Authorization', `Bearer ${pass}`).expect(401);
    const path = '/admin/queues/api/queues';
    for (const value of [admin.token, `${pass}x`, 'nonsense'])
      await anonymous.get(path).set('Cookie', `bilten_queues=${value}`).expect(401);
    await anonymous.get(path).set('Authorization', `Bearer ${admin.token}`).expect(401);
    // A request for the page redirects to the login.
    const { headers } = await anonymous.get('/admin/queues').expect(303);
    expect(headers.location).toBe('/admin');
  });

  it('is loaded on first use, not in every API process', () => {
    const app = path.join(__dirname, '..', '..', '..', 'dist', 'app.js');
    const script = `require(${JSON.stringify(app)}).createApp(); console.log(Object.keys(require.cache).filter((file) => /bull/.test(file)).length); process.exit()`;
    expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim()).toBe('0');
  });

  it('clears the cookie, and marks it Secure in production', async () => {
    const admin = await registerUser({ role: 'admin' });
    const { headers } = await anonymous.delete(SESSION).expect(204);
    expect((headers as unknown as { 'set-cookie': string[] })['set-cookie'][0]).toContain(
      'bilten_queues=; Path=/admin/queues; Expires=Thu, 01 Jan 1970',
    );
    config.isProduction = true;
    expect(await passOf(admin)).toContain('; Secure;');
    config.isProduction = false;
  });
});

describeWithRedis('GET /admin/queues, with the queues on Redis', () => {
  let instance: Instance;
  beforeAll(() => {
    instance = startInstance({ REDIS_URL: testRedisUrl! });
  });
  afterAll(() => instance.close());
  looksAtQueues(() => ({ as: ({ token }) => instance.as(token), anonymous: instance.anonymous }));
});
