import { setImmediate as nextTurn } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Schema } from 'joi';
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
    description: 'Up to 128 letters, digits and `.:-_`; made up where it is missing',
    schema: { type: 'string' },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes sending this twice harmless: for 24 hours the same key and a body that means the same (in whatever order of keys) get the first response again',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The `ETag` of what you have read: if it has changed since, 412',
    schema: { type: 'string' },
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The `ETag` of what you have: if it is still so, 304',
    schema: { type: 'string' },
  },
};

const getHeaderParameter = (name: keyof typeof headerParameters): { $ref: string } => ({
  $ref: `#/components/parameters/${name}`,
});

const WHO: Record<Access, string> = {
  public: '',
  user: '',
  organizer: 'For organizers and admins.',
  admin: 'For admins.',
};

/** A path of the contract: `/events/:id` is `/api/events/{id}`. */
export function toDocumentedPath(route: Route): string {
  return `/api${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
}

function getSecurity({ access, method }: Route): Operation['security'] {
  if (access !== 'public') return [{ bearer: [] }];
  // Some public pages show more to whom they know.
  return method === 'get' ? [{}, { bearer: [] }] : [];
}

/** Whether the documentation may propose ids to try it with. */
const isHarmless = ({ careful, method }: Route): boolean => !careful && method !== 'delete';

/** A parameter that nobody has to fill in before a click does something for good says in words what would work. */
function withoutProposal({ example: _example, schema: { examples, ...schema }, ...parameter }: Parameter): Parameter {
  const said = examples ? [`In the demo data: \`${String(examples[0])}\`.`] : [];
  const description = [parameter.description, ...said].filter(Boolean).join(' ');
  return { ...parameter, ...(description && { description }), schema };
}

function getFieldParameters(schema: Schema | undefined, where: 'path' | 'query', book: SchemaRegistry): Parameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = book.toJsonSchema(schema, 'request');
  return Object.entries(properties).map(([name, { description: text, anyOf, ...json }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(text && { description: text }),
    // Here everything is text, whatever else a body may send.
    schema: { ...anyOf?.[0], ...json },
    // An example would be sent by Try it out, which only a value that has to be there may.
    ...(where === 'path' && {
      example: json.examples?.[0] ?? json.enum?.[0] ?? (json.type === 'integer' ? 1 : 'DGMKRT4679'),
    }),
  }));
}

function getExamples({ example, moreExamples }: Route): Pick<BodyContent, 'example' | 'examples'> {
  if (!moreExamples) return { example };
  const named = Object.entries({ 'The simplest': example, ...moreExamples });
  return {
    examples: Object.fromEntries(
      named.map(([summary, value]) => [summary.replaceAll(/\W+/g, '-'), { summary, value }]),
    ),
  };
}

function getRequestBody(
  route: Route,
  book: SchemaRegistry,
  nameOf: (schema: Schema) => string,
): Operation['requestBody'] {
  if (route.rawBody)
    return {
      required: true,
      content: { 'application/json': { schema: { type: 'object', additionalProperties: true }, example: {} } },
    };
  if (route.upload) {
    const file = { type: 'string', format: 'binary', description: route.upload.description };
    const schema = { type: 'object', required: ['file'], properties: { file }, additionalProperties: false };
    return { required: true, content: { 'multipart/form-data': { schema } } };
  }
  if (!route.body) return undefined;
  const json = book.toJsonSchema(route.body, 'body');
  const schema = json.$ref ? json : book.add(nameOf(route.body), json);
  const { required = [], minProperties } = book.find(schema);
  const example = route.example === undefined ? {} : getExamples(route);
  return {
    required: required.length > 0 || minProperties !== undefined,
    content: { 'application/json': { schema, ...example } },
  };
}

function getParameters(route: Route, hasEtag: boolean, book: SchemaRegistry): Operation['parameters'] {
  const parameters: Operation['parameters'] = [
    ...getFieldParameters(route.params, 'path', book).map((each) => (isHarmless(route) ? each : withoutProposal(each))),
    ...getFieldParameters(route.query, 'query', book),
  ];
  if (route.idempotent) parameters.push(getHeaderParameter('IdempotencyKey'));
  if (listErrorCodes(route).includes('PRECONDITION_FAILED')) parameters.push(getHeaderParameter('IfMatch'));
  if (hasEtag && route.method === 'get') parameters.push(getHeaderParameter('IfNoneMatch'));
  return [...parameters, getHeaderParameter('RequestId')];
}

/** Whether answers carry an ETag: cached lists, what says so, and what can be written under the condition that it is unchanged. */
function isTagged(route: Route, routes: Route[]): boolean {
  if (route.cached || route.tagged) return true;
  return routes.some(
    (other) =>
      other.path === route.path &&
      other.errors.includes('PRECONDITION_FAILED') &&
      (route === other || route.method === 'get'),
  );
}

/** Builds the document, and yields after each route: all of them together take longer than a request may. */
function* build(routes: Route[]): Generator<undefined, OpenApi> {
  const book: SchemaComponents = { ...createSchemaRegistry(), responses: {} };
  const bodyNames = new Map<Schema, string>();
  const paths: OpenApi['paths'] = {};
  for (const route of routes) {
    const nameOf = (schema: Schema): string => {
      if (!bodyNames.has(schema)) bodyNames.set(schema, `${route.id[0]!.toUpperCase()}${route.id.slice(1)}`);
      return bodyNames.get(schema)!;
    };
    const text = [route.description, WHO[route.access]].filter(Boolean).join('\n\n');
    const hasEtag = isTagged(route, routes);
    const body = getRequestBody(route, book, nameOf);
    (paths[toDocumentedPath(route)] ??= {})[route.method] = {
      tags: [route.tag],
      summary: route.summary,
      ...(text && { description: text }),
      operationId: route.id,
      security: getSecurity(route),
      parameters: getParameters(route, hasEtag, book),
      ...(body && { requestBody: body }),
      responses: getResponses(route, hasEtag, book),
    };
    yield;
  }
  const { version } = JSON.parse(readFileSync(path.join(__dirname, '..', '..', '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bilten',
      version,
      summary: 'Event booking and ticketing',
      description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Here' }],
    tags: tags.filter(({ name }) => routes.some((route) => route.tag === name)),
    paths,
    components: {
      schemas: book.components,
      parameters: headerParameters,
      headers,
      responses: book.responses,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `token` that signing in answers with',
        },
      },
    },
  };
}

/** The OpenAPI 3.1 document of these routes. */
export function openapi(routes: Route[]): OpenApi {
  const steps = build(routes);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same for a process that serves requests: others get their turn after each route. */
export async function openapiInTurns(routes: Route[]): Promise<OpenApi> {
  const steps = build(routes);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await nextTurn();
  }
}
