import { html } from '../lib/html.js';
import { useLocation } from '../lib/location.js';

/** Links between the parts of a page; each part has its address. @param {{ label: string, tabs: [href: string, title: any][] }} props */
export function Tabs({ label, tabs }) {
  const { path } = useLocation();
  return html`<nav class="tabs" aria-label=${label}>
    <ul>
      ${tabs.map(
        ([href, title]) =>
          html`<li key=${href}><a href=${href} aria-current=${href === path ? 'page' : undefined}>${title}</a></li>`,
      )}
    </ul>
  </nav>`;
}
