import { html } from '../lib/html.js';

/** The widths in which the API serves every image. */
const WIDTHS = [320, 640, 1280];
/** The longest side of the image itself. */
const MAX_WIDTH = 2560;

/** @param {string} url */
function toSrcset(url) {
  const dot = url.lastIndexOf('.');
  const narrower = WIDTHS.map((width) => `${url.slice(0, dot)}-${width}${url.slice(dot)} ${width}w`);
  return [...narrower, `${url} ${MAX_WIDTH}w`].join(', ');
}

/**
 * An uploaded image in the width that the place for it needs. `isFirst` says that readers see it at once; all others are loaded
 * when they come near. Its box keeps the ratio of `width` and `height`, so nothing moves when it arrives.
 * @param {{ url: string, alt?: string, sizes: string, width: number, height: number, isFirst?: boolean, class?: string }} props
 */
export function Picture({ url, alt = '', sizes, width, height, isFirst = false, class: className = 'cover' }) {
  return html`<img
    class=${className}
    srcset=${toSrcset(url)}
    sizes=${sizes}
    src=${url}
    alt=${alt}
    width=${width}
    height=${height}
    loading=${isFirst ? 'eager' : 'lazy'}
    fetchpriority=${isFirst ? 'high' : undefined}
    decoding="async"
  />`;
}
