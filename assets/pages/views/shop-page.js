import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { Checkbox, Field, Select } from '../ui/field.js';
import { Pager } from '../ui/parts.js';
import { ProductCard } from '../ui/product-card.js';
import { Empty } from '../ui/states.js';

const INDENT = '\u2003';

/** The tree of categories as options: each is below what it belongs to. @param {any[]} categories @param {(value: number) => string} count @returns {[string, string][]} */
function toOptions(categories, count) {
  /** @type {Map<number | null, number>} */
  const depths = new Map([[null, -1]]);
  return categories.map(({ id, parentId, slug, name, productsCount }) => {
    const depth = (depths.get(parentId) ?? -1) + 1;
    depths.set(id, depth);
    return [slug, `${INDENT.repeat(depth)}${name} (${count(productsCount)})`];
  });
}

/** @param {{ query: any, categories: any[] }} props */
function Filters({ query, categories }) {
  const { store: texts } = useTexts();
  const { count } = useFormat();
  const sorts = Object.entries(texts.sorts).filter(([sort]) => sort !== '' || query.search);
  return html`<form class="filters card" method="get" action="/shop" role="search" aria-label=${texts.filters}>
    ${query.event && html`<input type="hidden" name="event" value=${query.event} />`}
    <${Field}
      class="wide"
      label=${texts.search}
      name="search"
      type="search"
      value=${query.search}
      placeholder=${texts.searchHint}
    />
    <${Select}
      label=${texts.category}
      name="category"
      value=${query.category ?? ''}
      options=${[['', texts.allCategories], ...toOptions(categories, count)]}
    />
    <${Select}
      label=${texts.type}
      name="type"
      value=${query.type ?? ''}
      options=${[['', texts.anyType], ...Object.entries(texts.types)]}
    />
    <${Field} label=${texts.min} name="min" inputmode="decimal" value=${query.min} autocomplete="off" />
    <${Field} label=${texts.max} name="max" inputmode="decimal" value=${query.max} autocomplete="off" />
    <${Select} label=${texts.sort} name="sort" value=${query.sort ?? (query.search ? '' : 'newest')} options=${sorts} />
    <${Checkbox} label=${texts.onlyAvailable} name="available" value="true" checked=${query.available === 'true'} />
    <button class="primary" type="submit">${texts.show}</button>
  </form>`;
}

/** @param {Record<string, string>} query */
function toHref(query) {
  const set = Object.entries(query).filter(([, value]) => value);
  return set.length > 0 ? `/shop?${new URLSearchParams(set)}` : '/shop';
}

/** What is for sale beside tickets, with search and filters that work without scripts. @param {{ products: import('#types').Product[], pagination: any, categories: import('#types').Category[], event: { id: number, title: string } | null, query: Record<string, string> }} props */
export function ShopPage({ products, pagination, categories, event, query }) {
  const { store: texts } = useTexts();
  const { count } = useFormat();
  const isFiltered = Object.values(query).some(Boolean);
  return html`<div class="head">
      <h1>${event ? texts.ofEvent(event.title) : texts.title}</h1>
      ${event && html`<p><a href=${`/e/${event.id}`}>${texts.toEvent}</a></p>`}
    </div>
    <${Filters} query=${query} categories=${categories} />
    <p class="muted" role="status">
      ${texts.found(pagination.total, `${count(pagination.total)}${pagination.totalCapped ? '+' : ''}`)}
    </p>
    ${
      products.length === 0
        ? html`<${Empty} text=${isFiltered ? texts.nothingFound : texts.nothingSold}>
            ${isFiltered && html`<p><a class="button" href="/shop">${texts.showAll}</a></p>`}
          <//>`
        : html`<ul class="events products">
            ${products.map(
              (product, index) => html`<${ProductCard} key=${product.id} product=${product} isFirst=${index < 4} />`,
            )}
          </ul>`
    }
    <${Pager}
      pagination=${pagination}
      href=${(/** @type {number} */ page) => toHref({ ...query, page: page > 1 ? String(page) : '' })}
    />`;
}
