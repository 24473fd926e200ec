import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import Joi from 'joi';
import { AppError } from '../errors';
import type { Actor } from '../lib/actor';
import { getRouteMetrics } from '../integrations/metrics';
import { unwrapAddress } from '../lib/network';
import { sendCachedBody } from './cached-body';
import { matchesEtag } from './etags';
import { sendCachedList, sendList } from './list-cache';
import { hasBody, readBody, readRawBody } from './body';
import { isDeveloper } from './pages/developer';
import { createKeyReader, runIdempotently, type StoredAnswer } from './idempotency';
import { assertAccess } from './identify';
import { limitMisses } from './limit-misses';
import { limiters } from './rate-limits';
import { Bytes, Reply, type Download, type Page, type Route, type RouteRequest } from './route';
import { createShaper } from './shape';
import { discardUpload, readUpload } from './upload';
import { validate } from './validate';

type Endpoint = (req: Request, res: Response) => Promise<void>;

/** The body of a route that takes none. Fields are rejected by name, since they would be ignored. */
const NO_FIELDS = Joi.object({});

async function readInput(
  route: Route,
  req: Request,
  res: Response,
): Promise<Pick<RouteRequest, 'params' | 'query' | 'body'>> {
  const form = route.rawBody || route.upload ? undefined : await readBody(req, res, route);
  if (form && !route.body && req.body !== null) validate(NO_FIELDS, req.body, form);
  return {
    params: route.params ? validate(route.params, req.params, { source: 'params' }) : {},
    query: route.query ? validate(route.query, req.query, { source: 'query' }) : {},
    body: route.body && form ? validate(route.body, req.body, form) : {},
  };
}

function isPage(route: Route, result: unknown): result is Page<unknown> {
  return route.list === true && typeof result === 'object' && result !== null;
}

/** Returns a function that turns the result of a handler into status, headers and body. */
function createResponder(route: Route): (result: unknown) => StoredAnswer {
  const shapeMain = route.response ? createShaper(route.response, route.id) : (value: unknown) => value;
  const { otherwise } = route;
  const shapeOther = otherwise && createShaper(otherwise.response, route.id);
  return (result) => {
    const { data, options } = result instanceof Reply ? result : { data: result, options: {} as Reply['options'] };
    const status = options.status ?? route.status;
    const shape = shapeOther && status === otherwise.status ? shapeOther : shapeMain;
    const message = options.message === undefined ? {} : { message: options.message };
    const headers = options.headers ?? {};
    if (status === 204 || status === 302) return { status, headers, body: undefined };
    const content = isPage(route, data)
      ? { data: data.data.map(shape), pagination: data.pagination }
      : { data: route.response ? shape(data) : (data ?? null) };
    return { status, headers, body: { success: true, ...content, ...message } };
  };
}

/** Adds the `Location` of the new resource, including on replayed responses. */
function withLocation({ location }: Route, response: StoredAnswer): StoredAnswer {
  if (location === undefined || response.status !== 201) return response;
  const { data } = response.body as { data: Record<string, unknown> };
  const path = location.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(data[name])));
  return { ...response, headers: { Location: `/api${path}`, ...response.headers } };
}

function send(res: Response, { status, body, headers }: StoredAnswer): void {
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (body === undefined) {
    res.end();
    return;
  }
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  const text = JSON.stringify(body);
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
}

async function sendDownload(
  res: Response,
  { content, contentType, filename, disposition = 'attachment', headers = {} }: Download,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader('Content-Type', contentType);
  res.setHeader('Content-Disposition', `${disposition}; filename="${filename}"`);
  if (content instanceof Readable) await pipeline(content, res);
  else res.end(content);
}

/** Private documents and responses with tokens must not be stored: the next user of the browser could find them. */
function getCacheControl(route: Route, isSignedIn: boolean): string {
  const isPrivateDocument = route.stream !== undefined && route.access !== 'public';
  if (isPrivateDocument || route.cartToken || route.path.startsWith('/auth/')) return 'private, no-store';
  return isSignedIn ? 'private, no-cache' : 'no-cache';
}

async function sendTagged(req: Request, res: Response, { entry, headers }: Bytes): Promise<void> {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  await sendCachedBody(req, res, entry);
}

function createEndpoint(route: Route): Endpoint {
  const toResponse = createResponder(route);
  const readKey = route.idempotent ? createKeyReader(route) : undefined;
  return async (req, res) => {
    if (route.local && !isDeveloper(req)) throw new AppError('NOT_FOUND', 'There is nothing at this path.');
    const actor = assertAccess(req, route.access);
    const isCached = route.cached === true && actor === undefined && !hasBody(req);
    const sending = isCached ? sendCachedList(req, res) : undefined;
    if (sending) return sending;
    res.setHeader('Cache-Control', getCacheControl(route, actor !== undefined));
    const input = await readInput(route, req, res);
    if (route.upload?.allow) await route.upload.allow({ actor: actor!, params: input.params });
    const form = route.upload ? await readUpload(req, res, route.upload.fields) : undefined;
    if (form) input.body = form.fields;
    const idempotency = readKey?.(req, input);
    const caller = {
      requestId: res.locals.requestId as string,
      ip: unwrapAddress(req.ip ?? ''),
      userAgent: req.get('User-Agent')?.slice(0, 500) ?? null,
    };
    const request = {
      ...input,
      actor: actor && { ...actor, ...caller },
      caller,
      upload: form?.upload,
      ifMatch: req.get('If-Match'),
      isHead: req.method === 'HEAD',
      cartToken: route.cartToken ? req.get('X-Cart-Token') : undefined,
      idempotency,
      raw: route.rawBody
        ? { body: await readRawBody(req, res), headers: req.headers as Record<string, string | undefined> }
        : undefined,
    } as RouteRequest;
    if (route.tagged) {
      const result = await route.handler(request);
      if (result instanceof Bytes) return sendTagged(req, res, result);
      throw new Error(`The handler of ${route.id} must return Bytes.`);
    }
    if (route.stream) return sendDownload(res, (await route.handler(request)) as Download);
    if (idempotency && actor && route.idempotent === 'stored') {
      const run = async (once: Actor): Promise<StoredAnswer> =>
        toResponse(await route.handler({ ...request, actor: once }));
      return send(res, withLocation(route, await runIdempotently(request.actor!, idempotency, run)));
    }
    if (isCached) {
      const build = async (): Promise<unknown> => toResponse(await route.handler(request)).body;
      return sendList(req, res, { query: `${route.id} ${JSON.stringify(input.query)}`, build });
    }
    const result = await route.handler(request);
    res.locals.isMiss = result instanceof Reply && result.options.isMiss;
    const response = toResponse(result);
    const etag = response.headers.ETag;
    if (etag !== undefined && req.method === 'GET' && matchesEtag(req.get('If-None-Match'), etag))
      return send(res, { status: 304, headers: response.headers, body: undefined });
    return send(res, withLocation(route, response));
  };
}

function discardUploadAfter(respond: Endpoint): Endpoint {
  return async (req, res) => {
    try {
      await respond(req, res);
    } finally {
      await discardUpload(req);
    }
  };
}

/** Returns a handler that answers other methods with 405 and the allowed methods. */
export function rejectMethod(allowed: string[]): RequestHandler {
  const allow = allowed.join(', ');
  return (req, res) => {
    if (req.method === 'OPTIONS') {
      res.setHeader('Allow', allow);
      res.status(204).end();
      return;
    }
    throw new AppError('METHOD_NOT_ALLOWED', `This path takes ${allow}.`, { headers: { Allow: allow } });
  };
}

function createHandler(route: Route): RequestHandler {
  const endpoint = route.limitsMisses ? limitMisses(createEndpoint(route)) : createEndpoint(route);
  const respond = route.upload ? discardUploadAfter(endpoint) : endpoint;
  const tier = route.rateLimit ?? 'default';
  const metrics = getRouteMetrics(route.method.toUpperCase(), `/api${route.path}`);
  const loggedPath = route.path.includes('/:token') ? `/api${route.path}` : undefined;
  return (req, res, next) => {
    res.locals.metrics = metrics;
    res.locals.loggedPath = loggedPath;
    // Requests under /api have already been counted in the default tier.
    if (tier === 'default') void respond(req, res).catch(next);
    else void limiters[tier](req, res, (error?: unknown) => (error ? next(error) : void respond(req, res).catch(next)));
  };
}

/** Returns the routes as Express middleware: static paths before those with parameters, and 405 for other methods of a path. */
export function mount(routes: Route[]): RequestHandler {
  const router = Router();
  // Static paths are looked up in a map instead of matching the router's patterns one by one.
  const staticHandlers = new Map<string, RequestHandler>();
  const ordered = [...routes].sort((a, b) => countParams(a.path) - countParams(b.path));
  for (const route of ordered) {
    const handler = createHandler(route);
    router[route.method](route.path, handler);
    if (countParams(route.path) === 0) staticHandlers.set(`${route.method.toUpperCase()} ${route.path}`, handler);
  }
  for (const path of new Set(ordered.map((route) => route.path))) {
    const methods = ordered.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
    const allowed = methods.includes('GET')
      ? ['GET', 'HEAD', ...methods.filter((method) => method !== 'GET')]
      : methods;
    router.all(path, rejectMethod([...allowed, 'OPTIONS']));
  }
  return (req, res, next) => (staticHandlers.get(`${req.method} ${req.path}`) ?? router)(req, res, next);
}

function countParams(path: string): number {
  return path.split('/:').length - 1;
}
