import { card, empty, h, table, tag } from './dom.js';
import * as words from './format.js';
import { get } from './session.js';
import { pairs, queueEntries, state } from './system.js';

const AGAIN_MS = 5000;

const ms = (value) => (value === null ? '–' : `${words.decimal(value)} ms`);
const mb = (value) => words.bytes(value * 1024 * 1024);

function topics(rows) {
  if (rows.length === 0) return empty('Nothing waits.');
  const columns = [['Topic'], ['Waiting', true], ['Running', true], ['Again', true], ['Given up', true]];
  const cells = rows.map(({ topic, waiting, running, delayed, parked }) => ({
    cells: [topic, ...[waiting, running, delayed, parked].map(words.count)],
  }));
  return table(columns, cells, { caption: 'Queues by topic', stacked: true });
}

function schedules(rows) {
  const cells = rows.map(({ name, lastRunAt, lastError }) => ({
    cells: [
      name,
      words.since(lastRunAt),
      lastError ? h('span', { class: 'problem error-text' }, lastError) : tag('OK', 'good'),
    ],
  }));
  return table([['Schedule'], ['Last run'], ['Result']], cells, { caption: 'Schedules', stacked: true });
}

function setupOf({ missing, warnings }) {
  const lines = [...missing.map(({ message }) => message), ...warnings];
  if (lines.length === 0) return empty('Everything is set up.');
  return h('ul', {}, ...lines.map((line) => h('li', {}, line)));
}

function parts({ database, redis, worker, queues, setup, memory, cpu, responses, schedules: rows, uptimeSeconds }) {
  const seconds = `${words.count(responses.windowSeconds)} s`;
  return [
    card(
      `Answers in the last ${seconds}`,
      pairs([
        ['Requests', words.count(responses.requests)],
        ['Per second', words.decimal(responses.perSecond)],
        ['Median', ms(responses.p50Ms)],
        ['95 of 100 within', ms(responses.p95Ms)],
        ['99 of 100 within', ms(responses.p99Ms)],
        ['Errors', `${words.count(responses.errors)} (${words.share(responses.errorRate)})`],
      ]),
    ),
    card(
      'Database',
      pairs([
        ['State', state(database.status)],
        ['Answers in', ms(database.latencyMs)],
        ['Version', database.version ?? '–'],
        ['Size', words.bytes(database.sizeBytes)],
        ['Connections', `${words.count(database.connections)} of ${words.count(database.maxConnections)}`],
        ['Pool here', `${words.count(database.pool.used)} used, ${words.count(database.pool.waiting)} wait`],
      ]),
    ),
    card(
      'Queues',
      pairs([
        ['Redis', redis.latencyMs === null ? state(redis.status) : ms(redis.latencyMs)],
        ['Worker', state(worker.status)],
        ['Worker seen', words.since(worker.seenAt)],
        ...queueEntries(queues),
      ]),
    ),
    card(
      'This process',
      pairs([
        ['Started', words.since(new Date(Date.now() - uptimeSeconds * 1000).toISOString())],
        ['Processor', words.share(cpu.processUse)],
        ['Load', `${words.decimal(cpu.load[0])} on ${words.count(cpu.cores)} cores`],
        ['Event loop lag', ms(cpu.eventLoopDelayMs)],
        ['Memory', mb(memory.residentMb)],
        ['Memory free', mb(memory.systemFreeMb)],
      ]),
    ),
    card('Set-up', setupOf(setup)),
    card('Queues by topic', topics(queues.byTopic)),
    card('Schedules', schedules(rows)),
  ];
}

/** Shows detailed health, refreshed every few seconds. */
export async function healthView(content, { signal }) {
  const grid = h('div', { class: 'grid top' });
  const overall = h('p');

  async function renew() {
    const { data } = await get('/api/admin/health');
    if (signal.aborted) return;
    overall.replaceChildren(state(data.status));
    const cards = parts(data);
    for (const one of cards.slice(0, 4)) one.classList.add('quarter');
    grid.replaceChildren(...cards);
  }

  await renew();
  if (signal.aborted) return;
  content.replaceChildren(h('div', { class: 'head' }, h('h1', {}, 'Health'), overall), grid);
  const timer = setInterval(() => document.hidden || renew().catch(() => undefined), AGAIN_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
}
