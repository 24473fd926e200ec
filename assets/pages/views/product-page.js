import { useEffect, useState } from 'preact/hooks';
import { get } from '../lib/api.js';
import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { isZero } from '../lib/money.js';
import { Notice, Tag } from '../ui/parts.js';
import { AddProduct } from './shop/add-product.js';
import { ProductFacts } from './shop/facts.js';

const FEW_LEFT = 10;

/** @param {{ images: import('#types').Product['images'] }} props */
function Pictures({ images }) {
  const { store: texts } = useTexts();
  const [chosen, setChosen] = useState(0);
  const image = images[chosen] ?? images[0];
  if (!image) return html`<div class="cover none square" aria-hidden="true"></div>`;
  return html`<img class="cover square" src=${image.url} alt=${image.altText ?? ''} fetchpriority="high" /> ${
      images.length > 1 &&
      html`<ul class="thumbs" aria-label=${texts.pictures}>
        ${images.map(
          ({ id, url, altText }, index) =>
            html`<li key=${id}>
              <button
                type="button"
                class="thumb"
                aria-label=${altText || texts.picture(index + 1)}
                aria-pressed=${index === chosen ? 'true' : 'false'}
                onClick=${() => setChosen(index)}
              >
                <img src=${url} alt="" width="64" height="64" loading="lazy" />
              </button>
            </li>`,
        )}
      </ul>`
    }`;
}

/** @param {{ product: import('#types').Product }} props */
function Stock({ product: { availableStock, productType } }) {
  const { store: texts } = useTexts();
  const { count } = useFormat();
  if (availableStock === 0) return html`<${Tag} tone="bad">${texts.soldOut}<//>`;
  if (availableStock !== null)
    return html`<${Tag} tone=${availableStock <= FEW_LEFT ? 'warn' : 'calm'}>${texts.left(count(availableStock))}<//>`;
  return productType === 'physical' ? html`<${Tag} tone="good">${texts.inStock}<//>` : null;
}

/** @param {{ product: import('#types').Product }} props */
function Price({ product: { price, currency, taxInclusive, productType } }) {
  const { store: texts } = useTexts();
  const { money } = useFormat();
  const notes = [taxInclusive ? texts.taxIncluded : texts.taxAdded, productType === 'physical' && texts.plusShipping];
  return html`<p class="product-price">
    <strong>${isZero(price) ? texts.free : money(price, currency)}</strong>
    ${!isZero(price) && html`<span class="muted fine">${notes.filter(Boolean).join(', ')}</span>`}
  </p>`;
}

/** Keeps up with the stock, which also counts the view: here it is known who looks. @param {import('#types').Product} initial */
function useProduct(initial) {
  const [product, setProduct] = useState(initial);
  const reload = () => get(`/api/products/${initial.id}`).then(setProduct, () => undefined);
  useEffect(() => void reload(), [initial.id]);
  return { product, reload };
}

/** A product: what it is, and putting it into the cart. @param {{ product: import('#types').Product, shipping: import('#types').ShippingOption[], event: { id: number, title: string } | null }} props */
export function ProductPage({ product: initial, shipping, event }) {
  const { store: texts } = useTexts();
  const { product, reload } = useProduct(initial);
  const isSold = product.status === 'active';
  return html`<article class="event-page">
    <div class="event-main"><${Pictures} images=${product.images} /></div>
    <div class="event-tickets">
      <p class="muted fine">
        <a href="/shop">${texts.title}</a>
        ${
          product.category &&
          html` › <a href=${`/shop?category=${encodeURIComponent(product.category.slug)}`}>${product.category.name}</a>`
        }
      </p>
      <h1>${product.name}</h1>
      <p class="row">
        <${Tag}>${texts.types[product.productType]}<//> ${isSold && html`<${Stock} product=${product} />`}
      </p>
      <${Price} product=${product} />
      <p class="needs-script">${texts.needsScript}</p>
      ${!isSold && html`<${Notice} tone="warn">${texts.notSold}<//>`}
      ${isSold && product.availableStock !== 0 && html`<${AddProduct} product=${product} onRefused=${reload} />`}
      <${ProductFacts} product=${product} shipping=${shipping} event=${event} />
      ${product.description && html`<div class="prose">${product.description}</div>`}
    </div>
  </article>`;
}
