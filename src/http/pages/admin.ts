import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import express, { Router, type RequestHandler } from 'express';
import { board } from './queue-board';
import { matchesEtag } from '../etags';
import { rejectMethod } from '../mount';
import { securePage } from './page-security';
import { toSiteUrl } from './site/site-files';

const FOLDER = path.join(__dirname, '..', '..', '..', 'assets', 'admin');
const YEAR_S = 31_536_000;

// Nothing inline and nothing from other origins. Trusted types keep text from becoming markup by mistake.
const security = securePage({ requireTrustedTypesFor: ["'script'"] });

interface Library {
  /** Contains the version, so that browsers can cache it permanently. */
  url: string;
  etag: string;
  file: string;
}

function loadLibrary(name: string, main: string, file: string): Library {
  const folder = path.dirname(require.resolve(main));
  const root = folder.slice(
    0,
    folder.lastIndexOf(path.join('node_modules', name)) + path.join('node_modules', name).length,
  );
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    url: `/admin/lib/${name}/${version}/${path.basename(file)}`,
    etag: `"${version}"`,
    file: path.join(root, file),
  };
}

/** Browser libraries, served from their packages. */
const libraries = {
  'chart.js': loadLibrary('chart.js', 'chart.js', 'dist/chart.umd.min.js'),
  'socket.io': loadLibrary('socket.io', 'socket.io/package.json', 'client-dist/socket.io.min.js'),
};

function servePage(): RequestHandler {
  let text = readFileSync(path.join(FOLDER, 'index.html'), 'utf8');
  for (const [name, { url }] of Object.entries(libraries)) text = text.replace(`{{${name}}}`, url);
  text = text.replace('{{base.css}}', toSiteUrl('style/base.css'));
  const etag = `"${createHash('sha1').update(text).digest('base64url')}"`;
  return (req, res) => {
    res.setHeader('ETag', etag);
    res.setHeader('Cache-Control', 'no-cache');
    if (matchesEtag(req.get('If-None-Match'), etag)) res.status(304).end();
    else res.type('html').end(text);
  };
}

/** Serves the dashboard at /admin, which consists of static files that call the API, and the queue board below it. */
export function admin(): Router {
  const router = Router();
  router.use('/admin', security);
  router.get('/admin', servePage());
  router.all('/admin', rejectMethod(['GET', 'HEAD', 'OPTIONS']));
  for (const { url, etag, file } of Object.values(libraries)) {
    router.get(url, (_req, res) => {
      res.setHeader('ETag', etag);
      res.sendFile(file, { maxAge: YEAR_S * 1000, immutable: true });
    });
  }
  router.use(board());
  // The page is served above, with the URLs of its libraries filled in.
  router.use('/admin/index.html', (_req, _res, next) => next('router'));
  router.use(
    '/admin',
    express.static(FOLDER, {
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders: (res) => res.setHeader('Cache-Control', 'no-cache'),
    }),
  );
  return router;
}
