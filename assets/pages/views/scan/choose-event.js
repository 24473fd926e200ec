import { useState } from 'preact/hooks';
import { list } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { loadList } from '../../lib/scan/load-list.js';
import { allowSound } from '../../lib/scan/signals.js';
import { storeDoor } from '../../lib/scan/storage.js';
import { forgetDoor } from '../../lib/session.js';
import { useAction, useLoad } from '../../lib/use-load.js';
import { Field } from '../../ui/field.js';
import { Loaded, Loading, Problem } from '../../ui/states.js';

const DAY_MS = 86_400_000;
const MAX_EVENTS = 100;

/** Lists what is on from yesterday on, because a night can pass midnight; admins may scan for everybody. @param {{ role: string }} user */
async function listEvents({ role }) {
  const query = {
    status: 'published',
    from: new Date(Date.now() - DAY_MS).toISOString(),
    sort: 'startDate',
    order: 'asc',
    limit: MAX_EVENTS,
  };
  const { data } =
    role === 'admin' ? await list('/api/admin/events', query) : await list('/api/events', { ...query, mine: true });
  return data.filter(({ endDate }) => Date.parse(endDate) > Date.now() - DAY_MS / 4);
}

/** @param {{ startDate: string, endDate: string, timezone: string }} event */
function isToday({ startDate, endDate, timezone }) {
  const toDay = (/** @type {string | number} */ time) =>
    new Date(time).toLocaleDateString('en-CA', { timeZone: timezone });
  const today = toDay(Date.now());
  return toDay(startDate) <= today && today <= toDay(endDate);
}

/** @param {{ title: string, events: any[], isBusy: boolean, onChoose: (event: any) => void }} props */
function Events({ title, events, isBusy, onChoose }) {
  const { scan: texts } = useTexts();
  const { dayAndTime } = useFormat();
  if (events.length === 0) return null;
  return html`<h2>${title}</h2>
    <ul class="rows">
      ${events.map(
        (event) =>
          html`<li key=${event.id}>
            <button
              type="button"
              class="scan-event"
              disabled=${isBusy}
              aria-label=${texts.prepare(event.title)}
              onClick=${() => onChoose(event)}
            >
              <strong>${event.title}</strong>
              <span class="muted">${dayAndTime(event.startDate, event.timezone)}</span>
              ${event.venueName && html`<span class="muted">${event.venueName}</span>`}
            </button>
          </li>`,
      )}
    </ul>`;
}

/** @param {{ user: any, onChosen: (kept: any) => void }} props */
export function ChooseEvent({ user, onChosen }) {
  const { scan: texts } = useTexts();
  const [gate, setGate] = useState('');
  const [isGateMissing, setGateMissing] = useState(false);
  const events = useLoad(() => listEvents(user), [user.id]);
  const prepare = useAction(async (/** @type {any} */ { id, title, timezone, endDate }) => {
    if (!gate.trim()) {
      setGateMissing(true);
      document.querySelector('input')?.focus();
      return;
    }
    allowSound();
    const { entries, ...rest } = await loadList(id);
    const door = { event: { id, title, timezone, endDate }, gate: gate.trim(), userId: user.id, ...rest };
    forgetDoor();
    await storeDoor(door, entries);
    onChosen({ door, entries, admissions: [], conflicts: [] });
  });
  const lists = (/** @type {any[]} */ all) => [
    { title: texts.today, events: all.filter(isToday) },
    { title: texts.later, events: all.filter((event) => !isToday(event)) },
  ];
  return html`<${Field}
      label=${texts.gate}
      hint=${texts.gateHint}
      error=${isGateMissing && !gate.trim() ? texts.gateMissing : undefined}
      name="gate"
      maxlength="60"
      autocomplete="off"
      required
      value=${gate}
      onInput=${(/** @type {any} */ event) => setGate(event.target.value)}
    />
    <${Problem} error=${prepare.error} />
    ${prepare.isBusy && html`<${Loading} label=${texts.preparing} />`}
    <${Loaded} from=${events} empty=${texts.noEvents}
      >${(/** @type {any[]} */ all) =>
        lists(all).map((each) => html`<${Events} ...${each} isBusy=${prepare.isBusy} onChoose=${prepare.run} />`)}<//
    >`;
}
