import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '../errors';
import { toErrorBody } from './error-handler';

const CLOSE_DELAY_MS = 1000;

type RequestSocket = Duplex & { _httpMessage?: { headersSent: boolean } | null };

/** What comes over a connection and is no request that Express could answer, refused as the contract refuses everything. */
export function rejectMalformedRequest(error: NodeJS.ErrnoException, socket: RequestSocket): void {
  const isAnswering = socket._httpMessage?.headersSent === true;
  if (!socket.writable || isAnswering || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const failure =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new AppError('PAYLOAD_TOO_LARGE', 'The address and the headers are too long.')
      : new AppError('VALIDATION_ERROR', 'This is not a valid HTTP request, or it came too slowly.');
  const requestId = randomUUID();
  const body = JSON.stringify(toErrorBody(failure, requestId));
  const head = [
    `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  // A client that neither reads this nor hangs up would keep the connection for ever.
  const late = setTimeout(() => socket.destroy(), CLOSE_DELAY_MS);
  socket.once('close', () => clearTimeout(late));
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
