import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import escapeHtml from 'escape-html';
import type { Language } from '../../../lib/text/languages';
import { getImports, listModules, SITE_FOLDER, toSiteUrl } from './site-files';

interface PageData {
  path: string;
  isSignedIn: boolean;
  props: object;
}

/** The module that renders the views; JavaScript that also runs in browsers, so it is not compiled with the program. */
interface Renderer {
  renderView(view: string, language: Language, page: PageData): string;
  textsByLanguage: Record<Language, PageTexts>;
  findDeskRoute(path: string): object | undefined;
}

export interface PageTexts {
  list: { title: string };
  signIn: { title: string };
  verifyEmail: { title: string };
  resetPassword: { title: string };
  booking: { title: string };
  order: { title: string };
  account: { title: string };
  desk: { title: string };
  scan: { title: string; description: string };
  withdrawal: { title: string };
  store: { title: string; cart: { title: string }; checkout: { title: string } };
}

const renderer = createRequire(__filename)(path.join(SITE_FOLDER, 'server.js')) as Renderer;

/** True if the desk has a section with this path. */
export const isDeskPath = (place: string): boolean => renderer.findDeskRoute(place) !== undefined;

export const getPageTexts = (language: Language): PageTexts => renderer.textsByLanguage[language];

/** What a page says about itself to search engines and to pages that link to it. */
export interface PageHead {
  title: string;
  description?: string;
  /** The absolute URL of the page without what does not matter; pages without one are not indexed. */
  canonicalUrl?: string;
  imageUrl?: string | null;
  /** Open Graph's type; `website` unless it says otherwise. */
  type?: string;
  /** Data in the vocabulary of schema.org. */
  jsonLd?: object;
  /** The page can be installed like an app. */
  manifestUrl?: string;
}

export interface RenderedPage extends PageData {
  view: string;
  language: Language;
  head: PageHead;
}

const STYLES = ['style/base.css', 'style/parts.css', 'style/events.css'];

/** Styles that only some views need; the page that shows the design system needs them all. */
const MORE_STYLES: Record<string, string[]> = {
  account: ['style/account.css'],
  withdrawal: ['style/account.css'],
  desk: ['style/desk.css', 'style/desk-sales.css'],
  design: ['style/account.css', 'style/desk.css', 'style/store.css', 'style/design.css'],
  scan: ['style/scan.css'],
  ...Object.fromEntries(
    ['event', 'shop', 'product', 'cart', 'checkout', 'order'].map((view) => [view, ['style/store.css']]),
  ),
};

const listStyles = (view: string): string[] => [...STYLES, ...(MORE_STYLES[view] ?? [])];

/** Returns the URLs of everything that a page loads at once. */
export const listPageFiles = (view: string, language: Language): string[] => [
  ...listStyles(view).map(toSiteUrl),
  ...listModules(`entries/${view}.js`, language),
];

/** Writes JSON for a script element, which ends at the first `</script`. */
const toScriptJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

/** The links that make the browser load all modules of a page at once, by language and view. */
const preloads = new Map<string, string>();

function renderPreloads(view: string, language: Language): string {
  const key = `${language} ${view}`;
  let links = preloads.get(key);
  if (links === undefined) {
    const urls = listModules(`entries/${view}.js`, language);
    // Styles and the first picture come before them: the page can be read without scripts.
    links = urls.map((url) => `<link rel="modulepreload" href="${url}" fetchpriority="low">`).join('\n');
    preloads.set(key, links);
  }
  return links;
}

const importMaps = new Map<Language, string>();

function getImportMap(language: Language): string {
  let map = importMaps.get(language);
  if (map === undefined) {
    map = toScriptJson({ imports: getImports(language) });
    importMaps.set(language, map);
  }
  return map;
}

/** Returns the source expression with which the policy allows the import map, the only inline script. */
export const getImportMapSource = (language: Language): string =>
  `'sha256-${createHash('sha256').update(getImportMap(language)).digest('base64')}'`;

const renderManifest = (url: string): string => `<link rel="manifest" href="${url}">
<link rel="apple-touch-icon" href="${toSiteUrl('icons/door.png')}">
<meta name="theme-color" content="#f5f6f9" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#0e131a" media="(prefers-color-scheme: dark)">
`;

function renderMeta({ title, description, canonicalUrl, imageUrl, type = 'website' }: PageHead): string {
  const names = canonicalUrl === undefined ? { robots: 'noindex' } : { description };
  const properties = { title, description, type, url: canonicalUrl, image: imageUrl, site_name: 'Bilten' };
  const toMeta = (key: string, prefix: string) =>
    Object.entries(key === 'name' ? names : properties)
      .filter((entry): entry is [string, string] => Boolean(entry[1]))
      .map(([name, value]) => `<meta ${key}="${prefix}${name}" content="${escapeHtml(value)}">`);
  const open = canonicalUrl === undefined ? [] : toMeta('property', 'og:');
  const canonical = canonicalUrl === undefined ? [] : [`<link rel="canonical" href="${escapeHtml(canonicalUrl)}">`];
  return [...toMeta('name', ''), ...open, ...canonical].join('\n');
}

/** Renders a whole page: its head, the first view as HTML, and the data with which the browser takes over. */
export function renderPage({ view, language, head, path: place, isSignedIn, props }: RenderedPage): string {
  const page: PageData = { path: place, isSignedIn, props: JSON.parse(JSON.stringify(props)) as object };
  const styles = listStyles(view).map((name) => `<link rel="stylesheet" href="${toSiteUrl(name)}">`);
  const data = head.jsonLd ? `<script type="application/ld+json">${toScriptJson(head.jsonLd)}</script>\n` : '';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(head.title)} · Bilten</title>
${renderMeta(head)}
<link rel="icon" href="/icon.svg" type="image/svg+xml">
${head.manifestUrl ? renderManifest(head.manifestUrl) : ''}${styles.join('\n')}
<script type="importmap">${getImportMap(language)}</script>
${renderPreloads(view, language)}
<script type="module" src="${toSiteUrl(`entries/${view}.js`)}" fetchpriority="low"></script>
${data}</head>
<body>
<div id="app">${renderer.renderView(view, language, page)}</div>
<script type="application/json" id="data">${toScriptJson(page)}</script>
</body>
</html>
`;
}
