import { createHash } from 'node:crypto';
import { Router, type RequestHandler } from 'express';
import swaggerUi from 'swagger-ui-express';
import { matches } from './etags';
import { refuseMethod } from './mount';
import { openapi } from './openapi';
import { pageSecurity } from './page-security';
import type { Route } from './route';

interface SwaggerAnswer {
  url: string;
  status: number;
  body?: { data?: { token?: string } };
}

// The page's own object.
declare const ui: { authActions: { authorizeWithPersistOption(schemes: object): void } };

/** Runs in the browser, sent there as text: whoever signs in through Try it out is authorized from then on. */
function takeToken(answer: SwaggerAnswer): SwaggerAnswer {
  const token = /\/auth\/(login|register|refresh)$/.test(answer.url) && answer.status < 300 && answer.body?.data?.token;
  if (token)
    ui.authActions.authorizeWithPersistOption({
      bearer: { name: 'bearer', schema: { type: 'http', scheme: 'bearer' }, value: token },
    });
  return answer;
}

const page = swaggerUi.setup(undefined, {
  customSiteTitle: 'Bilten API',
  customCss: '.swagger-ui .topbar { display: none }',
  swaggerOptions: {
    url: '/api/openapi.json',
    validatorUrl: null,
    persistAuthorization: true,
    tryItOutEnabled: true,
    displayRequestDuration: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    responseInterceptor: takeToken,
  },
});

// The page brings a style element of its own.
const security = pageSecurity({ styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'] });

function serveDocument(routes: Route[]): RequestHandler {
  let document: { text: string; etag: string } | undefined;
  return (req, res) => {
    if (!document) {
      const text = JSON.stringify(openapi(routes));
      document = { text, etag: `"${createHash('sha1').update(text).digest('base64url')}"` };
    }
    res.setHeader('ETag', document.etag);
    res.setHeader('Cache-Control', 'no-cache');
    if (matches(req.get('If-None-Match'), document.etag)) res.status(304).end();
    else res.type('application/json').end(document.text);
  };
}

/** Leads whoever opens the bare address to the page that says what there is. */
export function leadToDocs(): Router {
  const router = Router();
  router.get('/', (_req, res) => {
    res.setHeader('Cache-Control', 'no-cache');
    res.redirect('/api/docs');
  });
  router.all('/', refuseMethod(['GET', 'HEAD', 'OPTIONS']));
  return router;
}

/** The contract, as a document at /openapi.json and as a page to work with at /docs. */
export function docs(routes: Route[]): Router {
  const router = Router();
  router.use(leadToDocs());
  router.get('/openapi.json', serveDocument(routes));
  // The library refuses this file in words of its own.
  router.use('/docs/package.json', (_req, _res, next) => next('router'));
  router.use('/docs', security, swaggerUi.serve);
  router.get('/docs', page);
  router.all(['/openapi.json', '/docs'], refuseMethod(['GET', 'HEAD', 'OPTIONS']));
  return router;
}
