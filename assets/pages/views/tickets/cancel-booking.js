import { useState } from 'preact/hooks';
import { put } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { ConfirmDialog } from '../../ui/dialog.js';
import { Problem } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';

/** Cancels a booking, after asking. @param {{ booking: import('#types').Booking, onDone: () => void }} props */
export function CancelBooking({ booking: { id, status, cancellableUntil, event }, onDone }) {
  const { booking: texts } = useTexts();
  const { dayAndTime } = useFormat();
  const [isAsking, setAsking] = useState(false);
  const cancel = useAction(async () => {
    await put(`/api/bookings/${id}/cancel`, {});
    setAsking(false);
    toast(texts.cancelDone);
    onDone();
  });
  if (status !== 'pending' && status !== 'confirmed') return null;
  const isTooLate = status === 'confirmed' && (!cancellableUntil || Date.parse(cancellableUntil) < Date.now());
  if (isTooLate) return html`<p class="muted">${texts.tooLate}</p>`;
  return html`<p class="row">
      <button type="button" class="danger" onClick=${() => setAsking(true)}>${texts.cancel}</button>
      ${
        cancellableUntil &&
        status === 'confirmed' &&
        html`<span class="muted">${texts.cancellableUntil(dayAndTime(cancellableUntil, event.timezone))}</span>`
      }
    </p>
    ${
      isAsking &&
      html`<${ConfirmDialog}
        title=${texts.cancel}
        text=${status === 'pending' ? texts.cancelHoldText : texts.cancelText}
        action=${texts.cancel}
        isBusy=${cancel.isBusy}
        problem=${html`<${Problem} error=${cancel.error} />`}
        onConfirm=${cancel.run}
        onClose=${() => {
          cancel.clear();
          setAsking(false);
        }}
      />`
    }`;
}
