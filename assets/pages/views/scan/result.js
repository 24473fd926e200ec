import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { TONES } from '../../lib/scan/judge.js';

/** @typedef {import('../../lib/scan/judge.js').Verdict} Verdict */

const SIGNS = { good: '✓', warn: '!', bad: '✕' };
const SHOWN_MS = 2500;

/** What a ticket says about itself, in words. @param {{ ticketTypeId?: number, seat?: any }} ticket @param {{ types: { ticketTypeId: number, name: string }[] }} door @param {any} texts */
export function describeTicket({ ticketTypeId, seat }, { types }, texts) {
  const type = types.find((each) => each.ticketTypeId === ticketTypeId)?.name;
  return [type, seat && texts.seat(seat.section, seat.row, seat.number)].filter(Boolean).join(' · ');
}

/** The result of a scan over the whole screen. It goes by itself only if somebody was let in. @param {{ verdict: Verdict, door: any, onClose: () => void }} props */
export function Result({ verdict, door, onClose }) {
  const { scan: texts } = useTexts();
  const { clock } = useFormat();
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const { kind, name, reference, at, gate } = verdict;
  const tone = TONES[kind];
  useLayoutEffect(() => {
    const opener = /** @type {HTMLElement | null} */ (document.activeElement);
    button.current?.focus();
    return () => opener?.focus();
  }, []);
  useEffect(() => {
    if (tone !== 'good') return undefined;
    const timer = setTimeout(onClose, SHOWN_MS);
    return () => clearTimeout(timer);
  }, []);
  const reason =
    kind === 'already' ? at && texts.alreadyAt(clock(at, door.event.timezone), gate ?? null) : texts.reasons[kind];
  return html`<div
    class=${`scan-result ${tone}`}
    data-kind=${kind}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && onClose()}
  >
    <div role="alert">
      <p class="scan-sign" aria-hidden="true">${SIGNS[tone]}</p>
      <h2>${texts.results[kind]}</h2>
      ${reason && html`<p>${reason}</p>`}
      ${verdict.ticketId !== undefined && html`<p class="scan-name">${name ?? texts.noName}</p>`}
      <p>${describeTicket(verdict, door, texts)}</p>
      ${reference && html`<p>${reference}</p>`}
    </div>
    <button type="button" ref=${button} class="large" onClick=${onClose}>${texts.next}</button>
  </div>`;
}
