import type { Request } from 'express';
import { config } from '../../config';
import { isFromThisMachine } from '../forwarded';

/** Whether this is the developer at this machine, or anybody where DEV_TOOLS opens the developer pages; never in production. */
export function isDeveloper(req: Request): boolean {
  return !config.isProduction && (config.devTools || isFromThisMachine(req));
}
