import { Router, type Response } from 'express';
import { LANGUAGES, type Language } from '../../../lib/text/languages';
import { rejectMethod } from '../../mount';
import { securePage } from '../page-security';
import { getPageTexts, listPageFiles } from './render-page';
import { getImports, readModule, toSiteUrl, version } from './site-files';

const WORKER_PATH = '/scan-worker.js';
const MANIFEST_PATH = '/scan.webmanifest';
/** What only browsers without a detector of their own need. */
const DECODER = ['barcode-detector/ponyfill', 'zxing-exported', 'barcode-detector/reader.wasm'];

/** Returns the address of the manifest in a language. */
export const getManifestUrl = (language: Language): string => `${MANIFEST_PATH}?lang=${language}`;

function createManifest(language: Language): object {
  const { title, description } = getPageTexts(language).scan;
  const icon = (name: string, sizes: string, purpose = 'any') => ({ src: toSiteUrl(`icons/${name}`), sizes, purpose });
  return {
    id: '/scan',
    name: `${title} · Bilten`,
    short_name: title,
    description,
    lang: language,
    start_url: '/scan',
    scope: '/scan',
    display: 'standalone',
    orientation: 'portrait',
    background_color: '#0e131a',
    theme_color: '#0e131a',
    icons: [
      { ...icon('door.png', '512x512'), type: 'image/png' },
      { ...icon('door-maskable.png', '512x512', 'maskable'), type: 'image/png' },
    ],
  };
}

/** Returns the service worker with the list of what it keeps, which makes it another one with each version. */
function createWorker(): string {
  const imports = getImports('en');
  const files = new Set(LANGUAGES.flatMap((language) => listPageFiles('scan', language)));
  files.add(imports['@noble/ed25519']!).add(toSiteUrl('icons/door.png'));
  const decoder = DECODER.map((name) => imports[name]);
  return `self.precache = ${JSON.stringify({ version, files: [...files], decoder })};\n${readModule('lib/scan/worker.js')}`;
}

function send(res: Response, type: string, content: string): void {
  res.setHeader('Cache-Control', 'no-cache');
  res.type(type).send(content);
}

/** Serves what makes /scan installable and lets it start without a connection. */
export function scanApp(): Router {
  const router = Router();
  const worker = createWorker();
  const manifests = Object.fromEntries(
    LANGUAGES.map((language) => [language, JSON.stringify(createManifest(language))]),
  );
  router.get(WORKER_PATH, securePage(), (_req, res) => send(res, 'text/javascript', worker));
  router.get(MANIFEST_PATH, (req, res) => {
    send(res, 'application/manifest+json', manifests[String(req.query.lang)] ?? manifests.en!);
  });
  router.all([WORKER_PATH, MANIFEST_PATH], rejectMethod(['GET', 'HEAD', 'OPTIONS']));
  return router;
}
