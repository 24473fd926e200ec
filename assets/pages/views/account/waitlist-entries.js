import { remove } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Problem } from '../../ui/states.js';
import { EventHead } from '../tickets/event-head.js';
import { Paged } from './paged.js';

/** @param {{ entry: import('#types').WaitlistEntry, reload: () => void }} props */
function Entry({ entry, reload }) {
  const { waitlist: texts, account } = useTexts();
  const { moment, count } = useFormat();
  const leave = useAction(async () => {
    await remove(`/api/waitlist/${entry.eventId}`);
    reload();
  });
  const isOffered = entry.status === 'offered';
  const isOpen = isOffered || entry.status === 'waiting';
  return html`<li class="card">
    <${EventHead} event=${entry.event} />
    <p>
      ${
        isOffered
          ? texts.offered(entry.offeredCount, moment(entry.offerExpiresAt))
          : entry.status === 'waiting'
            ? texts.waiting(entry.ticketsCount, count(entry.position))
            : account.waitlistStatus[/** @type {keyof typeof account.waitlistStatus} */ (entry.status)]
      }
    </p>
    ${
      isOpen &&
      html`<p class="row">
        ${isOffered && html`<a class="button primary" href=${`/e/${entry.eventId}`}>${texts.bookNow}</a>`}
        <button type="button" disabled=${leave.isBusy} onClick=${leave.run}>
          ${isOffered ? texts.decline : texts.leave}
        </button>
      </p>`
    }
    <${Problem} error=${leave.error} />
  </li>`;
}

/** Where the user is waiting, and what is offered. */
export function WaitlistEntries() {
  const { account: texts } = useTexts();
  return html`<${Paged} path="/api/waitlist" empty=${texts.noEntries}>
    ${(/** @type {any[]} */ entries, /** @type {() => void} */ reload) =>
      html`<ul class="rows">
        ${entries.map((entry) => html`<${Entry} key=${entry.id} entry=${entry} reload=${reload} />`)}
      </ul>`}
  <//>`;
}
