import { texts } from '#texts/desk-health.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useNumbers } from '../../../lib/use-numbers.js';
import { usePolled } from '../../../lib/use-polled.js';
import { Facts } from '../../../ui/figures.js';
import { Card, Table, Tag } from '../../../ui/parts.js';
import { Polled } from '../../../ui/polled.js';
import { Empty } from '../../../ui/states.js';
import { DeskHead } from '../desk-head.js';
import { listQueueFacts, State } from './system-card.js';

/** @typedef {import('#types').SystemHealth} SystemHealth */

// Together with the checks of the server, what stops shows within five seconds.
const AGAIN_MS = 1500;
const MEGABYTE = 1024 * 1024;

/** @param {{ health: SystemHealth }} props */
function Responses({ health: { responses } }) {
  const { count, decimal, share } = useNumbers();
  const ms = (/** @type {number | null} */ value) => (value === null ? '–' : `${decimal(value)} ms`);
  return html`<${Card} title=${texts.responses(count(responses.windowSeconds))} class="quarter">
    <${Facts}
      facts=${[
        [texts.requests, count(responses.requests)],
        [texts.perSecond, decimal(responses.perSecond)],
        [texts.median, ms(responses.p50Ms)],
        [texts.p95, ms(responses.p95Ms)],
        [texts.p99, ms(responses.p99Ms)],
        [texts.failures, `${count(responses.errors)} (${share(responses.errorRate)})`],
      ]}
    />
  <//>`;
}

/** @param {{ health: SystemHealth }} props */
function Database({ health: { database } }) {
  const { count, decimal, bytes } = useNumbers();
  return html`<${Card} title=${texts.database} class="quarter">
    <${Facts}
      facts=${[
        [texts.state, html`<${State} of=${database.status} />`],
        [texts.answersIn, database.latencyMs === null ? '–' : `${decimal(database.latencyMs)} ms`],
        [texts.version, database.version ?? '–'],
        [texts.size, bytes(database.sizeBytes)],
        [texts.connections, texts.of(count(database.connections), count(database.maxConnections))],
        [texts.pool, texts.poolLine(count(database.pool.used), count(database.pool.waiting))],
      ]}
    />
  <//>`;
}

/** @param {{ health: SystemHealth }} props */
function Queues({ health: { redis, worker, queues } }) {
  const numbers = useNumbers();
  const latency = redis.latencyMs === null ? '' : ` ${numbers.decimal(redis.latencyMs)} ms`;
  return html`<${Card} title=${texts.queues} class="quarter">
    <${Facts}
      facts=${[
        [texts.redis, html`<${State} of=${redis.status} />${latency}`],
        [texts.worker, html`<${State} of=${worker.status} />`],
        [texts.workerSeen, numbers.since(worker.seenAt)],
        ...listQueueFacts(queues, numbers),
      ]}
    />
  <//>`;
}

/** @param {{ health: SystemHealth }} props */
function Process({ health: { cpu, memory, uptimeSeconds } }) {
  const { count, decimal, share, bytes, since } = useNumbers();
  return html`<${Card} title=${texts.process} class="quarter">
    <${Facts}
      facts=${[
        [texts.started, since(new Date(Date.now() - uptimeSeconds * 1000).toISOString())],
        [texts.processor, share(cpu.processUse)],
        [texts.load, texts.loadLine(decimal(cpu.load[0]), count(cpu.cores))],
        [texts.lag, cpu.eventLoopDelayMs === null ? '–' : `${decimal(cpu.eventLoopDelayMs)} ms`],
        [texts.memory, bytes(memory.residentMb * MEGABYTE)],
        [texts.memoryFree, bytes(memory.systemFreeMb * MEGABYTE)],
      ]}
    />
  <//>`;
}

/** @param {{ health: SystemHealth }} props */
function Setup({ health: { setup } }) {
  const lines = [...setup.missing.map(({ message }) => message), ...setup.warnings];
  return html`<${Card} title=${texts.setup}>
    ${
      lines.length === 0
        ? html`<${Empty} text=${texts.allSetUp} />`
        : html`<ul>
            ${lines.map((line) => html`<li key=${line}>${line}</li>`)}
          </ul>`
    }
  <//>`;
}

/** @param {{ health: SystemHealth }} props */
function Topics({ health: { queues } }) {
  const { count } = useNumbers();
  return html`<${Card} title=${texts.topics}>
    ${
      queues.byTopic.length === 0
        ? html`<${Empty} text=${texts.nothingWaits} />`
        : html`<${Table}
            caption=${texts.topics}
            head=${[texts.topic, texts.waiting, texts.running, texts.delayed, texts.parked]}
          >
            ${queues.byTopic.map(
              ({ topic, waiting, running, delayed, parked }) =>
                html`<tr key=${topic}>
                  <th scope="row">${topic}</th>
                  ${[waiting, running, delayed, parked].map((value) => html`<td>${count(value)}</td>`)}
                </tr>`,
            )}
          <//>`
    }
  <//>`;
}

/** @param {{ health: SystemHealth }} props */
function Schedules({ health: { schedules } }) {
  const { since } = useNumbers();
  return html`<${Card} title=${texts.schedules}>
    <${Table} caption=${texts.schedules} head=${[texts.schedule, texts.lastRun, texts.result]}>
      ${schedules.map(
        ({ name, lastRunAt, lastError }) =>
          html`<tr key=${name}>
            <th scope="row">${name}</th>
            <td>${since(lastRunAt)}</td>
            <td>
              ${lastError ? html`<span class="problem">${lastError}</span>` : html`<${Tag} tone="good">${texts.states.ok}<//>`}
            </td>
          </tr>`,
      )}
    <//>
  <//>`;
}

/** The state of everything that the program needs, a few seconds old at most. */
export function Health() {
  const polled = usePolled(() => get('/api/admin/health'), [], AGAIN_MS);
  const { data } = polled;
  return html`<${DeskHead} title=${texts.title}>
      ${data && !polled.error && html`<p role="status"><${State} of=${data.status} /></p>`}
    <//>
    <${Polled} from=${polled}>
      ${(/** @type {SystemHealth} */ health) =>
        html`<div class="grid">
          ${[Responses, Database, Queues, Process, Setup, Topics, Schedules].map((Part) => html`<${Part} health=${health} />`)}
        </div>`}
    <//>`;
}
