import { h, table } from './dom.js';

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const still = matchMedia('(prefers-reduced-motion: reduce)');
const dark = matchMedia('(prefers-color-scheme: dark)');

/** Returns a color of the page with an opacity. */
const faint = (color, alpha) => {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `rgb(${r} ${g} ${b} / ${alpha})`;
};

function datasetOf({ label, values, color, type = 'bar' }) {
  const tone = style(color);
  const isLine = type === 'line';
  return {
    type,
    label,
    data: values,
    borderColor: tone,
    backgroundColor: isLine ? faint(tone, 0.12) : faint(tone, 0.85),
    borderWidth: isLine ? 2 : 0,
    borderRadius: isLine ? 0 : 3,
    fill: isLine,
    cubicInterpolationMode: 'monotone',
    pointRadius: 0,
    pointHitRadius: 12,
    maxBarThickness: 28,
    order: isLine ? 0 : 1,
  };
}

function optionsOf({ series, format }) {
  const grid = { color: style('--line'), drawTicks: false };
  const ticks = { color: style('--muted'), padding: 6, font: { size: 11.5 } };
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: still.matches ? false : { duration: 350 },
    interaction: { mode: 'index', intersect: false },
    plugins: {
      legend: {
        display: series.length > 1,
        align: 'end',
        labels: { color: style('--muted'), boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: 3 },
      },
      tooltip: { callbacks: { label: ({ dataset, parsed }) => ` ${dataset.label}: ${format(parsed.y)}` } },
    },
    scales: {
      x: {
        grid: { display: false },
        border: { color: style('--line') },
        ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 14 },
      },
      y: {
        beginAtZero: true,
        grid,
        border: { display: false },
        // Axis labels of counts are whole numbers.
        ticks: { ...ticks, maxTicksLimit: 6, callback: (value) => format(value) },
        grace: '5%',
      },
    },
  };
}

const drawn = new Set();

function draw(canvas, config) {
  const entry = { canvas, config, chart: new Chart(canvas, config()) };
  drawn.add(entry);
  return entry;
}

// Charts use the colors of the page, so they are redrawn when those change. Charts that have left the page are destroyed.
dark.addEventListener('change', () => {
  for (const entry of drawn) {
    entry.chart.destroy();
    if (entry.canvas.isConnected) entry.chart = new Chart(entry.canvas, entry.config());
    else drawn.delete(entry);
  }
});

/** Destroys the charts in an element that is about to be replaced. */
export function dropCharts(element) {
  for (const entry of drawn) {
    if (!element.contains(entry.canvas)) continue;
    entry.chart.destroy();
    drawn.delete(entry);
  }
}

const figure = (title, canvas, { rows, columns, isRound }) => {
  const plot = h('div', { class: isRound ? 'plot round' : 'plot' }, canvas);
  const numbers = h('details', {}, h('summary', {}, 'As a table'), table(columns, rows, { caption: title }));
  return [plot, numbers];
};

/** Creates a chart of bars and lines over time, with the data as a table. `series`: `{ label, values, color, type }`; `labels` are text. */
export function timeChart(title, { labels, series, format, ticks = format }) {
  const canvas = h('canvas', { role: 'img', 'aria-label': `Chart: ${title}. The table below says the same.` });
  const columns = [['When'], ...series.map(({ label }) => [label, true])];
  const rows = labels.map((label, i) => ({ cells: [label, ...series.map(({ values }) => format(values[i]))] }));
  const parts = figure(title, canvas, { rows, columns });
  const config = () => {
    const options = optionsOf({ series, format });
    options.scales.y.ticks.callback = (value) => ticks(value);
    return { data: { labels, datasets: series.map(datasetOf) }, options };
  };
  // The size depends on the container, so draw once the chart is in the page.
  requestAnimationFrame(() => canvas.isConnected && draw(canvas, config));
  return parts;
}

/** Creates a chart of parts of a whole, with the data as a table. `slices`: `{ label, value, color }`. */
export function ringChart(title, { slices, format }) {
  const canvas = h('canvas', { role: 'img', 'aria-label': `Chart: ${title}. The table below says the same.` });
  const rows = slices.map(({ label, value }) => ({ cells: [label, format(value)] }));
  const parts = figure(title, canvas, { rows, columns: [['What'], ['Tickets', true]], isRound: true });
  const config = () => ({
    type: 'doughnut',
    data: {
      labels: slices.map(({ label }) => label),
      datasets: [
        {
          data: slices.map(({ value }) => value),
          backgroundColor: slices.map(({ color }) => style(color)),
          borderColor: style('--surface'),
          borderWidth: 2,
        },
      ],
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: still.matches ? false : { duration: 350 },
      cutout: '68%',
      plugins: {
        legend: { position: 'right', labels: { color: style('--muted'), boxWidth: 10, boxHeight: 10 } },
        tooltip: { callbacks: { label: ({ label, parsed }) => ` ${label}: ${format(parsed)}` } },
      },
    },
  });
  requestAnimationFrame(() => canvas.isConnected && draw(canvas, config));
  return parts;
}
