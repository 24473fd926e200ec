import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import { config } from '../config';
import { rejectMalformedRequest } from './client-errors';
import { isUpload } from './upload';

const HEADERS_MS = 10_000;
const BODY_MS = 30_000;
const UPLOAD_MS = 120_000;
// Applies to connections without traffic in either direction, such as a client that does not read its response.
const IDLE_MS = 120_000;
const CHECK_MS = 1000;

/** How long a client may take to send a complete request. */
export const SERVER_TIMEOUTS: ServerOptions = {
  headersTimeout: HEADERS_MS,
  requestTimeout: UPLOAD_MS,
  connectionsCheckingInterval: CHECK_MS,
};

class SlowBodyError extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT';
}

function watchBody(req: IncomingMessage, res: ServerResponse): void {
  // A body that arrived together with its headers is already complete.
  if (req.complete) return;
  const timer = setTimeout(() => {
    // Only an upload that is still wanted gets longer, and not what calls itself one and was refused.
    if (isUpload(req) && !res.writableEnded) return;
    if (!req.complete) rejectMalformedRequest(new SlowBodyError('The body did not arrive in time.'), req.socket);
  }, BODY_MS);
  req.once('close', () => clearTimeout(timer));
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Closes connections of idle or slow clients, and limits the number of connections. */
export function limitClients(server: Server): void {
  server.timeout = IDLE_MS;
  server.maxConnections = config.maxConnections;
  server.on('clientError', rejectMalformedRequest);
  server.prependListener('request', (req: IncomingMessage, res: ServerResponse) => {
    if (hasBody(req)) process.nextTick(watchBody, req, res);
  });
}
