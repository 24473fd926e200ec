import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '../errors';
import { toErrorBody } from './error-handler';

const CLOSE_DELAY_MS = 1000;

type RequestSocket = Duplex & { _httpMessage?: { headersSent: boolean } | null };

/** Rejects what Express never sees, such as malformed HTTP, in the same format as every other failure. */
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
  // Close the connection even if the client neither reads the response nor disconnects.
  const closeTimer = setTimeout(() => socket.destroy(), CLOSE_DELAY_MS);
  socket.once('close', () => clearTimeout(closeTimer));
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
