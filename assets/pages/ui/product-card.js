import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { isZero } from '../lib/money.js';
import { Tag } from './parts.js';

const FEW_LEFT = 10;

/** @param {{ product: import('#types').Product }} props */
function Stock({ product: { availableStock } }) {
  const { list } = useTexts();
  const { count } = useFormat();
  if (availableStock === null || availableStock > FEW_LEFT) return null;
  return availableStock === 0
    ? html`<${Tag} tone="bad">${list.soldOut}<//>`
    : html`<${Tag} tone="warn">${list.fewLeft(count(availableStock))}<//>`;
}

/** A product in a list; all of it leads to its page. @param {{ product: import('#types').Product, level?: 2 | 3, isFirst?: boolean }} props */
export function ProductCard({ product, level = 2, isFirst = false }) {
  const { list } = useTexts();
  const { money } = useFormat();
  const { slug, name, category, price, currency, images } = product;
  return html`<li class="event product">
    ${
      images[0]
        ? html`<img class="cover" src=${images[0].url} alt="" loading=${isFirst ? 'eager' : 'lazy'} />`
        : html`<div class="cover none" aria-hidden="true"></div>`
    }
    <div class="event-text">
      <${`h${level}`} class="product-name"><a href=${`/p/${encodeURIComponent(slug)}`}>${name}</a><//>
      <p class="muted fine">${category?.name ?? ''}</p>
      <p class="event-foot">
        <span class="price">${isZero(price) ? list.free : money(price, currency)}</span> <${Stock} product=${product} />
      </p>
    </div>
  </li>`;
}
