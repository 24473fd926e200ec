import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { isDeepStrictEqual } from 'node:util';
import request from 'supertest';
import { errorTable } from '../../src/errors';
import { listErrorCodes } from '../../src/http/failures';
import { toDocumentedPath, openapi, openapiInTurns } from '../../src/http/openapi';
import { Joi } from '../../src/schemas/common.schemas';
import { route, type Route } from '../../src/http/route';
import { routes } from '../../src/routes';
import { testApp } from '../helpers/client';
import { checkAnswer, explain, schemaAt } from '../helpers/contract';

interface Media {
  schema: object;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

const document = openapi(routes);
const operationOf = ({ method, path: place }: Route) =>
  document.paths[toDocumentedPath({ path: place } as Route)]![method]!;

// Redocly's linter is an ES module, which Jest does not load.
const LINT = `
  import { createConfig, lintFromString } from '@redocly/openapi-core';
  import { readFileSync } from 'node:fs';
  // The linter takes /bookings/reference/{reference} and /bookings/{id}/cancel for ambiguous, and has no success but 2XX.
  const rules = { 'no-ambiguous-paths': 'off', 'operation-2xx-response': 'off' };
  const config = await createConfig({ extends: ['recommended-strict'], rules });
  const lint = (source) => lintFromString({ source, config });
  const found = await Promise.all(JSON.parse(readFileSync(process.argv[1], 'utf8')).map(lint));
  const told = ({ ruleId, message, location }) => [ruleId, message, location[0].pointer].join(' ');
  console.log(JSON.stringify(found.map((problems) => problems.map(told))));
`;

async function lint(...texts: string[]): Promise<string[][]> {
  const file = path.join(process.env.TEST_FOLDER!, 'documents.json');
  writeFileSync(file, JSON.stringify(texts));
  const args = ['--input-type=module', '-e', LINT, file];
  const options = { cwd: path.join(__dirname, '..', '..'), maxBuffer: 2 ** 24 };
  return JSON.parse((await promisify(execFile)(process.execPath, args, options)).stdout) as string[][];
}

/** Returns every body in the document with its JSON pointer. */
function medias(): [pointer: string[], media: Media][] {
  const found: [string[], Media][] = [];
  const visit = (value: unknown, pointer: string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, part] of Object.entries(value)) {
      const here = [...pointer, name];
      if (pointer.at(-1) === 'content') found.push([here, part as Media]);
      else visit(part, here);
    }
  };
  visit(document.paths, ['paths']);
  visit(document.components.responses, ['components', 'responses']);
  return found;
}

describe('the document', () => {
  it('is served as the routes declare it and is valid', async () => {
    const { body, text, headers } = await request(testApp()).get('/api/openapi.json').expect(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(document)));
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    // A document of its own: to check all paths once more would take as long again.
    const { openapi: version, info, servers, tags } = document;
    const paths = { '/api/nothing': { get: { summary: 'No answers' } } };
    const broken = { openapi: version, info, servers, tags, paths };
    const [problems, problemsOfBroken] = await lint(text, JSON.stringify(broken));
    expect(problems).toEqual([]);
    expect(problemsOfBroken).not.toEqual([]);
    await request(testApp()).get('/api/openapi.json').set('If-None-Match', headers.etag!).expect(304);
    await request(testApp()).head('/api/openapi.json').expect(200);
    const refused = await request(testApp()).post('/api/openapi.json').expect(405);
    expect(refused.headers.allow).toBe('GET, HEAD, OPTIONS');
  });

  it('has every route and nothing else', () => {
    const documented = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map((operation) => operation.operationId),
    );
    expect(documented.sort()).toEqual(routes.map(({ id }) => id).sort());
  });

  it('shows each error code of a route under its status, with an example', () => {
    for (const each of routes) {
      for (const code of listErrorCodes(each)) {
        const response = operationOf(each).responses[errorTable[code][0]]!;
        const { content } =
          '$ref' in response
            ? (document.components.responses as Record<string, { content: Record<string, Media> }>)[
                response.$ref.split('/')[3]!
              ]!
            : response;
        expect(content!['application/json']!.examples).toHaveProperty(code);
      }
    }
  });

  it('has only examples that match their schema', () => {
    let shown = 0;
    for (const [pointer, { example, examples = {} }] of medias()) {
      const values = [
        ...(example === undefined ? [] : [example]),
        ...Object.values(examples).map(({ value }) => value),
      ];
      const check = schemaAt(...pointer, 'schema');
      for (const value of values) {
        shown += 1;
        expect({ pointer, problems: check(value) ? '' : explain(check) }).toEqual({ pointer, problems: '' });
      }
    }
    expect(shown).toBeGreaterThan(routes.length * 2);
  });

  it('shows real values, not type names', () => {
    const texts = (value: unknown): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [value];
    const shown = medias().flatMap(([pointer, { example, examples = {} }]) =>
      [example, ...Object.values(examples).map(({ value }) => value)]
        .flatMap(texts)
        .map((value) => ({ pointer, value })),
    );
    expect(shown.filter(({ value }) => value === 'text' || value === 'string')).toEqual([]);
  });

  it('suggests no id for operations that cancel, delete, erase, refund or notify', () => {
    const careful = [
      'cancelEvent',
      'cancelBooking',
      'refundOrder',
      'sendEventMessage',
      'eraseAccount',
      'rotateLicenseKey',
      'grantCredits',
      'mergeSupportTicket',
      'fulfillOrder',
      'withdrawOrder',
    ];
    for (const each of routes) {
      const proposed = operationOf(each).parameters.filter(
        (parameter) => 'in' in parameter && parameter.in === 'path' && (parameter.example ?? parameter.schema.examples),
      );
      const isCareful = careful.includes(each.id) || each.method === 'delete';
      if (isCareful) expect({ id: each.id, proposed }).toEqual({ id: each.id, proposed: [] });
      else expect(proposed).toHaveLength(each.path.split('/:').length - 1);
    }
  });

  it('describes each property of a schema', () => {
    const silent: string[] = [];
    const visit = (value: unknown, pointer: string[]): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, part] of Object.entries(value)) {
        const here = [...pointer, name];
        const { description, $ref, anyOf } = part as { description?: string; $ref?: string; anyOf?: object[] };
        const isReference = $ref ?? anyOf?.some((other) => '$ref' in other);
        if (pointer.at(-1) === 'properties' && !description && !isReference) silent.push(here.join('.'));
        if (!['example', 'examples', 'default', 'enum', 'const'].includes(name)) visit(part, here);
      }
    };
    visit(document, []);
    expect(silent).toEqual([]);
  });

  it('lists the values of each enum', () => {
    const open = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(
          ([field, { enum: values, $ref }]) =>
            ['status', 'role', 'kind', 'provider', 'groupBy'].includes(field) && !values && !$ref,
        )
        .map(([field]) => `${name}.${field}`),
    );
    expect(open).toEqual([]);
  });

  it('is the same when built one route per turn of the event loop', async () => {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    const built = await openapiInTurns(routes);
    clearImmediate(timer);
    expect(turns).toBeGreaterThanOrEqual(routes.length);
    expect(built).toEqual(document);
  });

  it('defines each schema once', () => {
    const shapes = Object.entries(document.components.schemas);
    const doubles = shapes.filter(([name, shape]) =>
      shapes.some(([other, same]) => other < name && isDeepStrictEqual(shape, same)),
    );
    expect(doubles.map(([name]) => name)).toEqual([]);
    const inline = routes
      .filter((each) => each.response && routes.some((other) => other !== each && other.response === each.response))
      .filter(({ response }) => !response!.describe().metas);
    expect(inline.map(({ id }) => id)).toEqual([]);
  });

  it('requires a token exactly where the route does', () => {
    for (const each of routes) {
      const { security } = operationOf(each);
      const isOptional = security.length === 0 || security.some((way) => Object.keys(way).length === 0);
      expect({ id: each.id, isOptional }).toEqual({ id: each.id, isOptional: each.access === 'public' });
    }
  });

  it('documents the headers that a route reads', () => {
    const headersOf = (id: string) =>
      operationOf(routes.find((each) => each.id === id)!).parameters.flatMap((parameter) =>
        '$ref' in parameter ? [parameter.$ref.split('/').at(-1)] : [],
      );
    expect(headersOf('createBooking')).toEqual(['IdempotencyKey', 'RequestId']);
    expect(headersOf('updateEvent')).toEqual(['IfMatch', 'RequestId']);
    expect(headersOf('getEvent')).toEqual(['IfNoneMatch', 'RequestId']);
    expect(headersOf('listBookings')).toEqual(['RequestId']);
  });
});

describe('openapi', () => {
  const declare = (declaration: Partial<Route>) =>
    route({
      method: 'post',
      path: '/things',
      id: 'makeThing',
      tag: 'Things',
      summary: 'Make a thing',
      access: 'public',
      status: 201,
      errors: [],
      handler: () => undefined,
      ...declaration,
    } as Route);

  it('describes rules that JSON Schema cannot express in words', () => {
    const body = Joi.object({ a: Joi.number(), b: Joi.number(), c: Joi.number(), d: Joi.number(), e: Joi.number() })
      .xor('a', 'b')
      .or('c', 'd')
      .with('a', 'e')
      .rename('old', 'c')
      .description('A thing');
    const { MakeThing } = openapi([declare({ body })]).components.schemas;
    expect(MakeThing!.description).toBe(
      'A thing. Requires exactly one of `a` or `b`. Requires at least one of `c` or `d`. `a` requires `e`. `old` is an alias of `c`.',
    );
    expect(MakeThing!.properties).toHaveProperty('old');
  });

  it('allows null in a nullable enum', () => {
    const response = Joi.object({ size: Joi.string().valid('s', 'm').allow(null) }).meta({ name: 'Thing' });
    expect(openapi([declare({ response })]).components.schemas.Thing!.properties!.size!.enum).toEqual(['s', 'm', null]);
  });

  it('refuses two schemas with the same name', () => {
    const shape = (key: string) => Joi.object({ [key]: Joi.number() }).meta({ name: 'Thing' });
    const second = declare({ path: '/others', id: 'makeOther', response: shape('b') });
    expect(() => openapi([declare({ response: shape('a') }), second])).toThrow('Two shapes are named Thing.');
  });

  it('documents the media type of a download', () => {
    const { responses } = openapi([declare({ method: 'get', status: 200, stream: 'text/csv' })]).paths['/api/things']!
      .get!;
    expect(responses[200]).toMatchObject({ content: { 'text/csv': {} } });
  });
});

describe('checkAnswer', () => {
  const headers = { 'x-request-id': 'here' };
  const failure = (code: string) => ({ success: false, error: { code, message: 'No.', requestId: 'here' } });
  const booking = { method: 'POST', path: '/api/bookings?x=1', type: 'application/json', headers };

  it.each([
    ['an undeclared error code', { ...booking, status: 409, body: failure('USER_EXISTS') }],
    ['an error code with another status', { ...booking, status: 400, body: failure('SOLD_OUT') }],
    ['an undeclared status', { ...booking, status: 200, body: { success: true, data: null } }],
    ['another shape', { ...booking, status: 201, body: { success: true, data: { id: 1 } } }],
    ['another media type', { ...booking, status: 409, type: 'text/html', body: {} }],
    ['a response without a request id', { ...booking, status: 409, headers: {}, body: failure('SOLD_OUT') }],
  ])('throws for %s', (_what, answer) => {
    expect(() => checkAnswer(answer)).toThrow(/createBooking (responded with|sent a)/);
  });

  it('accepts a response that matches the declaration', () => {
    expect(() => checkAnswer({ ...booking, status: 409, body: failure('SOLD_OUT') })).not.toThrow();
  });
});
