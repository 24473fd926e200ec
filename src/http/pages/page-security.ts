import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Returns middleware with the security headers of a page: nothing from other origins, nothing inline and no framing, except what `directives` allow. */
export function securePage(directives: Record<string, string[]> = {}): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        ...directives,
      },
    },
  });
}
