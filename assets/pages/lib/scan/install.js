const WORKER = '/scan-worker.js';

/** Makes the page start without a connection. Without a service worker it works only while it stays open. */
export function installWorker() {
  if (!('serviceWorker' in navigator)) return;
  const types = /** @type {any} */ (globalThis).trustedTypes;
  const policy = types?.createPolicy('bilten-scan', { createScriptURL: () => WORKER });
  const url = /** @type {string} */ (policy?.createScriptURL('') ?? WORKER);
  navigator.serviceWorker.register(url, { scope: '/scan' }).catch(() => undefined);
}
