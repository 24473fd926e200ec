import type { Request } from 'express';
import { config } from '../../config';
import { isFromThisMachine } from '../forwarded';

/** True for a developer on this machine, or for everyone if DEV_TOOLS is set; always false in production. */
export function isDeveloper(req: Request): boolean {
  return !config.isProduction && (config.devTools || isFromThisMachine(req));
}
