import { useEffect, useRef } from 'preact/hooks';
import { html } from '../../lib/html.js';

/** A part of the checkout. What is refused here is said here, and gets the focus. @param {{ title: string, place: string, refusal: import('./refusals.js').Refusal | undefined, children?: any }} props */
export function Section({ title, place, refusal, children }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const here = refusal?.place === place ? refusal : undefined;
  useEffect(() => {
    if (here) heading.current?.focus();
  }, [here]);
  return html`<section class="card">
    <h2 ref=${heading} tabindex="-1">${title}</h2>
    <p class="problem" role="alert">${here?.message ?? ''}</p>
    ${children}
  </section>`;
}
