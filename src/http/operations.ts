import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { config } from '../config';
import { AppError } from '../errors';
import { METRICS_TYPE, renderMetrics } from '../integrations/metrics';
import { isInside, isLoopback } from '../lib/network';
import { logger } from '../logger';
import { getHealth } from '../services/health.service';
import { toErrorBody } from './error-handler';
import { isForwarded, isFromThisMachine } from './forwarded';

type OperationsResponse = { status: number; type?: string; body: string };

const JSON_TYPE = 'application/json; charset=utf-8';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** True if the request comes from the private network, and not through a proxy, which could forward requests from anyone. */
function isFromPrivateNetwork(req: IncomingMessage): boolean {
  const address = req.socket.remoteAddress ?? '';
  // A page could make a browser on this machine send the request, so the Host must be a name of this machine.
  if (isLoopback(address)) return isFromThisMachine(req);
  return isInside(address) && !isForwarded(req);
}

/** Admits callers that send METRICS_TOKEN; without that setting, callers from the private network. */
function admitScraper(req: IncomingMessage): void {
  if (config.metricsToken) {
    const given = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
    if (!timingSafeEqual(digest(given), digest(config.metricsToken)))
      throw new AppError('UNAUTHORIZED', 'Send METRICS_TOKEN as `Authorization: Bearer <token>`.');
    return;
  }
  if (!isFromPrivateNetwork(req)) throw new AppError('NOT_FOUND', 'There is nothing at this path.');
}

const succeed = (data: object): OperationsResponse => ({ status: 200, body: JSON.stringify({ success: true, data }) });

type ResponseFactory = (req: IncomingMessage) => Promise<OperationsResponse>;

const responses: Record<string, ResponseFactory> = {
  async '/health/live'() {
    return succeed({ status: 'live', uptimeSeconds: Math.floor(process.uptime()) });
  },
  async '/health/ready'() {
    const { isReady, database, redis, problems } = await getHealth();
    if (isReady) return succeed({ status: 'ready', database, redis });
    throw new AppError('UNAVAILABLE', problems.map(({ message }) => message).join(' '), { details: problems });
  },
  async '/metrics'(req) {
    admitScraper(req);
    return { status: 200, type: METRICS_TYPE, body: await renderMetrics() };
  },
};

async function getResponse(answer: ResponseFactory, req: IncomingMessage): Promise<OperationsResponse> {
  if (req.method !== 'GET' && req.method !== 'HEAD')
    throw new AppError('METHOD_NOT_ALLOWED', 'This path takes GET, HEAD.', { headers: { Allow: 'GET, HEAD' } });
  return answer(req);
}

function send(req: IncomingMessage, res: ServerResponse, { status, type = JSON_TYPE, body }: OperationsResponse): void {
  res.statusCode = status;
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.end(req.method === 'HEAD' ? undefined : body);
}

export function sendFailure(req: IncomingMessage, res: ServerResponse, error: unknown): void {
  const requestId = String(res.getHeader('X-Request-Id') ?? randomUUID());
  if (!(error instanceof AppError))
    logger.error({ requestId, path: req.url, err: error }, 'Could not answer an operations request');
  const failure = error instanceof AppError ? error : new AppError('INTERNAL_ERROR');
  for (const [name, value] of Object.entries(failure.headers ?? {})) res.setHeader(name, value);
  if (failure.retryAfter !== undefined) res.setHeader('Retry-After', String(failure.retryAfter));
  send(req, res, { status: failure.status, body: JSON.stringify(toErrorBody(failure, requestId)) });
}

/**
 * Serves /health/live, /health/ready and /metrics, in the API and the worker. They bypass rate limits, authentication and the
 * access log, so that a check every second costs little and is never refused.
 */
export function operations(req: IncomingMessage, res: ServerResponse, next: () => void): void {
  const path = (req.url ?? '').split('?', 1)[0]!;
  const answer = Object.hasOwn(responses, path) ? responses[path] : undefined;
  if (!answer) return next();
  getResponse(answer, req).then(
    (response) => send(req, res, response),
    (error: unknown) => sendFailure(req, res, error),
  );
}
