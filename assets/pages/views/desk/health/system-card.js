import { texts } from '#texts/desk-health.js';
import { html } from '../../../lib/html.js';
import { useNumbers } from '../../../lib/use-numbers.js';
import { Facts } from '../../../ui/figures.js';
import { Card, Tag } from '../../../ui/parts.js';

/** @type {Record<string, 'good' | 'calm' | 'bad' | 'warn'>} */
const TONES = { ok: 'good', off: 'calm', down: 'bad', degraded: 'warn' };

/** @param {{ of: string }} props */
export const State = ({ of }) =>
  html`<${Tag} tone=${TONES[of]}>${texts.states[/** @type {keyof typeof texts.states} */ (of)] ?? of}<//>`;

/** @param {import('#types').SystemSummary['queues']} queues @param {ReturnType<typeof useNumbers>} numbers @returns {[string, any][]} */
export function listQueueFacts({ waiting, running, delayed, parked, oldestSeconds, totalCapped }, { count, decimal }) {
  const show = (/** @type {number} */ value) => (totalCapped ? texts.orMore(count(value)) : count(value));
  return [
    [texts.waiting, show(waiting)],
    [texts.running, show(running)],
    [texts.delayed, show(delayed)],
    [texts.parked, parked > 0 ? html`<a href="/admin/messages">${show(parked)}</a>` : show(parked)],
    [texts.oldest, oldestSeconds === null ? '–' : `${decimal(oldestSeconds)} s`],
  ];
}

/** A summary of the system's health. @param {{ system: import('#types').SystemSummary }} props */
export function SystemCard({ system: { status, database, redis, worker, queues } }) {
  const numbers = useNumbers();
  return html`<${Card} title=${texts.system} class="narrow">
    <${Facts}
      facts=${[
        [texts.overall, html`<${State} of=${status} />`],
        [texts.database, html`<${State} of=${database} />`],
        [texts.redis, html`<${State} of=${redis} />`],
        [texts.worker, html`<${State} of=${worker} />`],
        ...listQueueFacts(queues, numbers),
      ]}
    />
  <//>`;
}
