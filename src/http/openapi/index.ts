import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Schema } from 'joi';
import { VERSION } from '../../config/version';
import { listErrorCodes } from '../failures';
import { description, tags } from './info';
import { headers, getResponses, type SchemaComponents } from './responses';
import { createSchemaRegistry, type JsonSchema, type SchemaRegistry } from './schemas';
import type { Access, Route } from '../route';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
}

interface BodyContent {
  schema: JsonSchema;
  example?: unknown;
  examples?: Record<string, { summary: string; value: unknown }>;
}

interface Operation {
  tags: string[];
  summary: string;
  description?: string;
  operationId: string;
  security: Record<string, string[]>[];
  parameters: (Parameter | { $ref: string })[];
  requestBody?: { required: boolean; content: Record<string, BodyContent> };
  responses: ReturnType<typeof getResponses>;
}

export interface OpenApi {
  openapi: '3.1.0';
  info: Record<string, unknown>;
  servers: { url: string; description: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> } & Record<
    'parameters' | 'headers' | 'responses' | 'securitySchemes',
    object
  >;
}

const headerParameters: Record<string, Parameter> = {
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    description: 'Up to 128 letters, digits and `.:-_`; generated if it is missing',
    schema: { type: 'string' },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes the request safe to repeat: for 24 hours, the same key with an equivalent body (the order of keys does not matter) gets the first response again',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  CartToken: {
    name: 'X-Cart-Token',
    in: 'header',
    description: 'The token of a cart that was made signed out; not needed by signed-in users, who have one cart each',
    schema: { type: 'string' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The `ETag` of the version that you read; answers 412 if it has changed since',
    schema: { type: 'string' },
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The `ETag` of the version that you have; answers 304 if it has not changed',
    schema: { type: 'string' },
  },
};

const refHeaderParameter = (name: keyof typeof headerParameters): { $ref: string } => ({
  $ref: `#/components/parameters/${name}`,
});

const REQUIRED_ROLE: Record<Access, string> = {
  public: '',
  user: '',
  organizer: 'Requires the role `organizer` or `admin`.',
  admin: 'Requires the role `admin`.',
};

/** Returns the path as OpenAPI writes it: `/events/:id` becomes `/api/events/{id}`. */
export function toDocumentedPath(route: Route): string {
  return `/api${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
}

function getSecurity({ access, method, cartToken }: Route): Operation['security'] {
  if (access !== 'public') return [{ bearer: [] }];
  // Some public routes show more to users who are signed in.
  return method === 'get' || cartToken ? [{}, { bearer: [] }] : [];
}

/** True if the documentation may fill in ids to try the route with. */
const isHarmless = ({ careful, method }: Route): boolean => !careful && method !== 'delete';

/** Moves an example into the description, so that one click on Try it out cannot change anything permanently. */
function describeExample({ example: _example, schema: { examples, ...schema }, ...parameter }: Parameter): Parameter {
  const notes = examples ? [`In the demo data: \`${String(examples[0])}\`.`] : [];
  const description = [parameter.description, ...notes].filter(Boolean).join(' ');
  return { ...parameter, ...(description && { description }), schema };
}

function getFieldParameters(
  schema: Schema | undefined,
  location: 'path' | 'query',
  registry: SchemaRegistry,
): Parameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = registry.toJsonSchema(schema, 'request');
  return Object.entries(properties).map(([name, { description: text, anyOf, ...json }]) => ({
    name,
    in: location,
    required: location === 'path' || required.includes(name),
    ...(text && { description: text }),
    // Paths and queries contain only text; drop the other types that a body may send.
    schema: { ...anyOf?.[0], ...json },
    // Try it out sends every example, so only required parameters have one.
    ...(location === 'path' && {
      example: json.examples?.[0] ?? json.enum?.[0] ?? (json.type === 'integer' ? 1 : 'DGMKRT4679'),
    }),
  }));
}

function getExamples({ example, moreExamples }: Route): Pick<BodyContent, 'example' | 'examples'> {
  if (!moreExamples) return { example };
  const named = Object.entries({ Minimal: example, ...moreExamples });
  return {
    examples: Object.fromEntries(
      named.map(([summary, value]) => [summary.replaceAll(/\W+/g, '-'), { summary, value }]),
    ),
  };
}

function getRequestBody(
  route: Route,
  registry: SchemaRegistry,
  getBodyName: (schema: Schema) => string,
): Operation['requestBody'] {
  if (route.rawBody)
    return {
      required: true,
      content: { 'application/json': { schema: { type: 'object', additionalProperties: true }, example: {} } },
    };
  if (route.upload) {
    const file = { type: 'string', format: 'binary', description: route.upload.description };
    const fields = route.upload.fields ? registry.toJsonSchema(route.upload.fields, 'body').properties : {};
    const properties = { file, ...fields };
    const schema = { type: 'object', required: ['file'], properties, additionalProperties: false };
    return { required: true, content: { 'multipart/form-data': { schema } } };
  }
  if (!route.body) return undefined;
  const json = registry.toJsonSchema(route.body, 'body');
  const schema = json.$ref ? json : registry.add(getBodyName(route.body), json);
  const { required = [], minProperties } = registry.find(schema);
  const example = route.example === undefined ? {} : getExamples(route);
  return {
    required: required.length > 0 || minProperties !== undefined,
    content: { 'application/json': { schema, ...example } },
  };
}

function getParameters(route: Route, hasEtag: boolean, registry: SchemaRegistry): Operation['parameters'] {
  const parameters: Operation['parameters'] = [
    ...getFieldParameters(route.params, 'path', registry).map((parameter) =>
      isHarmless(route) ? parameter : describeExample(parameter),
    ),
    ...getFieldParameters(route.query, 'query', registry),
  ];
  if (route.cartToken) parameters.push(refHeaderParameter('CartToken'));
  if (route.idempotent) parameters.push(refHeaderParameter('IdempotencyKey'));
  if (listErrorCodes(route).includes('PRECONDITION_FAILED')) parameters.push(refHeaderParameter('IfMatch'));
  if (hasEtag && route.method === 'get') parameters.push(refHeaderParameter('IfNoneMatch'));
  return [...parameters, refHeaderParameter('RequestId')];
}

/** True if responses have an ETag: cached lists, routes marked `tagged`, and resources that can be updated with `If-Match`. */
function isTagged(route: Route, routes: Route[]): boolean {
  if (route.cached || route.tagged) return true;
  return routes.some(
    (other) =>
      other.path === route.path &&
      other.errors.includes('PRECONDITION_FAILED') &&
      (route === other || route.method === 'get'),
  );
}

/** Builds the document, yielding after each route: building it at once would block requests for too long. */
function* build(routes: Route[]): Generator<undefined, OpenApi> {
  const registry: SchemaComponents = { ...createSchemaRegistry(), responses: {} };
  const bodyNames = new Map<Schema, string>();
  const paths: OpenApi['paths'] = {};
  for (const route of routes) {
    const getBodyName = (schema: Schema): string => {
      if (!bodyNames.has(schema)) bodyNames.set(schema, `${route.id[0]!.toUpperCase()}${route.id.slice(1)}`);
      return bodyNames.get(schema)!;
    };
    const text = [route.description, REQUIRED_ROLE[route.access]].filter(Boolean).join('\n\n');
    const hasEtag = isTagged(route, routes);
    const body = getRequestBody(route, registry, getBodyName);
    (paths[toDocumentedPath(route)] ??= {})[route.method] = {
      tags: [route.tag],
      summary: route.summary,
      ...(text && { description: text }),
      operationId: route.id,
      security: getSecurity(route),
      parameters: getParameters(route, hasEtag, registry),
      ...(body && { requestBody: body }),
      responses: getResponses(route, hasEtag, registry),
    };
    yield;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bilten',
      version: VERSION,
      summary: 'Event booking and ticketing',
      description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: tags.filter(({ name }) => routes.some((route) => route.tag === name)),
    paths,
    components: {
      schemas: registry.components,
      parameters: headerParameters,
      headers,
      responses: registry.responses,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `token` returned when you sign in',
        },
      },
    },
  };
}

/** Returns the OpenAPI 3.1 document of these routes. */
export function openapi(routes: Route[]): OpenApi {
  const steps = build(routes);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Like `openapi`, but lets other requests run after each route; for a process that serves requests. */
export async function openapiInTurns(routes: Route[]): Promise<OpenApi> {
  const steps = build(routes);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await nextTurn();
  }
}
