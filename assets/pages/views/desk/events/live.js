import { useEffect, useRef, useState } from 'preact/hooks';
import { texts } from '#texts/desk-events.js';
import { html } from '../../../lib/html.js';
import { useAvailability, useIsLive } from '../../../lib/live-events.js';
import { useNumbers } from '../../../lib/use-numbers.js';

/** Says whether updates arrive. */
export function LiveSign() {
  const isLive = useIsLive();
  return html`<span class=${`live fine muted ${isLive ? 'on' : ''}`}>${isLive ? texts.live : texts.notLive}</span>`;
}

/** A number that is highlighted when it changes. @param {{ value: any, class?: string, id?: string }} props */
export function Changing({ value, class: className = '', id }) {
  const first = useRef(value);
  const [hasChanged, setChanged] = useState(false);
  useEffect(() => {
    if (value !== first.current) setChanged(true);
  }, [value]);
  // A new element starts the animation again.
  return html`<span key=${value} id=${id} class=${`${className} ${hasChanged ? 'changed' : ''}`}>${value}</span>`;
}

/** The number of free tickets of an event. @param {{ event: import('#types').Event }} props */
export function FreeTickets({ event }) {
  const { count } = useNumbers();
  const { availableTickets } = useAvailability(event.id) ?? event;
  return html`<${Changing} value=${availableTickets === null ? texts.unlimited : count(availableTickets)} />`;
}

/** How much of an event is sold or held. @param {{ event: import('#types').Event }} props */
export function TakenTickets({ event }) {
  const { count } = useNumbers();
  const availability = useAvailability(event.id) ?? event;
  const { title, totalTickets } = event;
  if (totalTickets === null) return html`<span class="muted fine">${texts.unlimited}</span>`;
  const taken = Math.max(0, totalTickets - (availability.availableTickets ?? 0));
  return html`<span class="taken">
    <span class="fine">${texts.takenOf(count(taken), count(totalTickets))}</span>
    <progress max=${Math.max(1, totalTickets)} value=${taken} aria-label=${texts.takenLabel(title)}></progress>
  </span>`;
}
