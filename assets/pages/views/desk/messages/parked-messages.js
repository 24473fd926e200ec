import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-messages.js';
import { list, post } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useAction } from '../../../lib/use-load.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { DataTable } from '../../../ui/data-table.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { DeskHead } from '../desk-head.js';

/** @typedef {import('#types').ParkedMessage} Message */

const PATH = '/api/admin/messages/parked';

/** @param {{ message: Message, onDone: () => Promise<void> }} props */
function RetryButton({ message: { id, topic }, onDone }) {
  const retry = useAction(async () => {
    await post(`/api/admin/messages/${id}/retry`);
    toast(texts.retried(id));
    await onDone();
  });
  return html`<button type="button" class="small" disabled=${retry.isBusy} onClick=${retry.run}>
      ${texts.retry}<span class="unseen">${texts.retryOne(id, topic)}</span>
    </button>
    <${Problem} error=${retry.error} />`;
}

/** @param {{ onDone: () => void, onClose: () => void }} props */
function RetryAllDialog({ onDone, onClose }) {
  const { count } = useFormat();
  return html`<${ActionDialog}
    title=${texts.retryAllTitle}
    text=${texts.retryAllText}
    action=${texts.retryAll}
    preview=${() => list(PATH, { limit: 1 })}
    showPreview=${(/** @type {any} */ { pagination }) => html`<p>${texts.waiting(count(pagination.total))}</p>`}
    run=${() => post(`${PATH}/retry`, {})}
    onDone=${(/** @type {{ count: number }} */ retried) => {
      toast(texts.retriedAll(count(retried.count)));
      onDone();
    }}
    onClose=${onClose}
  />`;
}

/** Messages that failed ten times, which can be tried again. */
export function ParkedMessages() {
  const { moment, count } = useFormat();
  const [version, setVersion] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const columns = [
    { title: texts.topic, cell: (/** @type {Message} */ { topic }) => html`<code>${topic}</code>` },
    { title: texts.recipient, cell: (/** @type {Message} */ { recipient }) => recipient },
    { title: texts.about, cell: (/** @type {Message} */ { about }) => about },
    { title: texts.parkedAt, cell: (/** @type {Message} */ { parkedAt }) => moment(parkedAt) },
    { title: texts.attempts, isNumber: true, cell: (/** @type {Message} */ { attempts }) => count(attempts) },
    { title: texts.lastError, cell: (/** @type {Message} */ { lastError }) => lastError },
  ];
  return html`<${DeskHead} title=${texts.title} hint=${texts.hint}>
      <button type="button" onClick=${() => setAsking(true)}>${texts.retryAll}</button>
    <//>
    <${DataTable}
      caption=${texts.title}
      path=${PATH}
      columns=${columns}
      empty=${texts.empty}
      version=${version}
      actions=${(/** @type {Message} */ message, /** @type {() => Promise<void>} */ reload) =>
        html`<${RetryButton} message=${message} onDone=${reload} />`}
    />
    ${isAsking && html`<${RetryAllDialog} onDone=${() => setVersion(version + 1)} onClose=${() => setAsking(false)} />`}`;
}
