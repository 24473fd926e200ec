import { hydrate } from 'preact';
import { texts as common } from '#texts/common.js';
import { App } from './app.js';
import { html } from './html.js';

/**
 * Takes over the page that the server has rendered.
 * @param {import('preact').ComponentType<any>} View
 * @param {Record<string, any>} [own] texts that only this page needs, by the name of their module; their `errors` are added to the common ones
 */
export function start(View, own) {
  const refusals = Object.values(own ?? {}).map(({ errors }) => errors);
  const texts = { ...common, ...own, errors: Object.assign({}, common.errors, ...refusals) };
  const { textContent } = /** @type {HTMLElement} */ (document.getElementById('data'));
  const page = JSON.parse(textContent ?? '');
  const root = /** @type {HTMLElement} */ (document.getElementById('app'));
  // In a task of its own, so that a slow phone can scroll between this and loading the modules.
  setTimeout(() => {
    hydrate(html`<${App} texts=${texts} page=${page} View=${View} />`, root);
    document.documentElement.dataset.ready = '';
  });
}
