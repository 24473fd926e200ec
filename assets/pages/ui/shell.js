import { useEffect, useState } from 'preact/hooks';
import { html } from '../lib/html.js';
import { getKept, watchKept } from '../lib/kept-cart.js';
import { useTexts } from '../lib/locale.js';
import { seemsSignedIn, watchSession } from '../lib/session.js';
import { Toasts } from './toast.js';

function useOnline() {
  const [isOnline, setOnline] = useState(true);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    update();
    addEventListener('online', update);
    addEventListener('offline', update);
    return () => {
      removeEventListener('online', update);
      removeEventListener('offline', update);
    };
  }, []);
  return isOnline;
}

/** @param {boolean} initial */
function useSignedIn(initial) {
  const [isSignedIn, setSignedIn] = useState(initial);
  useEffect(() => watchSession(() => setSignedIn(seemsSignedIn())), []);
  return isSignedIn;
}

/** How much is in the cart, as far as this browser knows. */
function useCartCount() {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const update = () => setCount(getKept().count);
    update();
    return watchKept(update);
  }, []);
  return count;
}

/** @param {string} path @param {string} language */
function withLanguage(path, language) {
  const [place, query = ''] = path.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('lang', language);
  return `${place}?${parameters}`;
}

/** @param {{ path: string }} props */
export function Languages({ path }) {
  const { language, languages, shell } = useTexts();
  return html`<nav class="languages" aria-label=${shell.language}>
    ${Object.entries(languages).map(([code, name]) =>
      code === language
        ? html`<span aria-current="true">${name}</span>`
        : html`<a href=${withLanguage(path, code)} lang=${code} hreflang=${code} rel="nofollow">${name}</a>`,
    )}
  </nav>`;
}

/** What is around every view: header, navigation, footer, and what is said about the connection. @param {{ page: import('../lib/app.js').PageData, hasOwnMain?: boolean, children?: any }} props */
export function Shell({ page, hasOwnMain, children }) {
  const { shell } = useTexts();
  const isOnline = useOnline();
  const isSignedIn = useSignedIn(page.isSignedIn);
  const count = useCartCount();
  const path = page.path.split('?')[0] ?? '/';
  const current = (/** @type {string} */ target) => (path === target ? 'page' : undefined);
  const signIn = `/sign-in?next=${encodeURIComponent(page.path)}`;
  return html`<a class="skip" href="#content">${shell.skip}</a>
    <header class="bar">
      <a class="brand" href="/"><img src="/icon.svg" alt="" width="24" height="24" /> Bilten</a>
      <nav aria-label=${shell.parts}>
        <ul>
          <li><a href="/" aria-current=${current('/')}>${shell.whatIsOn}</a></li>
          <li><a href="/shop" aria-current=${current('/shop')}>${shell.shop}</a></li>
          <li>
            <a href="/cart" aria-current=${current('/cart')}
              >${shell.cart}${count > 0 && html` <span class="badge">${count}</span>`}</a
            >
          </li>
          <li>
            ${
              isSignedIn
                ? html`<a href="/account" aria-current=${current('/account')}>${shell.account}</a>`
                : html`<a href=${path === '/sign-in' ? page.path : signIn} aria-current=${current('/sign-in')}
                    >${shell.signIn}</a
                  >`
            }
          </li>
        </ul>
      </nav>
    </header>
    ${!isOnline && html`<p class="offline" role="status">${shell.offline}</p>`}
    ${hasOwnMain ? children : html`<main id="content" tabindex="-1">${children}</main>`}
    <footer class="foot">
      <${Languages} path=${page.path} />
      <p class="muted fine"><a href="/api/docs">${shell.api}</a></p>
    </footer>
    <${Toasts} />`;
}
