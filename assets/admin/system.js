import { card, h, tag } from './dom.js';
import * as words from './format.js';

const TONES = { ok: 'good', off: 'calm', down: 'bad', degraded: 'warn' };
const TEXTS = { ok: 'OK', off: 'Not used', down: 'Down', degraded: 'Needs a look' };

export const state = (value) => tag(TEXTS[value] ?? value, TONES[value]);

const pair = ([name, value]) => [h('dt', {}, name), h('dd', {}, value)];

export const pairs = (entries) => h('dl', { class: 'pairs' }, entries.flatMap(pair));

export function queueEntries({ waiting, running, delayed, parked, oldestSeconds, totalCapped }) {
  const count = (value) => `${words.count(value)}${totalCapped ? ' or more' : ''}`;
  return [
    ['Waiting', count(waiting)],
    ['Running', count(running)],
    ['To be tried again', count(delayed)],
    ['Given up on', parked > 0 ? h('a', { href: '#messages' }, count(parked)) : count(parked)],
    ['Oldest waits', oldestSeconds === null ? '–' : `${words.decimal(oldestSeconds)} s`],
  ];
}

/** Shows a summary of the system health. */
export function systemCard({ status, database, redis, worker, queues }) {
  return card(
    'System',
    pairs([
      ['All in all', state(status)],
      ['Database', state(database)],
      ['Redis', state(redis)],
      ['Worker', state(worker)],
      ...queueEntries(queues),
    ]),
  );
}
