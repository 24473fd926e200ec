import { useEffect, useRef } from 'preact/hooks';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { createRingConfig, createTimeConfig } from './chart-config.js';
import { Table } from './parts.js';

/** Loads the library, whose file for browsers defines a global. */
async function loadChart() {
  await import('chart.js');
  return /** @type {any} */ (globalThis).Chart;
}

/** Draws on a canvas, again whenever the data or the colors of the page change. @param {() => any} createConfig @param {string} data */
function useDrawing(createConfig, data) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useEffect(() => {
    /** @type {any} */
    let chart;
    let isOver = false;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const draw = async () => {
      const Chart = await loadChart().catch(() => undefined);
      if (isOver || !Chart) return;
      chart?.destroy();
      chart = new Chart(canvas.current, createConfig());
    };
    const redraw = () => void draw();
    redraw();
    dark.addEventListener('change', redraw);
    return () => {
      isOver = true;
      dark.removeEventListener('change', redraw);
      chart?.destroy();
    };
  }, [data]);
  return canvas;
}

/** @param {{ title: string, head: string[], rows: any[][], canvas: any, isRound?: boolean }} props */
function Drawing({ title, head, rows, canvas, isRound }) {
  const { chart: texts } = useTexts().desk;
  return html`<div class=${isRound ? 'plot round' : 'plot'}>
      <canvas ref=${canvas} role="img" aria-label=${texts.label(title)}></canvas>
    </div>
    <details class="chart-table">
      <summary>${texts.asTable}</summary>
      <${Table} caption=${title} head=${head}>
        ${rows.map(
          ([name, ...values]) =>
            html`<tr key=${name}>
              <th scope="row">${name}</th>
              ${values.map((value) => html`<td class="number">${value}</td>`)}
            </tr>`,
        )}
      <//>
    </details>`;
}

/**
 * Bars and lines over time, with the data as a table.
 * @param {{ title: string, labels: string[], series: import('./chart-config.js').Series[], format: (value: any) => string, ticks?: (value: number) => string }} props
 */
export function TimeChart({ title, labels, series, format, ticks = format }) {
  const { chart: texts } = useTexts().desk;
  const config = () => createTimeConfig({ labels, series, format, ticks });
  const canvas = useDrawing(config, JSON.stringify([labels, series]));
  const rows = labels.map((label, index) => [label, ...series.map(({ values }) => format(values[index]))]);
  const head = [texts.when, ...series.map(({ label }) => label)];
  return html`<${Drawing} ...${{ title, head, rows, canvas }} />`;
}

/** Parts of a whole, with the data as a table. @param {{ title: string, slices: import('./chart-config.js').Slice[], format: (value: any) => string }} props */
export function RingChart({ title, slices, format }) {
  const { chart: texts } = useTexts().desk;
  const canvas = useDrawing(() => createRingConfig({ slices, format }), JSON.stringify(slices));
  const rows = slices.map(({ label, value }) => [label, format(value)]);
  return html`<${Drawing} ...${{ title, head: [texts.part, texts.number], rows, canvas }} isRound />`;
}
