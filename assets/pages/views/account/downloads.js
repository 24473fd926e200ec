import { downloadByLink } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Problem } from '../../ui/states.js';
import { Paged } from './paged.js';

/** @param {{ download: import('#types').Download, reload: () => void }} props */
function Row({ download, reload }) {
  const { purchases: texts } = useTexts();
  const { moment, count } = useFormat();
  const { orderId, itemId, name, filename, downloadsLeft, maxDownloads, orderNumber, orderedAt } = download;
  const start = useAction(async () => {
    await downloadByLink(`/api/orders/${orderId}/items/${itemId}/download`);
    reload();
  });
  return html`<li class="card">
    <h3>${name}</h3>
    <p class="muted">
      <a href=${`/orders/${orderId}`}>${orderNumber}</a> · ${moment(orderedAt)}${filename && ` · ${filename}`}
    </p>
    <p>${filename ? texts.downloadsLeft(count(downloadsLeft), count(maxDownloads)) : texts.noFile}</p>
    ${
      filename &&
      html`<p>
        <button type="button" disabled=${start.isBusy || downloadsLeft === 0} onClick=${start.run}>
          ${texts.download}<span class="unseen"> ${name}</span>
        </button>
      </p>`
    }
    <${Problem} error=${start.error} />
  </li>`;
}

/** What the user has bought to download. */
export function Downloads() {
  const { purchases: texts } = useTexts();
  return html`<${Paged} path="/api/downloads" empty=${texts.noDownloads}>
    ${(/** @type {any[]} */ downloads, /** @type {() => void} */ reload) =>
      html`<p class="muted">${texts.downloadsText}</p>
        <ul class="rows">
          ${downloads.map(
            (download) =>
              html`<${Row} key=${`${download.orderId} ${download.itemId}`} download=${download} reload=${reload} />`,
          )}
        </ul>`}
  <//>`;
}
