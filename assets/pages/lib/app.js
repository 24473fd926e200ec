import { Shell } from '../ui/shell.js';
import { Toasts } from '../ui/toast.js';
import { html } from './html.js';
import { LocaleProvider } from './locale.js';

/**
 * @typedef {object} PageData
 * @property {string} path of this page, with its query
 * @property {boolean} isSignedIn as far as the cookies say
 * @property {any} props of the view
 */

/** A whole page: what is around every view, and the view. A view that `isPlain` has the screen to itself. @param {{ texts: import('./locale.js').Texts, page: PageData, View: any }} props */
export function App({ texts, page, View }) {
  if (View.isPlain)
    return html`<${LocaleProvider} value=${texts}>
      <main id="content" class="plain"><${View} ...${page.props} /></main>
      <${Toasts} />
    <//>`;
  return html`<${LocaleProvider} value=${texts}>
    <${Shell} page=${page} hasOwnMain=${View.hasOwnMain}><${View} ...${page.props} /><//>
  <//>`;
}
