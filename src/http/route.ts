import type { Readable } from 'node:stream';
import type { Schema } from 'joi';
import type { ErrorCode } from '../errors';
import type { Actor, Caller } from '../lib/actor';
import type { Upload } from '../lib/files/upload';

/** `public` lets anyone in without a token (and knows who it is where a valid one came along); `organizer` includes admins. */
export type Access = 'public' | 'user' | 'organizer' | 'admin';
export type RateLimitTier = 'default' | 'signIn' | 'signUp' | 'passwordReset' | 'bookings' | 'uploads';

/** What a handler gets: validated input, and who asks. */
export interface RouteRequest<A extends Access = Access, P = unknown, Q = unknown, B = unknown> {
  params: P;
  query: Q;
  body: B;
  actor: A extends 'public' ? Actor | undefined : Actor;
  caller: Caller;
  ifMatch: string | undefined;
  idempotency: IdempotencyKey | undefined;
  /** The body as it was sent, with the headers, where the route asks for that. */
  raw: { body: Buffer; headers: Record<string, string | undefined> } | undefined;
  /** The file that came, where the route takes one; gone when the request is answered. */
  upload: Upload | undefined;
}

/** Names a request that may come twice: same key, method, path and meaning of the body. */
export interface IdempotencyKey {
  key: string;
  /** SHA-256 of method, path and validated body, hex. */
  fingerprint: string;
}

export interface Page<T> {
  data: T[];
  pagination: { page: number; limit: number; total: number; pages: number; totalCapped: boolean };
}

/** An answer that is more than its data: a message, another status, headers. */
export class Reply<T = unknown> {
  constructor(
    readonly data: T,
    readonly options: { status?: number; message?: string; headers?: Record<string, string> } = {},
  ) {}
}

/** An answer whose bytes many may get, with the tag that tells whether somebody has them. */
export class Bytes {
  constructor(
    readonly entry: { bytes: Buffer; etag: string },
    readonly headers: Record<string, string>,
  ) {}
}

/** A download: text, bytes or a stream, with its type and file name. */
export interface Download {
  content: string | Buffer | Readable;
  contentType: string;
  filename: string;
  disposition?: 'inline' | 'attachment';
  headers?: Record<string, string>;
}

export interface Route<A extends Access = Access, P = unknown, Q = unknown, B = unknown> {
  method: 'get' | 'post' | 'put' | 'delete';
  /** Express path below /api. */
  path: string;
  /** operationId: the verb of the service that it calls. */
  id: string;
  tag: string;
  summary: string;
  description?: string;
  access: A;
  rateLimit?: RateLimitTier;
  /**
   * `stored`: the use-case writes its effect with `runOnce`, this layer the answer behind it; `inventory`: the booking engine
   * writes the answer with the effect.
   */
  idempotent?: 'stored' | 'inventory';
  params?: Schema<P>;
  query?: Schema<Q>;
  body?: Schema<B>;
  /** Takes the body as multipart/form-data too: mail programs may send it so. */
  multipart?: boolean;
  /** The body's largest size, where the usual 64 KB are too few. */
  maxBodyBytes?: number;
  /** The body is not read as JSON: its signature is over its bytes. */
  rawBody?: boolean;
  /** The body is multipart/form-data with one `file`, which is read once `allow`, and everything before it, lets that be. */
  upload?: {
    description: string;
    allow?(request: Pick<RouteRequest<A, P>, 'actor' | 'params'>): Promise<void>;
  };
  /** For the developer at this machine: 404 in production, and to others unless DEV_TOOLS is set. */
  local?: boolean;
  /** The status of success. */
  status: number;
  /** Where what a 201 has made is found, below /api: `/bookings/:id`, filled in from the answer's `data`. */
  location?: string;
  /** Shape of `data`; fields it does not name are left out of the answer. */
  response?: Schema;
  /** A second kind of success, which the handler chooses by the status of its `Reply`. */
  otherwise?: { status: number; description: string; response: Schema };
  /** A page: `response` is the shape of one entry. */
  list?: boolean;
  /** Bytes of this list may be served again for a second. */
  cached?: boolean;
  /** Its answers carry an ETag, which the handler gives them. */
  tagged?: boolean;
  /** The media type of a download; one of JSON may have its `response` described. */
  stream?: string;
  /** Codes besides those that follow from access, input and limits. */
  errors: ErrorCode[];
  /** It cancels, erases, pays back or writes to people: the documentation proposes no id, so that no two clicks do that. Every DELETE is so. */
  careful?: boolean;
  /** Example of a request body, for the reader of the contract. */
  example?: unknown;
  /** Further ones, by what they show. */
  moreExamples?: Record<string, unknown>;
  handler: (request: RouteRequest<A, P, Q, B>) => unknown;
}

/** Checks a declaration's types against its schemas and forgets them, so that routes fit one list. */
export function route<A extends Access, P = unknown, Q = unknown, B = unknown>(declaration: Route<A, P, Q, B>): Route {
  return declaration as unknown as Route;
}
