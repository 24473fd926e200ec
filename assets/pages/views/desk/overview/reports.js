import { texts } from '#texts/desk-overview.js';
import { download } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useAction } from '../../../lib/use-load.js';
import { Card } from '../../../ui/parts.js';
import { Problem } from '../../../ui/states.js';

/** CSV files of the time that is shown. @param {{ range: ReturnType<typeof import('./range.js').readRange> }} props */
export function Reports({ range: { from, to, unit, timezone, days } }) {
  const fetchReport = useAction((/** @type {string} */ name) => {
    const more = name === 'revenue' ? { groupBy: unit, timezone } : {};
    return download(`/api/admin/reports/${name}.csv`, `${name}-${days.from}-${days.to}.csv`, { from, to, ...more });
  });
  return html`<${Card} title=${texts.reports} class="full">
    <p class="muted">${texts.reportsHint(days.from, days.to)}</p>
    <p class="row">
      ${Object.entries(texts.reportNames).map(
        ([name, title]) =>
          html`<button
            key=${name}
            type="button"
            class="small"
            disabled=${fetchReport.isBusy}
            onClick=${() => fetchReport.run(name)}
          >
            ${title}
          </button>`,
      )}
    </p>
    <${Problem} error=${fetchReport.error} />
  <//>`;
}
