import { hydrate } from 'preact';
import { texts as common } from '#texts/common.js';
import { App } from './app.js';
import { html } from './html.js';

/**
 * Takes over the page that the server has rendered.
 * @param {import('preact').ComponentType<any>} View
 * @param {object} [own] texts that only this page needs, by the name of their module
 */
export function start(View, own) {
  const texts = { ...common, ...own };
  const { textContent } = /** @type {HTMLElement} */ (document.getElementById('data'));
  const page = JSON.parse(textContent ?? '');
  const root = /** @type {HTMLElement} */ (document.getElementById('app'));
  hydrate(html`<${App} texts=${texts} page=${page} View=${View} />`, root);
  document.documentElement.dataset.ready = '';
}
