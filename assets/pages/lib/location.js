// The address of a page that changes its views without loading again.
import { useEffect, useState } from 'preact/hooks';

/** @type {Set<() => void>} */
const watchers = new Set();
const tell = () => watchers.forEach((watcher) => watcher());

/** Goes to another address of the same page. @param {string} url @param {{ isReplacing?: boolean }} [options] */
export function navigate(url, { isReplacing = false } = {}) {
  if (isReplacing) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  tell();
}

/** Changes parameters of the query; empty ones are removed. @param {Record<string, unknown>} changes @param {{ isReplacing?: boolean }} [options] */
export function changeQuery(changes, options) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === null || value === '') query.delete(name);
    else query.set(name, String(value));
  }
  const text = query.toString();
  navigate(`${location.pathname}${text && `?${text}`}`, options);
}

/** Follows the address of the page. @returns {{ path: string, query: Record<string, string> }} both empty on the server */
export function useLocation() {
  const [, update] = useState(0);
  useEffect(() => {
    const watcher = () => update((count) => count + 1);
    watchers.add(watcher);
    addEventListener('popstate', watcher);
    return () => {
      watchers.delete(watcher);
      removeEventListener('popstate', watcher);
    };
  }, []);
  if (typeof location === 'undefined') return { path: '', query: {} };
  return { path: location.pathname, query: Object.fromEntries(new URLSearchParams(location.search)) };
}

/** @param {MouseEvent} event */
const isPlainClick = (event) =>
  !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Returns a click handler that follows links to some paths without loading the page again. @param {(path: string) => boolean} isOwn */
export const followLinks = (isOwn) => (/** @type {MouseEvent} */ event) => {
  const link = /** @type {Element} */ (event.target).closest('a');
  if (!link || !isPlainClick(event) || link.target || link.download || link.origin !== location.origin) return;
  if (!isOwn(link.pathname) || link.getAttribute('href')?.startsWith('#')) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
};
