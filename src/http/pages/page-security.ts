import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** The headers of a page of ours: nothing from elsewhere, nothing inline, in no frame; but for what `directives` say. */
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
