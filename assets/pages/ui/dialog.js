import { useEffect, useId, useRef } from 'preact/hooks';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';

/** A modal dialog; it is open as long as it is rendered. @param {{ title: string, onClose: () => void, children?: any }} props */
export function Dialog({ title, onClose, children }) {
  const { states } = useTexts();
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    const opener = /** @type {HTMLElement | null} */ (document.activeElement);
    dialog?.showModal();
    return () => {
      dialog?.close();
      opener?.focus();
    };
  }, []);
  return html`<dialog
    ref=${ref}
    aria-labelledby=${id}
    onCancel=${(/** @type {Event} */ event) => {
      event.preventDefault();
      onClose();
    }}
  >
    <div class="dialog-head">
      <h2 id=${id}>${title}</h2>
      <button type="button" class="plain" aria-label=${states.close} onClick=${onClose}>✕</button>
    </div>
    ${children}
  </dialog>`;
}

/** Asks before something that cannot be undone. @param {{ title: string, text: any, action: string, isBusy: boolean, problem?: any, onConfirm: () => void, onClose: () => void, children?: any }} props */
export function ConfirmDialog({ title, text, action, isBusy, problem, onConfirm, onClose, children }) {
  const { states } = useTexts();
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <p>${text}</p>
    ${children} ${problem}
    <div class="actions">
      <button type="button" onClick=${onClose}>${states.back}</button>
      <button type="button" class="danger" disabled=${isBusy} onClick=${onConfirm}>${action}</button>
    </div>
  <//>`;
}
