import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Schema } from 'joi';
import { errorTable } from '../../src/errors';
import { listErrorCodes } from '../../src/http/failures';
import { tags } from '../../src/http/openapi/info';
import type { Route } from '../../src/http/route';
import { routes } from '../../src/routes';

const SOURCE = path.join(__dirname, '..', '..', 'src');
const each = routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

function repeated(values: string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function keysOf(schema: Schema | undefined): string[] {
  return Object.keys((schema?.describe().keys ?? {}) as object);
}

/** Returns the error codes that the program throws. */
function thrownCodes(): Set<string> {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const text = files.map((file) => readFileSync(path.join(SOURCE, file), 'utf8')).join('\n');
  return new Set([...text.matchAll(/new AppError\(\s*'([A-Z_]+)'/g)].map(([, code]) => code!));
}

describe('routes', () => {
  it('have unique ids and paths', () => {
    expect(repeated(routes.map(({ id }) => id))).toEqual([]);
    expect(repeated(each.map(([place]) => place))).toEqual([]);
  });

  it.each(each)('%s describes itself', (_place, route) => {
    expect(route.id).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
    expect(tags.map(({ name }) => name)).toContain(route.tag);
    expect(route.summary).toMatch(/^\S.{3,80}[^.]$/);
    expect(['public', 'user', 'organizer', 'admin']).toContain(route.access);
    expect(route.path).toMatch(/^(\/(:[a-zA-Z]+|[a-z-]+)(\.[a-z]+)?)+$/);
  });

  it.each(each)('%s describes its response', (_place, { status, response, stream, list, query, errors }: Route) => {
    expect([200, 201, 202, 204, 302]).toContain(status);
    if (status === 204 || status === 302) expect(response ?? stream).toBeUndefined();
    // Confirmations (200, 202) may return `data: null` with a message.
    if (status === 201) expect(response).toBeDefined();
    if (list) expect(keysOf(query)).toEqual(expect.arrayContaining(['page', 'limit']));
    expect(repeated(errors)).toEqual([]);
  });

  it.each(each)('%s names its path parameters in its schema', (_place, route) => {
    const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
    expect(keysOf(route.params).sort()).toEqual(inPath.sort());
  });

  it.each(each)('%s has a suitable rate limit tier', (_place, route) => {
    const expected: Record<string, string> = {
      '/auth/login': 'signIn',
      '/auth/register': 'signUp',
      '/auth/forgot-password': 'passwordReset',
      '/auth/resend-verification': 'passwordReset',
      '/auth/reset-password': 'passwordReset',
      '/bookings': route.method === 'post' ? 'bookings' : 'default',
      '/orders': route.method === 'post' ? 'bookings' : 'default',
      '/waitlist/join': 'bookings',
      '/bookings/:id/tickets/:ticketId/transfer': 'bookings',
      '/tickets/:id/transfer': 'bookings',
      // The limit prevents guessing of codes.
      '/discounts/validate': 'bookings',
      '/cart': route.method === 'put' ? 'bookings' : 'default',
      '/files': route.method === 'post' ? 'uploads' : 'default',
      '/events/:id/cover': route.method === 'post' ? 'uploads' : 'default',
      '/products/:id/images': 'uploads',
      '/users/me/logo': 'uploads',
      // Public, and keys could be guessed.
      '/credits/purchase': 'bookings',
      '/activations': 'licenses',
      '/activations/verify': 'licenses',
      '/activations/deactivate': 'licenses',
      '/events/:id/check-in/scans': 'checkIns',
    };
    expect(route.rateLimit ?? 'default').toBe(expected[route.path] ?? 'default');
  });

  it('that create something accept an Idempotency-Key, except for login routes and those that need none', () => {
    // Activating a device twice is one activation.
    const withoutKey = ['activateDevice'];
    const creating = routes.filter(
      ({ method, status, tag, id }) =>
        method === 'post' && status === 201 && tag !== 'Auth' && !withoutKey.includes(id),
    );
    expect(creating.filter(({ idempotent }) => !idempotent).map(({ id }) => id)).toEqual([]);
    expect(routes.filter(({ idempotent, access }) => idempotent && access === 'public')).toEqual([]);
  });

  it('that create something return its Location', () => {
    for (const { id, status, location } of routes) {
      expect({ id, hasLocation: location !== undefined }).toEqual({ id, hasLocation: status === 201 });
      if (location === undefined) continue;
      const pattern = location.replaceAll(/:\w+/g, ':');
      const found = routes.filter((each) => each.method === 'get' && each.path.replaceAll(/:\w+/g, ':') === pattern);
      expect({ id, found: found.length }).toEqual({ id, found: 1 });
    }
  });

  it('with a body have an example that matches their schema', () => {
    for (const { id, body, example, moreExamples = {} } of routes) {
      if (!body) continue;
      for (const more of Object.values(moreExamples)) expect(body.validate(more).error).toBeUndefined();
      expect({ id, error: body.validate(example).error?.message }).toEqual({ id, error: undefined });
      expect({ id, hasExample: example !== undefined }).toEqual({ id, hasExample: true });
    }
  });

  it('declare every error code that the program throws', () => {
    // The codes for an unknown path or method belong to no route.
    const declared = new Set([...routes.flatMap(listErrorCodes), 'NOT_FOUND', 'METHOD_NOT_ALLOWED']);
    const thrown = thrownCodes();
    expect(thrown.size).toBeGreaterThan(20);
    expect([...thrown].filter((code) => !declared.has(code as never))).toEqual([]);
    expect([...thrown].filter((code) => !(code in errorTable))).toEqual([]);
  });
});
