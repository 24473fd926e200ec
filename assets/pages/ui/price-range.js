import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { isZero } from '../lib/money.js';

/** What the tickets on sale cost. @param {{ event: import('#types').Event }} props */
export function PriceRange({ event: { isFree, minPrice, maxPrice, currency, availableTickets } }) {
  const { list } = useTexts();
  const { money } = useFormat();
  if (isFree) return html`<span class="price">${list.free}</span>`;
  if (minPrice === null && availableTickets === 0) return null;
  if (minPrice === null) return html`<span class="price muted">${list.notOnSale}</span>`;
  if (isZero(minPrice) && minPrice !== maxPrice)
    return html`<span class="price">${list.free} – ${money(maxPrice ?? minPrice, currency)}</span>`;
  const from = money(minPrice, currency);
  return html`<span class="price">${minPrice === maxPrice ? from : list.priceFrom(from)}</span>`;
}
