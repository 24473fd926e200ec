import { encode } from 'uqr';
import { html } from '../lib/html.js';

const QUIET_MODULES = 4;

/** Draws a QR code as dark squares on white, whatever the colors of the page: scanners need the contrast. @param {{ value: string, label: string }} props */
export function QrCode({ value, label }) {
  const { data, size } = encode(value, { ecc: 'M', border: QUIET_MODULES });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : []))).join('');
  return html`<svg
    class="qr"
    viewBox=${`0 0 ${size} ${size}`}
    role="img"
    aria-label=${label}
    shape-rendering="crispEdges"
  >
    <rect width=${size} height=${size} fill="#fff" />
    <path d=${path} fill="#000" />
  </svg>`;
}
