import { useEffect, useState } from 'preact/hooks';
import { html } from '../lib/html.js';

const SHOWN_MS = 6000;
/** @type {((text: string) => void) | undefined} */
let show;

/** Shows a message at the edge of the page, and announces it to screen readers. @param {string} text */
export const toast = (text) => show?.(text);

export function Toasts() {
  const [text, setText] = useState('');
  useEffect(() => {
    show = setText;
    return () => void (show = undefined);
  }, []);
  useEffect(() => {
    if (!text) return undefined;
    const timer = setTimeout(() => setText(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return html`<p class="toast" role="status">${text}</p>`;
}
