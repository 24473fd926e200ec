import type { Readable } from 'node:stream';
import type { Schema } from 'joi';
import type { ErrorCode } from '../errors';
import type { Actor, Caller } from '../lib/actor';
import type { Upload } from '../lib/files/upload';

/** `public` needs no token, but identifies the caller if a valid one is sent; `organizer` includes admins. */
export type Access = 'public' | 'user' | 'organizer' | 'admin';
export type RateLimitTier =
  'default' | 'signIn' | 'signUp' | 'passwordReset' | 'bookings' | 'checkIns' | 'uploads' | 'licenses';

/** The input of a handler: validated values and the caller. */
export interface RouteRequest<A extends Access = Access, P = unknown, Q = unknown, B = unknown> {
  params: P;
  query: Q;
  body: B;
  actor: A extends 'public' ? Actor | undefined : Actor;
  caller: Caller;
  ifMatch: string | undefined;
  /** True for a HEAD request, which reads nothing. */
  isHead: boolean;
  /** The token of a signed-out caller's cart, for routes with `cartToken`. */
  cartToken: string | undefined;
  idempotency: IdempotencyKey | undefined;
  /** The unparsed body with the headers, for routes with `rawBody`. */
  raw: { body: Buffer; headers: Record<string, string | undefined> } | undefined;
  /** The uploaded file, for routes with `upload`; deleted after the response. */
  upload: Upload | undefined;
}

/** Identifies a repeated request: same key, method, path and meaning of the body. */
export interface IdempotencyKey {
  key: string;
  /** The SHA-256 of method, path and validated body, in hex. */
  fingerprint: string;
}

export interface Page<T> {
  data: T[];
  pagination: { page: number; limit: number; total: number; pages: number; totalCapped: boolean };
}

/** A result with a message, another status or headers besides its data. */
export class Reply<T = unknown> {
  constructor(
    readonly data: T,
    readonly options: {
      status?: number;
      message?: string;
      headers?: Record<string, string>;
      /** Nothing was found, on a route that limits that. */
      isMiss?: boolean;
    } = {},
  ) {}
}

/** A response body that is shared by many requests, with its ETag. */
export class Bytes {
  constructor(
    readonly entry: { bytes: Buffer; etag: string },
    readonly headers: Record<string, string>,
  ) {}
}

/** A download as text, bytes or a stream, with its type and file name. */
export interface Download {
  content: string | Buffer | Readable;
  contentType: string;
  filename: string;
  disposition?: 'inline' | 'attachment';
  headers?: Record<string, string>;
}

export interface Route<A extends Access = Access, P = unknown, Q = unknown, B = unknown> {
  method: 'get' | 'post' | 'put' | 'delete';
  /** The Express path below /api. */
  path: string;
  /** The operationId, named after the service that the route calls. */
  id: string;
  tag: string;
  summary: string;
  description?: string;
  access: A;
  rateLimit?: RateLimitTier;
  /** Rejects an address that has asked for too many things that do not exist: a 404, or a `Reply` that says so. */
  limitsMisses?: boolean;
  /**
   * `stored`: the use case writes its effect with `runOnce`, and this layer stores the response afterwards. `inventory`: the
   * booking engine writes the response together with the effect.
   */
  idempotent?: 'stored' | 'inventory';
  params?: Schema<P>;
  query?: Schema<Q>;
  body?: Schema<B>;
  /** Also accepts the body as multipart/form-data, which mail programs may send. */
  multipart?: boolean;
  /** The maximum size of the body, if not the default of 64 KB. */
  maxBodyBytes?: number;
  /** Reads the header `X-Cart-Token`, which stands for the cart of a signed-out caller. */
  cartToken?: boolean;
  /** Leaves the body unparsed, because its signature covers the raw bytes. */
  rawBody?: boolean;
  /**
   * Takes multipart/form-data with one `file`, which is read only after `allow` and all earlier checks have passed, and the
   * text fields of `fields`, which become the body.
   */
  upload?: {
    description: string;
    fields?: Schema<B>;
    allow?(request: Pick<RouteRequest<A, P>, 'actor' | 'params'>): Promise<void>;
  };
  /** Only for a developer on this machine: 404 in production, and for other clients unless DEV_TOOLS is set. */
  local?: boolean;
  /** The status on success. */
  status: number;
  /** The path of a new resource below /api, such as `/bookings/:id`, filled in from the `data` of a 201. */
  location?: string;
  /** The schema of `data`; fields that it does not declare are removed from the response. */
  response?: Schema;
  /** An alternative success response, which the handler selects by the status of its `Reply`. */
  otherwise?: { status: number; description: string; response: Schema };
  /** Responds with a page; `response` is the schema of one entry. */
  list?: boolean;
  /** Caches this list for one second. */
  cached?: boolean;
  /** Responses have an ETag, which the handler sets. */
  tagged?: boolean;
  /** The media type of a download; `response` can describe a JSON download. */
  stream?: string;
  /** Error codes besides those implied by access, input and limits. */
  errors: ErrorCode[];
  /** Set if the route cancels, erases, refunds or sends mail. The docs then fill in no id, so that two clicks cannot do it by accident. Implied by DELETE. */
  careful?: boolean;
  /** An example request body for the docs. */
  example?: unknown;
  /** More examples by title. */
  moreExamples?: Record<string, unknown>;
  handler: (request: RouteRequest<A, P, Q, B>) => unknown;
}

/** Checks the types of a declaration against its schemas, then erases them so that all routes fit one list. */
export function route<A extends Access, P = unknown, Q = unknown, B = unknown>(declaration: Route<A, P, Q, B>): Route {
  return declaration as unknown as Route;
}
