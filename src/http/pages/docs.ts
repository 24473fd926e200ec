import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Router, type RequestHandler } from 'express';
import swaggerUi from 'swagger-ui-express';
import { matchesEtag } from '../etags';
import { rejectMethod } from '../mount';
import { openapiInTurns, type OpenApi } from '../openapi';
import { toPageDocument } from '../openapi/page-document';
import { securePage } from './page-security';
import type { Route } from '../route';

const FOLDER = path.join(__dirname, '..', '..', '..', 'assets', 'docs');

type Props = Record<string, unknown>;
type Component = (props: Props) => unknown;

interface PageSystem {
  React: { createElement(type: string | Component, props: Props): unknown };
}

// Globals of the page. The functions below are sent to the page as text and run there.
declare function storeTokens<T>(response: T): T;
declare const SwaggerUIBundle: { plugins: { DownloadUrl: unknown } };

/** Swagger UI plugins of the page. They show an SVG response as an image; Swagger UI would print its source. */
function pagePlugins(): unknown[] {
  const wrapBody =
    (Original: Component, { React }: PageSystem): Component =>
    (props) => {
      const { content, contentType } = props;
      if (typeof content !== 'string' || !String(contentType).startsWith('image/svg'))
        return React.createElement(Original, props);
      const src = 'data:image/svg+xml,' + encodeURIComponent(content);
      return React.createElement('img', { className: 'drawing', alt: 'Drawing from the response', src });
    };
  return [SwaggerUIBundle.plugins.DownloadUrl, { wrapComponents: { responseBody: wrapBody } }];
}

function renderPage(): string {
  const html = swaggerUi.generateHTML(undefined, {
    customSiteTitle: 'Bilten API',
    customCss: readFileSync(path.join(FOLDER, 'page.css'), 'utf8'),
    customJs: '/api/docs/session.js',
    swaggerOptions: {
      url: '/api/docs/openapi.json',
      validatorUrl: null,
      persistAuthorization: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      filter: true,
      plugins: [pagePlugins],
      responseInterceptor: (response: unknown) => storeTokens(response),
    },
  });
  // The page of the library has no viewport for phones.
  return html.replace(
    '<meta charset="UTF-8">',
    '<meta charset="UTF-8">\n  <meta name="viewport" content="width=device-width, initial-scale=1">',
  );
}

// The page has an inline style element.
const security = securePage({ styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'] });

function serveText(type: string, make: () => Promise<string>): RequestHandler {
  const tag = (text: string) => ({ text, etag: `"${createHash('sha1').update(text).digest('base64url')}"` });
  let made: Promise<ReturnType<typeof tag>> | undefined;
  return async (req, res) => {
    made ??= make().then(tag);
    const { text, etag } = await made;
    res.setHeader('ETag', etag);
    res.setHeader('Cache-Control', 'no-cache');
    if (matchesEtag(req.get('If-None-Match'), etag)) res.status(304).end();
    else res.type(type).send(text);
  };
}

/** Redirects the root of the API to its docs. */
function redirectToDocs(): Router {
  const router = Router();
  router.get('/', (_req, res) => {
    res.setHeader('Cache-Control', 'no-cache');
    res.redirect('/api/docs');
  });
  router.all('/', rejectMethod(['GET', 'HEAD', 'OPTIONS']));
  return router;
}

/** Serves the OpenAPI document at /openapi.json and Swagger UI at /docs. */
export function docs(routes: Route[]): Router {
  const router = Router();
  const page = renderPage();
  let document: Promise<OpenApi> | undefined;
  const getDocument = () => (document ??= openapiInTurns(routes));
  router.use(redirectToDocs());
  router.get(
    '/openapi.json',
    serveText('application/json', async () => JSON.stringify(await getDocument())),
  );
  router.get(
    '/docs/openapi.json',
    serveText('application/json', async () => JSON.stringify(toPageDocument(await getDocument(), routes))),
  );
  router.get('/docs/session.js', (_req, res) => {
    res.setHeader('Cache-Control', 'no-cache');
    res.sendFile(path.join(FOLDER, 'session.js'), { cacheControl: false });
  });
  // The library would refuse this file in its own format; let our 404 answer.
  router.use('/docs/package.json', (_req, _res, next) => next('router'));
  router.use('/docs', security, swaggerUi.serve);
  router.get(
    '/docs',
    serveText('html', () => Promise.resolve(page)),
  );
  router.all(['/openapi.json', '/docs', '/docs/openapi.json'], rejectMethod(['GET', 'HEAD', 'OPTIONS']));
  return router;
}
