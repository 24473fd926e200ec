import type { Schema } from 'joi';
import { AppError, errorTable, createValidationError, type ErrorCode, type ErrorDetail } from '../../errors';
import { listErrorCodes } from '../failures';
import { createSample } from './samples';
import type { JsonSchema, SchemaRegistry } from './schemas';
import type { Route } from '../route';
import { validate } from '../validate';

interface Header {
  description: string;
  schema: JsonSchema;
}

interface Ref {
  $ref: string;
}

export interface Response {
  description: string;
  headers?: Record<string, Ref>;
  content?: Record<
    string,
    { schema: JsonSchema; example?: unknown; examples?: Record<string, { summary: string; value: unknown }> }
  >;
}

export interface SchemaComponents extends SchemaRegistry {
  /** Failure responses that several routes share. */
  responses: Record<string, Response>;
}

const REQUEST_ID = '8f14e45f-ceea-467f-a3a2-6f1d0c9b7e21';

const toTextHeader = (description: string): Header => ({ description, schema: { type: 'string' } });

export const headers = {
  'X-Request-Id': toTextHeader('The id of this request: yours, or a generated one'),
  'Retry-After': {
    description: 'The number of seconds to wait before trying again',
    schema: { type: 'integer', minimum: 1 },
  },
  RateLimit: toTextHeader('What is left of the rate limit: `limit=1000, remaining=999, reset=900`'),
  Location: toTextHeader('The path of the new resource, or the link'),
  'WWW-Authenticate': toTextHeader('How to sign in: `Bearer`'),
  ETag: toTextHeader('Identifies this version of the resource, for `If-None-Match` and `If-Match`'),
  'Idempotent-Replayed': {
    description: 'Present if this response repeats the first one',
    schema: { type: 'string', enum: ['true'] },
  },
} satisfies Record<string, Header>;

const pick = (...names: (keyof typeof headers)[]): Record<string, Ref> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Example details of codes that come with more than their text. */
const DETAILS: Partial<Record<ErrorCode, ErrorDetail[]>> = {
  DUPLICATE_BOOKING: [
    { path: 'eventId', message: 'booking DGMKRT4679 is active', bookingId: 17, reference: 'K7MQ9X4RTD' },
  ],
  SOLD_OUT: [{ path: 'ticketsCount', message: '3 are left', available: 3 }],
};

const problemSchema: JsonSchema = {
  type: 'object',
  description: 'What went wrong.',
  required: ['code', 'message', 'requestId'],
  properties: {
    code: { type: 'string', enum: Object.keys(errorTable), description: 'A code for programs' },
    message: { type: 'string', description: 'A message for people' },
    details: {
      type: 'array',
      description: 'What is wrong with which field',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', description: 'The field, with dots between its parts' },
          message: { type: 'string', description: 'What it should be' },
        },
        additionalProperties: true,
      },
    },
    requestId: { type: 'string', description: 'The id to quote in a support request' },
  },
  additionalProperties: false,
};

const paginationSchema: JsonSchema = {
  type: 'object',
  required: ['page', 'limit', 'total', 'pages', 'totalCapped'],
  properties: {
    page: { type: 'integer', minimum: 1, description: 'The number of the page, starting at 1' },
    limit: { type: 'integer', minimum: 1, maximum: 100, description: 'The number of entries per page' },
    total: { type: 'integer', minimum: 0, description: 'The number of entries in all' },
    pages: { type: 'integer', minimum: 0, description: 'The number of pages' },
    totalCapped: { type: 'boolean', description: 'Whether counting stopped at `total`, so that there may be more' },
  },
  additionalProperties: false,
};

// Likely mistakes: an empty body, and an unknown field.
const WRONG_BODIES = [{}, { colour: 'red' }];

function getWrongField(schema: Schema, value: string): Record<string, string> {
  const [name = ''] = Object.keys(schema.describe().keys as object);
  return { [name]: value };
}

/** Returns the error that the route gives to an invalid request. */
function getExampleError({ params, query, body, upload }: Route): AppError {
  const attempts = [
    ...WRONG_BODIES.map((wrong) => () => body && validate(body, wrong, { source: 'json' })),
    () => params && validate(params, getWrongField(params, '?'), { source: 'params' }),
    () => query && validate(query, getWrongField(query, '-1'), { source: 'query' }),
  ];
  if (upload) return createValidationError('file', 'is required');
  for (const attempt of attempts) {
    try {
      attempt();
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  }
  return createValidationError('Idempotency-Key', 'must have 1 to 255 characters');
}

function getFailureExample(code: ErrorCode, route: Route): unknown {
  const { message, details } =
    code === 'VALIDATION_ERROR' ? getExampleError(route) : { message: errorTable[code][1], details: DETAILS[code] };
  return { success: false, error: { code, message, ...(details && { details }), requestId: REQUEST_ID } };
}

function getFailureHeaders(status: number): Record<string, Ref> | undefined {
  if (status === 401) return pick('WWW-Authenticate');
  if (status === 429) return pick('Retry-After', 'RateLimit');
  return status === 503 ? pick('Retry-After') : undefined;
}

function getFailureResponse(route: Route, codes: ErrorCode[], registry: SchemaComponents): Response {
  const sent = getFailureHeaders(errorTable[codes[0]!][0]);
  const schema = {
    type: 'object',
    required: ['success', 'error'],
    properties: {
      success: { type: 'boolean', const: false, description: 'False' },
      error: {
        description: 'What went wrong',
        allOf: [registry.add('Problem', problemSchema)],
        properties: { code: { enum: codes, description: 'Which failure it is' } },
      },
    },
    additionalProperties: false,
  };
  return {
    description: codes.map((code) => `\`${code}\` ${errorTable[code][1]}`).join('\n\n'),
    ...(sent && { headers: sent }),
    content: {
      'application/json': {
        schema,
        examples: Object.fromEntries(
          codes.map((code) => [code, { summary: errorTable[code][1], value: getFailureExample(code, route) }]),
        ),
      },
    },
  };
}

type Success = Pick<Route, 'response' | 'list' | 'stream'>;

function getDataSchema(route: Success, registry: SchemaRegistry): JsonSchema {
  const data = route.response
    ? registry.toJsonSchema(route.response, 'response')
    : { type: 'null', description: 'Always null' };
  if (route.list) return { type: 'array', items: data, description: 'The entries of the page' };
  return data.$ref || data.anyOf || data.description ? data : { description: 'The result', ...data };
}

function getSuccessContent(route: Success, registry: SchemaRegistry): Response['content'] {
  if (route.stream && !route.response) return { [route.stream]: { schema: { type: 'string' } } };
  const schema: JsonSchema = {
    type: 'object',
    required: ['success', 'data', ...(route.list ? ['pagination'] : [])],
    properties: {
      success: { type: 'boolean', const: true, description: 'True' },
      data: getDataSchema(route, registry),
      ...(route.list
        ? { pagination: registry.add('Pagination', paginationSchema) }
        : { message: { type: 'string', description: 'A message for people' } }),
    },
    additionalProperties: false,
  };
  const data = createSample(schema.properties!.data!, (reference) => registry.find(reference));
  const page = { page: 1, limit: 20, total: 1, pages: 1, totalCapped: false };
  return { 'application/json': { schema, example: { success: true, data, ...(route.list && { pagination: page }) } } };
}

const STATUS_DESCRIPTIONS: Record<number, string> = {
  200: 'Success',
  201: 'Created',
  202: 'Accepted; the work follows',
  204: 'Success, without a body',
  302: 'The link is in `Location`',
};

/** Shares one response among routes, except for a 400, whose example names fields of the route. */
function getSharedFailure(route: Route, codes: ErrorCode[], registry: SchemaComponents): Response | Ref {
  if (codes.includes('VALIDATION_ERROR')) return getFailureResponse(route, codes, registry);
  const name = codes.join('.');
  registry.responses[name] ??= getFailureResponse(route, codes, registry);
  return { $ref: `#/components/responses/${name}` };
}

/** Returns all responses of a route by status. */
export function getResponses(
  route: Route,
  hasEtag: boolean,
  registry: SchemaComponents,
): Record<string, Response | Ref> {
  const sent = pick(
    'X-Request-Id',
    'RateLimit',
    ...(hasEtag ? ['ETag' as const] : []),
    ...(route.idempotent ? ['Idempotent-Replayed' as const] : []),
    ...(route.location || route.status === 302 ? ['Location' as const] : []),
  );
  const content = route.status === 204 || route.status === 302 ? {} : { content: getSuccessContent(route, registry) };
  const responses: Record<string, Response | Ref> = {
    [route.status]: { description: STATUS_DESCRIPTIONS[route.status]!, headers: sent, ...content },
  };
  if (route.otherwise) {
    const { status, description: text, response } = route.otherwise;
    responses[status] = {
      description: text,
      headers: pick('X-Request-Id', 'RateLimit'),
      content: getSuccessContent({ response }, registry),
    };
  }
  if (hasEtag && route.method === 'get')
    responses[304] = {
      description: 'The resource has not changed since `If-None-Match`',
      headers: pick('X-Request-Id', 'ETag'),
    };
  const codes = listErrorCodes(route);
  for (const status of new Set(codes.map((code) => errorTable[code][0]))) {
    responses[status] = getSharedFailure(
      route,
      codes.filter((code) => errorTable[code][0] === status),
      registry,
    );
  }
  return responses;
}
