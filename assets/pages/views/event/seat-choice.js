import { useState } from 'preact/hooks';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { SeatDialog } from './seat-dialog.js';

/** Best available seats, or those chosen from the plan. @param {{ event: import('#types').EventDetail, seats: any[], onChange: (seats: any[]) => void }} props */
export function SeatChoice({ event, seats, onChange }) {
  const { seats: texts } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return html`<div class="seat-choice">
    ${
      seats.length > 0
        ? html`<p>${texts.chosen}</p>
            <ul class="chosen">
              ${seats.map(({ id, label }) => html`<li key=${id}>${label}</li>`)}
            </ul>`
        : html`<p>${texts.bestAvailable}</p>`
    }
    <p class="row">
      <button type="button" onClick=${() => setOpen(true)}>${seats.length > 0 ? texts.change : texts.choose}</button>
      ${seats.length > 0 && html`<button type="button" onClick=${() => onChange([])}>${texts.useBest}</button>`}
    </p>
    ${
      isOpen &&
      html`<${SeatDialog}
        event=${event}
        seats=${seats}
        onClose=${() => setOpen(false)}
        onDone=${(/** @type {any[]} */ chosen) => {
          onChange(chosen);
          setOpen(false);
        }}
      />`
    }
  </div>`;
}
