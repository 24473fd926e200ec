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
  it('serves a page whose policy allows nothing inline, with an ETag', async () => {
    const { headers, text } = await anonymous.get('/admin').expect(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';script-src 'self';style-src 'self';/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['cache-control']).toBe('no-cache');
    expect(text).not.toMatch(/<style|<script(?! (type="module"|defer) )| style=| on\w+=|\{\{|https?:/);
    await anonymous.get('/admin').set('If-None-Match', headers.etag!).expect(304);
    await anonymous.get('/admin/').expect(200);
  });

  it('serves its files with revalidation and its libraries as immutable', async () => {
    const { text } = await anonymous.get('/admin').expect(200);
    const urls = [...text.matchAll(/(?:src|href)="(\/admin\/[^"]+)"/g)].map(([, url]) => url!);
    expect(urls.length).toBeGreaterThanOrEqual(6);
    for (const url of new Set(urls)) {
      const { headers } = await anonymous.get(url).expect(200);
      const isLibrary = url.startsWith('/admin/lib/');
      expect(headers['cache-control']).toBe(isLibrary ? 'public, max-age=31536000, immutable' : 'no-cache');
      expect(headers.etag).toMatch(/^W?\/?"/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      await anonymous.get(url).set('If-None-Match', headers.etag!).expect(304);
    }
  });

  it('404 for missing files and paths outside the folder; 405 for other methods', async () => {
    const elsewhere = [
      'nothing',
      'index.html',
      '..%2F..%2Fpackage.json',
      '.git',
      'lib/chart.js/0.0.0/chart.umd.min.js',
    ];
    for (const path of elsewhere) await anonymous.get(`/admin/${path}`).expect(404);
    const { headers } = await anonymous.post('/admin').expect(405);
    expect(headers.allow).toBe('GET, HEAD, OPTIONS');
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
