import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { Response } from 'supertest';
import { openapi, toDocumentedPath, type OpenApi } from '../../src/http/openapi';
import type { Route } from '../../src/http/route';
import { routes } from '../../src/routes';
import { oncePerWorker } from './jest/once-per-worker';

export interface Answer {
  method: string;
  /** As sent, including the query. */
  path: string;
  status: number;
  type: string;
  headers: Record<string, unknown>;
  body: unknown;
}

function makeContract(): { document: OpenApi; ajv: Ajv2020; compiled: Map<string, ValidateFunction> } {
  // The round trip yields the document as it is served, and keeps no reference to the modules of the first file that needs it.
  const document = JSON.parse(JSON.stringify(openapi(routes))) as OpenApi;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(document, 'openapi');
  return { document, ajv, compiled: new Map() };
}

const { document, ajv, compiled } = oncePerWorker('contract', makeContract);

/** Returns a validator for the schema at this JSON pointer in the document. */
export function schemaAt(...pointer: (string | number)[]): ValidateFunction {
  const ref = `openapi#/${pointer.map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
  let check = compiled.get(ref);
  if (!check) compiled.set(ref, (check = ajv.compile({ $ref: ref })));
  return check;
}

export const explain = ({ errors }: ValidateFunction): string => ajv.errorsText(errors, { separator: '\n' });

const patterns = [...routes]
  .sort((a, b) => a.path.split('/:').length - b.path.split('/:').length)
  .map((route) => ({
    route,
    pattern: new RegExp(`^/api${route.path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}/?$`, 'i'),
  }));

/** Returns the route that handles this request, if any. */
export function routeOf(method: string, path: string): Route | undefined {
  const plain = path.split('?', 1)[0]!;
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  return patterns.find(({ route, pattern }) => route.method === verb && pattern.test(plain))?.route;
}

type Described = { $ref: string } | { content?: Record<string, unknown> };

/** Returns the declared response of a route, and the JSON pointer to it. Follows a `$ref`. */
function described(
  route: Route,
  status: number,
): { pointer: string[]; response: { content?: Record<string, unknown> } } {
  const response = document.paths[toDocumentedPath(route)]![route.method]!.responses[status] as Described | undefined;
  if (!response) throw new Error(`${route.id} responded with ${status}, which it does not declare`);
  if (!('$ref' in response))
    return { pointer: ['paths', toDocumentedPath(route), route.method, 'responses', String(status)], response };
  const pointer = response.$ref.split('/').slice(1);
  const target = (document.components.responses as Record<string, { content?: Record<string, unknown> }>)[pointer[2]!]!;
  return { pointer, response: target };
}

/** Returns a check for supertest: `request(app).get(path).expect(asDeclared('get', path))`. */
export function asDeclared(method: string, path: string): (response: Response) => void {
  return ({ status, type, headers, body }) =>
    checkAnswer({ method: method.toUpperCase(), path, status, type, headers, body });
}

/** @throws Error if a response has a status, error code, media type or shape that its route does not declare */
export function checkAnswer({ method, path, status, type, headers, body }: Answer): void {
  const route = routeOf(method, path);
  if (!route) return;
  if (!headers['x-request-id']) throw new Error(`${route.id} responded without X-Request-Id`);
  const { pointer, response } = described(route, status);
  const [media] = Object.keys(response.content ?? {});
  if (media === undefined || method === 'HEAD') return;
  if (type.split(';', 1)[0] !== media)
    throw new Error(`${route.id} responded with ${status} as ${type}, not as ${media}`);
  if (media !== 'application/json') return;
  const check = schemaAt(...pointer, 'content', media, 'schema');
  if (!check(body))
    throw new Error(
      `${route.id} sent a ${status} response that does not match its schema: ${explain(check)}\n${JSON.stringify(body)}`,
    );
}
