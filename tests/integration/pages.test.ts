import type { Request } from 'express';
import request from 'supertest';
import { database } from '../../src/database';
import { AppError } from '../../src/errors';
import { renderFailurePage } from '../../src/http/pages/failure-page';
import { getBookingLinkUrl } from '../../src/services/booking-links/link-tokens';
import { createFrontendLinks, createPageLinks } from '../../src/services/notifications/mail/links';
import { PASSWORD, registerUser } from '../helpers/accounts';
import { anOpenEvent } from '../helpers/bookings';
import { anonymous, testApp } from '../helpers/client';
import { makeEvent } from '../helpers/events';

const page = (path: string, headers: Record<string, string> = {}) =>
  request(testApp())
    .get(path)
    .set({ Accept: 'text/html', ...headers });
const session = () => request(testApp()).post('/session');

async function logIn(): Promise<{ refreshToken: string; userId: number }> {
  const { user } = await registerUser();
  const { body } = await anonymous.post('/api/auth/login').send({ email: user.email, password: PASSWORD }).expect(200);
  return { refreshToken: body.data.refreshToken as string, userId: user.id };
}

const cookiesOf = ({ headers }: { headers: Record<string, unknown> }) => (headers['set-cookie'] as string[]) ?? [];
const toCookieHeader = (cookies: string[]): string => cookies.map((cookie) => cookie.split(';', 1)[0]!).join('; ');

describe('a page', () => {
  it('allows only its own scripts, and nothing that becomes markup by mistake', async () => {
    const { headers, text } = await page('/').expect(200);
    const policy = headers['content-security-policy']!;
    expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]+';/);
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|https:/);
    // The import map is the only inline script; the other blocks are data.
    const scripts = [...text.matchAll(/<script(?![^>]* src=)[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.map((tag) => /type="([^"]+)"/.exec(tag)?.[1])).toEqual(['importmap', 'application/json']);
  });

  it('never lets a title end its script or become markup', async () => {
    const title = '</script><img src=x onerror=alert(1)> & "quotes"';
    const { id } = await anOpenEvent({ title });
    const { text } = await page(`/e/${id}`).expect(200);
    expect(text).not.toContain('<img src=x');
    expect(text.match(/<\/script>/g)).toHaveLength((text.match(/<script/g) ?? []).length);
    const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text)![1]!;
    expect((JSON.parse(data) as { props: { event: { title: string } } }).props.event.title).toBe(title);
  });

  it('is in the language that was chosen, else in one that the browser prefers', async () => {
    expect((await page('/', { 'Accept-Language': 'de-AT,en;q=0.5' })).text).toContain('<html lang="de">');
    expect((await page('/', { 'Accept-Language': 'fr' })).text).toContain('<html lang="en">');
    const chosen = await page('/?lang=de&category=music').expect(303);
    expect(chosen.headers.location).toBe('/?category=music');
    const { text, headers } = await page('/', { Cookie: toCookieHeader(cookiesOf(chosen)), 'Accept-Language': 'en' });
    expect(text).toContain('<html lang="de">');
    expect(headers.vary).toMatch(/Accept-Language.*Cookie/);
  });

  it('answers 304 while nothing has changed', async () => {
    const { id } = await anOpenEvent();
    const { etag } = (await page(`/e/${id}`).expect(200)).headers;
    await page(`/e/${id}`, { 'If-None-Match': etag! }).expect(304);
    await database('events')
      .where({ id })
      .update({ title: 'Another title', version: database.raw('version + 1') });
    await page(`/e/${id}`, { 'If-None-Match': etag! }).expect(200);
  });

  it('exists only for what everybody can see, and answers everything else with a page', async () => {
    const draft = await makeEvent(await registerUser({ role: 'organizer' }), { status: 'draft' });
    for (const path of [`/e/${draft.id}`, '/e/2000000000', '/account/nothing', '/account/orders/5'])
      expect((await page(path).expect(404)).type).toBe('text/html');
    for (const path of ['/e/x', '/account/support/x']) await page(path).expect(400);
    expect((await request(testApp()).post('/account').expect(405)).headers.allow).toBe('GET, HEAD, OPTIONS');
  });

  it('shows what is on although the address is cut off', async () => {
    for (const query of ['page=x', 'from=2030-02-30', 'page=999999999999', 'search[]=x'])
      expect((await page(`/?${query}`).expect(200)).text).toContain('id="app"');
  });

  it('does not send anybody to another host', async () => {
    const next = async (value: string) => {
      const { text } = await page(`/sign-in?next=${encodeURIComponent(value)}`).expect(200);
      const data = /id="data">(.*?)<\/script>/s.exec(text)![1]!;
      return (JSON.parse(data) as { props: { next: string } }).props.next;
    };
    expect(await next('/e/5?x=1')).toBe('/e/5?x=1');
    for (const value of ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', ''])
      expect(await next(value)).toBe('/account');
    expect((await page('//evil.example/?lang=de')).status).toBe(404);
  });
});

it('a page that fails for now offers to try again', () => {
  const req = { headers: {}, acceptsLanguages: () => 'en' } as unknown as Request;
  expect(renderFailurePage(req, new AppError('UNAVAILABLE'), 'id')).toContain('<a href="">Try again</a>');
  expect(renderFailurePage(req, new AppError('NOT_FOUND'), 'id')).not.toContain('Try again');
});

describe('the files of the pages', () => {
  it('are cached permanently at the current version, and not at another', async () => {
    const { text } = await page('/');
    const [url = ''] = /\/pages\/[\w-]+\/lib\/start\.js/.exec(text) ?? [];
    const current = await request(testApp()).get(url).expect(200);
    expect(current.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const other = await request(testApp()).get('/pages/another/lib/start.js').expect(200);
    expect(other.headers['cache-control']).toBe('no-cache');
    expect(other.text).toBe(current.text);
    for (const path of ['package.json', 'tsconfig.json', '../admin/app.js', 'lib'])
      await request(testApp()).get(`/pages/x/${path}`).expect(404);
  });
});

describe('the session of the pages', () => {
  it('keeps the refresh token where scripts cannot read it, and renews it', async () => {
    const { refreshToken, userId } = await logIn();
    const opened = await session().send({ refreshToken }).expect(200);
    const [kept = '', sign = ''] = cookiesOf(opened);
    expect(kept).toMatch(/^bilten_session=[\w-]+; .*Path=\/session; .*HttpOnly; SameSite=Strict$/);
    expect(sign).toMatch(/^bilten_signed_in=1; .*Path=\/; .*SameSite=Strict$/);
    expect(opened.text).not.toContain(/=([^;]+)/.exec(kept)![1]);
    const renewed = await session()
      .set('Cookie', toCookieHeader([kept]))
      .expect(200);
    const { body } = await request(testApp())
      .get('/api/auth/profile')
      .set('Authorization', `Bearer ${(renewed.body as { data: { token: string } }).data.token}`)
      .expect(200);
    expect(body.data.id).toBe(userId);
  });

  it('says that nobody is signed in, and forgets a session that has ended', async () => {
    expect((await session().expect(200)).body).toEqual({ success: true, data: { token: null } });
    const { refreshToken, userId } = await logIn();
    const cookie = toCookieHeader(cookiesOf(await session().send({ refreshToken })));
    await database('sessions').where('user_id', userId).update({ revoked_at: new Date() });
    const ended = await session().set('Cookie', cookie).expect(200);
    expect(ended.body).toEqual({ success: true, data: { token: null } });
    expect(cookiesOf(ended).every((each) => each.includes('Expires=Thu, 01 Jan 1970'))).toBe(true);
  });

  it('serves only pages of its own host', async () => {
    const { refreshToken } = await logIn();
    const cookie = toCookieHeader(cookiesOf(await session().send({ refreshToken })));
    for (const headers of [
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'http://localhost:3000' },
    ]) {
      const refused = await session()
        .set({ ...headers, Cookie: cookie })
        .expect(403);
      expect(cookiesOf(refused)).toEqual([]);
      await request(testApp())
        .delete('/session')
        .set({ ...headers, Cookie: cookie })
        .expect(403);
    }
    await session().set({ 'Sec-Fetch-Site': 'same-origin', Cookie: cookie }).expect(200);
    expect(cookiesOf(await request(testApp()).delete('/session').expect(204))).toHaveLength(2);
  });
});

describe('the links in mails', () => {
  it('lead to the pages of the program, or to those of a front end', () => {
    const own = createPageLinks('https://tickets.example');
    const foreign = createFrontendLinks('https://front.example');
    expect([own.event(5), own.booking(7), own.booking(7, '7.1.x'), own.order(9)]).toEqual([
      'https://tickets.example/e/5',
      'https://tickets.example/bookings/7',
      'https://tickets.example/b/7.1.x',
      'https://tickets.example/orders/9',
    ]);
    expect([foreign.event(5), foreign.booking(7, '7.1.x')]).toEqual([
      'https://front.example/events/5',
      'https://front.example/bookings/7?token=7.1.x',
    ]);
    const desk = 'https://tickets.example/admin/support/5';
    const ofFrontend = createFrontendLinks('https://front.example', 'https://tickets.example');
    expect([own.supportDesk(5), ofFrontend.supportDesk(5)]).toEqual([desk, desk]);
    expect(own.verifyEmail('A')).toBe('https://tickets.example/verify-email?token=A');
    expect(own.resetPassword('A')).toBe('https://tickets.example/reset-password?token=A');
  });

  it('work at the paths of a front end too', async () => {
    const { id } = await anOpenEvent();
    const token = /booking-links\/([^/]+)\//.exec(getBookingLinkUrl({ bookingId: 7, userId: 1 }, 'tickets.pdf'))![1]!;
    expect((await page(`/events/${id}`).expect(302)).headers.location).toBe(`/e/${id}`);
    expect((await page(`/bookings/7?token=${token}`).expect(302)).headers.location).toBe(`/b/${token}`);
    await page('/bookings/7').expect(200);
    await page(`/b/${token}`).expect(200);
    const [own, foreign] = [createPageLinks(''), createFrontendLinks('')];
    const [ticket, credits, licenses] = [own.supportTicket(5), own.credits(), own.licenses()];
    expect((await page(foreign.supportTicket(5)).expect(302)).headers.location).toBe(ticket);
    expect((await page(foreign.credits()).expect(302)).headers.location).toBe(credits);
    expect((await page(foreign.licenses()).expect(302)).headers.location).toBe(licenses);
    const others = [own.event(id), own.order(9), own.supportDesk(5), own.verifyEmail('A'), own.resetPassword('A')];
    for (const path of [ticket, credits, licenses, ...others]) await page(path).expect(200);
  });
});
