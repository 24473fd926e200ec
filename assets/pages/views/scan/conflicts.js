import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { Notice } from '../../ui/parts.js';

/** What has turned out to be wrong after a time without a connection. @param {{ conflicts: import('../../lib/scan/judge.js').Conflict[], timeZone: string, onSeen: (id: string) => void }} props */
export function Conflicts({ conflicts, timeZone, onSeen }) {
  const { scan: texts } = useTexts();
  const { clock } = useFormat();
  if (conflicts.length === 0) return null;
  /** @param {import('../../lib/scan/judge.js').Conflict} conflict */
  const describe = ({ kind, name, reference, at, otherAt, otherGate }) => {
    const who = [name, reference].filter(Boolean).join(', ');
    const here = clock(at, timeZone);
    if (kind === 'invalid' || !otherAt) return texts.conflictInvalid(who, here);
    return texts.conflictTwice(who, here, texts.otherGate(clock(otherAt, timeZone), otherGate ?? null));
  };
  return html`<${Notice} tone="bad" role="alert">
    <h2>${texts.conflicts}</h2>
    <ul class="rows">
      ${conflicts.map(
        (conflict) =>
          html`<li key=${conflict.id} class="scan-found">
            <span>${describe(conflict)}</span>
            <button
              type="button"
              aria-label=${`${texts.seen}: ${describe(conflict)}`}
              onClick=${() => onSeen(conflict.id)}
            >
              ${texts.seen}
            </button>
          </li>`,
      )}
    </ul>
  <//>`;
}
