import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { html } from '../lib/html.js';

/**
 * @typedef {object} NavGroup
 * @property {string} title
 * @property {{ href: string, text: string, isCurrent: boolean }[]} links
 */

/**
 * The many parts of a page, in groups: at the side on wide screens, behind a button on phones.
 * @param {{ label: string, groups: NavGroup[], onOpen: (event: MouseEvent, href: string) => void }} props
 */
export function SideNav({ label, groups, onOpen }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const current = groups.flatMap(({ links }) => links).find(({ isCurrent }) => isCurrent);
  useEffect(() => setOpen(false), [current?.href]);
  const close = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape' || !isOpen) return;
    setOpen(false);
    button.current?.focus();
  };
  return html`<nav class="side-nav" aria-label=${label} onKeyDown=${close}>
    <button
      type="button"
      ref=${button}
      aria-expanded=${isOpen ? 'true' : 'false'}
      aria-controls=${id}
      onClick=${() => setOpen(!isOpen)}
    >
      <span>${current?.text ?? label}</span><span aria-hidden="true">${isOpen ? '▴' : '▾'}</span>
    </button>
    <div id=${id} class=${`groups ${isOpen ? 'open' : ''}`}>
      ${groups.map(
        ({ title, links }, index) =>
          html`<p id=${`${id}-${index}`}>${title}</p>
            <ul aria-labelledby=${`${id}-${index}`}>
              ${links.map(
                ({ href, text, isCurrent }) =>
                  html`<li key=${href}>
                    <a
                      href=${href}
                      aria-current=${isCurrent ? 'page' : undefined}
                      onClick=${(/** @type {MouseEvent} */ event) => onOpen(event, href)}
                      >${text}</a
                    >
                  </li>`,
              )}
            </ul>`,
      )}
    </div>
  </nav>`;
}
