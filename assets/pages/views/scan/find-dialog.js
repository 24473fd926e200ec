import { useState } from 'preact/hooks';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { findEntries, getName } from '../../lib/scan/judge.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Tag } from '../../ui/parts.js';
import { describeTicket } from './result.js';

const MAX_FOUND = 20;

/** Finds somebody who has no code at hand, in the list of the phone. @param {{ door: any, getEntries: () => Iterable<any>, onChoose: (ticketId: number) => void, onClose: () => void }} props */
export function FindDialog({ door, getEntries, onChoose, onClose }) {
  const { scan: texts } = useTexts();
  const [text, setText] = useState('');
  const found = findEntries(getEntries(), text, MAX_FOUND + 1);
  return html`<${Dialog} title=${texts.find} onClose=${onClose}>
    <${Field}
      label=${texts.findLabel}
      name="find"
      type="search"
      autocomplete="off"
      value=${text}
      onInput=${(/** @type {any} */ event) => setText(event.target.value)}
    />
    <p role="status" class="muted">
      ${text.trim() && found.length === 0 && texts.findNone} ${found.length > MAX_FOUND && texts.findMore}
    </p>
    <ul class="rows">
      ${found.slice(0, MAX_FOUND).map(
        (entry) =>
          html`<li key=${entry.id} class="scan-found">
            <div>
              <strong>${getName(entry) ?? texts.noName}</strong>
              <p class="muted fine">
                ${[describeTicket(entry, door, texts), entry.reference].filter(Boolean).join(' · ')}
              </p>
            </div>
            ${
              entry.checkedInAt
                ? html`<${Tag} tone="warn">${texts.isIn}<//>`
                : html`<button
                    type="button"
                    class="primary"
                    aria-label=${`${texts.checkIn}: ${getName(entry) ?? entry.reference}`}
                    onClick=${() => onChoose(entry.id)}
                  >
                    ${texts.checkIn}
                  </button>`
            }
          </li>`,
      )}
    </ul>
  <//>`;
}
