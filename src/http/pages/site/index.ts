import { createHash } from 'node:crypto';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { config } from '../../../config';
import { matchesEtag } from '../../etags';
import { rejectMethod } from '../../mount';
import { limiters } from '../../rate-limits';
import { securePage } from '../page-security';
import { getPageLanguage, storeLanguage } from './page-language';
import { pageSession, seemsSignedIn } from './page-session';
import type { SitePage } from './page';
import { sitePages } from './pages';
import { getImportMapSource, getPageTexts, renderPage } from './render-page';
import { scanApp } from './scan-app';
import { siteFiles } from './site-files';
import { LANGUAGES, type Language } from '../../../lib/text/languages';

// Uploaded images have the public address of the program, whatever address the page was opened at.
const IMAGES = ["'self'", new URL(config.publicUrl).origin];
const STRIPE = 'https://js.stripe.com';

function securePageIn(language: Language, { takesPayments = false, readsCodes = false }: SitePage): RequestHandler {
  const webAssembly = readsCodes ? ["'wasm-unsafe-eval'"] : [];
  const scripts = ["'self'", getImportMapSource(language), ...webAssembly];
  const usual = { scriptSrc: scripts, imgSrc: IMAGES, formAction: ["'self'"] };
  const own = { workerSrc: ["'self'"], manifestSrc: ["'self'"] };
  if (readsCodes) return securePage({ ...usual, ...own, requireTrustedTypesFor: ["'script'"] });
  if (!takesPayments || !config.paymentProviders.includes('stripe'))
    return securePage({ ...usual, requireTrustedTypesFor: ["'script'"] });
  // Stripe's script must come from Stripe and writes to the page, so this page alone goes without trusted types.
  return securePage({
    ...usual,
    scriptSrc: [...scripts, STRIPE],
    frameSrc: [STRIPE, 'https://hooks.stripe.com'],
    connectSrc: ["'self'", 'https://api.stripe.com'],
    imgSrc: [...IMAGES, 'https://*.stripe.com'],
  });
}

function withoutLanguage({ originalUrl }: Request): string {
  const [place = '/', query] = originalUrl.split('?');
  return query ? `${place}?${query}` : place;
}

async function sendPage(page: SitePage, req: Request, res: Response): Promise<void> {
  const language = getPageLanguage(req);
  const { props, head } = await page.load({ req, language, texts: getPageTexts(language) });
  const isSignedIn = seemsSignedIn(req);
  const html = renderPage({ view: page.view, language, path: withoutLanguage(req), isSignedIn, props, head });
  const etag = `"${createHash('sha1').update(html).digest('base64url')}"`;
  res.setHeader('Cache-Control', 'private, no-cache');
  res.setHeader('ETag', etag);
  res.setHeader('Content-Language', language);
  res.vary('Accept-Language');
  res.vary('Cookie');
  if (matchesEtag(req.get('If-None-Match'), etag)) res.status(304).end();
  else res.type('html').end(html);
}

function createPageHandler(page: SitePage): RequestHandler {
  const secureIn = new Map(LANGUAGES.map((language) => [language, securePageIn(language, page)]));
  return (req, res, next) => {
    if (page.isSecret) res.locals.loggedPath = page.paths[0];
    if (storeLanguage(req, res)) return;
    secureIn.get(getPageLanguage(req))!(req, res, (error?: unknown) => {
      if (error) next(error);
      else sendPage(page, req, res).catch(next);
    });
  };
}

/** Paths of parts of the account on another front end, to which mail links lead. */
const FRONTEND_PARTS = ['/support/:id', '/credits', '/licenses'];

/** Redirects the paths that mail links have on another front end, for a front end that has this address. */
function redirectFrontendPaths(): Router {
  const router = Router();
  router.get('/events/:id', (req, res) => res.redirect(302, `/e/${encodeURIComponent(req.params.id)}`));
  router.get('/bookings/:id', (req, res, next) => {
    const { token } = req.query;
    if (typeof token === 'string') res.redirect(302, `/b/${encodeURIComponent(token)}`);
    else next();
  });
  router.get(FRONTEND_PARTS, (req, res) => res.redirect(302, `/account${req.path}`));
  return router;
}

/** Serves the pages for people. They call the API like any other front end; the server sends the first view as HTML. */
export function site(): Router {
  const router = Router();
  router.use(siteFiles());
  router.use(scanApp());
  router.use(pageSession());
  router.use(redirectFrontendPaths());
  for (const page of sitePages) {
    for (const path of page.paths) {
      router.get(path, limiters.default, createPageHandler(page));
      router.all(path, rejectMethod(['GET', 'HEAD', 'OPTIONS']));
    }
  }
  return router;
}
