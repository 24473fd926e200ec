// The service worker of /scan: keeps the page and its modules, so that it starts without a connection. It never touches the API.
const worker = /** @type {any} */ (self);
/** Written in front of this file by the server. @type {{ version: string, files: string[], decoder: string[] }} */
const { version, files, decoder } = worker.precache;

const CACHE = `bilten-scan-${version}`;
const PAGE = '/scan';
const PAGE_TIMEOUT_MS = 4000;

/** Browsers that read QR codes on their own do not need the library. */
async function listFiles() {
  const formats = await worker.BarcodeDetector?.getSupportedFormats().catch(() => []);
  return formats?.includes('qr_code') ? files : [...files, ...decoder];
}

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll([new Request(PAGE, { cache: 'reload' }), ...(await listFiles())]);
  await worker.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('bilten-scan-') && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** The page as it is now, or as it was if the server does not answer. @param {Request} request */
async function loadPage(request) {
  const cache = await caches.open(CACHE);
  const isPlain = new URL(request.url).search === '';
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) });
    if (response.status >= 500) throw new Error(response.statusText);
    if (isPlain && response.ok) await cache.put(PAGE, response.clone());
    return response;
  } catch {
    return (await cache.match(PAGE)) ?? Response.error();
  }
}

/** @param {Request} request */
async function loadFile(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url, { ignoreVary: true })) ?? fetch(request);
}

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate' && pathname === PAGE) event.respondWith(loadPage(request));
  else if (pathname.startsWith('/pages/')) event.respondWith(loadFile(request));
});
