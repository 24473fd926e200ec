import type { IncomingMessage, Server, ServerOptions } from 'node:http';
import { config } from '../config';
import { rejectMalformedRequest } from './client-errors';
import { isUpload } from './upload';

const HEADERS_MS = 10_000;
const BODY_MS = 30_000;
const UPLOAD_MS = 120_000;
// Of a connection over which nothing moves in either direction: a client that does not read its answer.
const IDLE_MS = 120_000;
const CHECK_MS = 1000;

/** For how long a client may keep a connection busy with a request that does not become complete. */
export const SERVER_TIMEOUTS: ServerOptions = {
  headersTimeout: HEADERS_MS,
  requestTimeout: UPLOAD_MS,
  connectionsCheckingInterval: CHECK_MS,
};

class SlowBodyError extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT';
}

function watchBody(req: IncomingMessage): void {
  // What came in one piece with its headers is complete by now.
  if (req.complete) return;
  const late = setTimeout(() => {
    if (!req.complete) rejectMalformedRequest(new SlowBodyError('The body did not come in time.'), req.socket);
  }, BODY_MS);
  req.once('close', () => clearTimeout(late));
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Closes connections of clients that keep them without using them, and bounds how many there are. */
export function limitClients(server: Server): void {
  server.timeout = IDLE_MS;
  server.maxConnections = config.maxConnections;
  server.on('clientError', rejectMalformedRequest);
  server.prependListener('request', (req: IncomingMessage) => {
    if (hasBody(req) && !isUpload(req)) process.nextTick(watchBody, req);
  });
}
