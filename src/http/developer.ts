import type { Request } from 'express';
import { config } from '../config';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** Whether this is the developer at this machine: by the socket's own address, since headers can say anything. */
export function isDeveloper(req: Request): boolean {
  return !config.isProduction && (config.devTools || LOOPBACK.test(req.socket.remoteAddress ?? ''));
}
