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
  /** Failures that several routes have in common. */
  responses: Record<string, Response>;
}

const REQUEST_ID = '8f14e45f-ceea-467f-a3a2-6f1d0c9b7e21';

const toDescription = (description: string): Header => ({ description, schema: { type: 'string' } });

export const headers = {
  'X-Request-Id': toDescription('The id of this request: yours, or one made up'),
  'Retry-After': {
    description: 'Seconds after which trying again makes sense',
    schema: { type: 'integer', minimum: 1 },
  },
  RateLimit: toDescription('What is left of the limit: `limit=1000, remaining=999, reset=900`'),
  Location: toDescription('The path of what was made'),
  'WWW-Authenticate': toDescription('How to sign in: `Bearer`'),
  ETag: toDescription('Names this state of it, for `If-None-Match` and `If-Match`'),
  'Idempotent-Replayed': {
    description: 'Sent where this is the first answer again',
    schema: { type: 'string', enum: ['true'] },
  },
} satisfies Record<string, Header>;

const pick = (...names: (keyof typeof headers)[]): Record<string, Ref> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** What comes with a refusal of this code, where more than its text does. */
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
    code: { type: 'string', enum: Object.keys(errorTable), description: 'For programs' },
    message: { type: 'string', description: 'For people' },
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
    requestId: { type: 'string', description: 'For asking us about it' },
  },
  additionalProperties: false,
};

const paginationSchema: JsonSchema = {
  type: 'object',
  required: ['page', 'limit', 'total', 'pages', 'totalCapped'],
  properties: {
    page: { type: 'integer', minimum: 1, description: 'From 1' },
    limit: { type: 'integer', minimum: 1, maximum: 100, description: 'How many to a page' },
    total: { type: 'integer', minimum: 0, description: 'How many there are in all' },
    pages: { type: 'integer', minimum: 0, description: 'How many pages there are' },
    totalCapped: { type: 'boolean', description: 'Counting stopped at `total`: there may be more' },
  },
  additionalProperties: false,
};

// What comes to mind to send wrongly: nothing, a field too many, text for a number.
const WRONG_BODIES = [{}, { colour: 'red' }];

function getWrongField(schema: Schema, value: string): Record<string, string> {
  const [name = ''] = Object.keys(schema.describe().keys as object);
  return { [name]: value };
}

/** The answer to a wrong request, as the route gives it. */
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

function getFailureResponse(route: Route, codes: ErrorCode[], book: SchemaComponents): Response {
  const sent = getFailureHeaders(errorTable[codes[0]!][0]);
  const schema = {
    type: 'object',
    required: ['success', 'error'],
    properties: {
      success: { type: 'boolean', const: false, description: 'False' },
      error: {
        description: 'What went wrong',
        allOf: [book.add('Problem', problemSchema)],
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

function getDataSchema(route: Success, book: SchemaRegistry): JsonSchema {
  const data = route.response ? book.toJsonSchema(route.response, 'answer') : { type: 'null', description: 'Nothing' };
  if (route.list) return { type: 'array', items: data, description: 'The page' };
  return data.$ref || data.anyOf || data.description ? data : { description: 'What was asked for', ...data };
}

function getSuccessContent(route: Success, book: SchemaRegistry): Response['content'] {
  if (route.stream && !route.response) return { [route.stream]: { schema: { type: 'string' } } };
  const schema: JsonSchema = {
    type: 'object',
    required: ['success', 'data', ...(route.list ? ['pagination'] : [])],
    properties: {
      success: { type: 'boolean', const: true, description: 'True' },
      data: getDataSchema(route, book),
      ...(route.list
        ? { pagination: book.add('Pagination', paginationSchema) }
        : { message: { type: 'string', description: 'For people' } }),
    },
    additionalProperties: false,
  };
  const data = createSample(schema.properties!.data!, (reference) => book.find(reference));
  const page = { page: 1, limit: 20, total: 1, pages: 1, totalCapped: false };
  return { 'application/json': { schema, example: { success: true, data, ...(route.list && { pagination: page }) } } };
}

const MEANING: Record<number, string> = {
  200: 'Done',
  201: 'Made',
  202: 'Accepted: it follows',
  204: 'Done; there is nothing to say',
};

/** Only a 400 differs from route to route: it shows what is wrong with which field. */
function getSharedFailure(route: Route, codes: ErrorCode[], book: SchemaComponents): Response | Ref {
  if (codes.includes('VALIDATION_ERROR')) return getFailureResponse(route, codes, book);
  const name = codes.join('.');
  book.responses[name] ??= getFailureResponse(route, codes, book);
  return { $ref: `#/components/responses/${name}` };
}

/** Everything a route may answer, by status. */
export function getResponses(route: Route, hasEtag: boolean, book: SchemaComponents): Record<string, Response | Ref> {
  const sent = pick(
    'X-Request-Id',
    'RateLimit',
    ...(hasEtag ? ['ETag' as const] : []),
    ...(route.idempotent ? ['Idempotent-Replayed' as const] : []),
    ...(route.location ? ['Location' as const] : []),
  );
  const content = route.status === 204 ? {} : { content: getSuccessContent(route, book) };
  const responses: Record<string, Response | Ref> = {
    [route.status]: { description: MEANING[route.status]!, headers: sent, ...content },
  };
  if (route.otherwise) {
    const { status, description: text, response } = route.otherwise;
    responses[status] = {
      description: text,
      headers: pick('X-Request-Id', 'RateLimit'),
      content: getSuccessContent({ response }, book),
    };
  }
  if (hasEtag && route.method === 'get')
    responses[304] = {
      description: 'Nothing has changed since `If-None-Match`',
      headers: pick('X-Request-Id', 'ETag'),
    };
  const codes = listErrorCodes(route);
  for (const status of new Set(codes.map((code) => errorTable[code][0]))) {
    responses[status] = getSharedFailure(
      route,
      codes.filter((code) => errorTable[code][0] === status),
      book,
    );
  }
  return responses;
}
