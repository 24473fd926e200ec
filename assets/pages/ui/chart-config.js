// What Chart.js is told, in the colors of the page.

/** @typedef {{ label: string, values: (number | null)[], color: string, type?: 'bar' | 'line' }} Series `color` is a token, such as `--accent` */
/** @typedef {{ label: string, value: number, color: string }} Slice */

const getColor = (/** @type {string} */ name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A color with an opacity. @param {string} color as `#rrggbb` @param {number} alpha */
function fade(color, alpha) {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `rgb(${r} ${g} ${b} / ${alpha})`;
}

const createAnimation = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? false : { duration: 350 });

/** @param {Series} series */
function createDataset({ label, values, color, type = 'bar' }) {
  const tone = getColor(color);
  const isLine = type === 'line';
  return {
    type,
    label,
    data: values,
    borderColor: tone,
    backgroundColor: fade(tone, isLine ? 0.12 : 0.85),
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

/** @param {{ labels: string[], series: Series[], format: (value: any) => string, ticks: (value: number) => string }} chart */
export function createTimeConfig({ labels, series, format, ticks }) {
  const axis = { color: getColor('--muted'), padding: 6, font: { size: 11.5 } };
  const legend = { color: getColor('--muted'), boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: 3 };
  const tooltip = { label: (/** @type {any} */ { dataset, parsed }) => ` ${dataset.label}: ${format(parsed.y)}` };
  return {
    data: { labels, datasets: series.map(createDataset) },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: createAnimation(),
      interaction: { mode: 'index', intersect: false },
      plugins: {
        legend: { display: series.length > 1, align: 'end', labels: legend },
        tooltip: { callbacks: tooltip },
      },
      scales: {
        x: {
          grid: { display: false },
          border: { color: getColor('--line') },
          ticks: { ...axis, maxRotation: 0, autoSkipPadding: 14 },
        },
        y: {
          beginAtZero: true,
          grid: { color: getColor('--line'), drawTicks: false },
          border: { display: false },
          ticks: { ...axis, maxTicksLimit: 6, callback: ticks },
          grace: '5%',
        },
      },
    },
  };
}

/** @param {{ slices: Slice[], format: (value: any) => string }} chart */
export function createRingConfig({ slices, format }) {
  const data = {
    data: slices.map(({ value }) => value),
    backgroundColor: slices.map(({ color }) => getColor(color)),
    borderColor: getColor('--surface'),
    borderWidth: 2,
  };
  const tooltip = { label: (/** @type {any} */ { label, parsed }) => ` ${label}: ${format(parsed)}` };
  return {
    type: 'doughnut',
    data: { labels: slices.map(({ label }) => label), datasets: [data] },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: createAnimation(),
      cutout: '68%',
      plugins: {
        legend: { position: 'right', labels: { color: getColor('--muted'), boxWidth: 10, boxHeight: 10 } },
        tooltip: { callbacks: tooltip },
      },
    },
  };
}
