import { hydrate } from 'preact';
import { texts } from '#texts';
import { App } from './app.js';
import { html } from './html.js';

/** Takes over the page that the server has rendered. @param {import('preact').ComponentType<any>} View */
export function start(View) {
  const { textContent } = /** @type {HTMLElement} */ (document.getElementById('data'));
  const page = JSON.parse(textContent ?? '');
  const root = /** @type {HTMLElement} */ (document.getElementById('app'));
  hydrate(html`<${App} texts=${texts} page=${page} View=${View} />`, root);
  document.documentElement.dataset.ready = '';
}
