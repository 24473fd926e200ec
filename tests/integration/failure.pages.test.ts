import request from 'supertest';
import { registerUser, type TestUser } from '../helpers/accounts';
import { testApp } from '../helpers/client';
import { PDF, uploaded } from '../helpers/files';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

let user: TestUser;
let file: { url: string };
beforeAll(async () => {
  user = await registerUser();
  file = await uploaded(user, PDF);
});

const open = (path: string, accept = BROWSER) => request(testApp()).get(path).set('Accept', accept);

describe('a broken link', () => {
  it.each<[what: string, path: () => string, status: number]>([
    ['outside the API', () => '/nothing', 404],
    ['inside the API', () => '/api/nothing', 404],
    ['to a deleted event', () => '/api/events/2000000000', 404],
    ['to a calendar of a missing event', () => '/api/events/2000000000/calendar.ics', 404],
    ['to an event whose id is not a number', () => '/api/events/x', 400],
    ['to unsubscribe, cut off', () => '/api/unsubscribe/messages.u1', 404],
    ['to a document, without its signature', () => new URL(file.url).pathname, 403],
    ['to a document, with a signature cut off', () => `${new URL(file.url).pathname}?expires=1&signature=x`, 403],
    ['to a deleted file', () => '/uploads/nothing.pdf', 404],
    ['to a route that needs a token', () => '/api/bookings', 401],
    ['to a deleted mail', () => '/dev/mail/nothing', 404],
    ['to a path with invalid encoding', () => '/%', 404],
    ['to a path inside the dashboard', () => '/admin/nothing.js', 404],
  ])('returns a page to browsers and JSON to programs: %s', async (_what, path, status) => {
    const { headers, text } = await open(path()).expect(status);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers.vary).toContain('Accept');
    expect(headers['cache-control']).toBe('no-store');
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('name="viewport"');
    expect(text).toContain(headers['x-request-id']);
    expect(text).not.toMatch(/<script|undefined|\{"/);
    for (const accept of ['*/*', 'application/json', 'application/json, text/html;q=0.9', 'image/png']) {
      const { body } = await open(path(), accept).expect(status);
      expect(body).toMatchObject({ success: false, error: { code: expect.any(String) } });
    }
  });

  it('uses the language of the browser', async () => {
    const german = await open('/nothing').set('Accept-Language', 'de-AT,de;q=0.9,en;q=0.5').expect(404);
    expect(german.text).toContain('<html lang="de">');
    expect(german.text).toContain('Nicht gefunden');
    expect(german.text).toContain('<a href="/">Zu den Veranstaltungen</a>');
    const chosen = await open('/nothing').set({ 'Accept-Language': 'en', Cookie: 'bilten_language=de' }).expect(404);
    expect(chosen.text).toContain('<html lang="de">');
    expect((await open('/nothing').set('Accept-Language', 'fr').expect(404)).text).toContain('Not found');
  });

  it('never repeats parts of the link as markup', async () => {
    const { text } = await open('/api/events/%3Cscript%3Ealert(1)%3C%2Fscript%3E')
      .set('X-Request-Id', 'a.b')
      .expect(400);
    expect(text).not.toContain('<script');
  });

  it('returns a page for a posted form too', async () => {
    const { headers } = await request(testApp()).post('/api/unsubscribe/wrong').set('Accept', BROWSER).expect(404);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
  });
});
