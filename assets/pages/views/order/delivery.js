import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';

/** An address as on a letter. @param {{ address: any }} props */
function Address({ address }) {
  const { language } = useTexts();
  const { company, name, line1, line2, city, postalCode, region, country } = address;
  const countryName = new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country;
  const lines = [company, name, line1, line2, `${postalCode} ${city}`, region, countryName].filter(Boolean);
  return html`<address>${lines.map((line, index) => html`${index > 0 && html`<br />`}${line}`)}</address>`;
}

/** @param {{ fulfillment: import('#types').OrderFulfillment, items: import('#types').OrderItem[] }} props */
function Parcel({ fulfillment, items }) {
  const { order: texts } = useTexts().store;
  const { moment } = useFormat();
  const { createdAt, carrier, trackingNumber, trackingUrl } = fulfillment;
  const names = new Map(items.map(({ id, name }) => [id, name]));
  return html`<li>
    <p>
      ${texts.sent(moment(createdAt))}:
      ${fulfillment.items.map(({ itemId, quantity }) => `${quantity} × ${names.get(itemId)}`).join(', ')}
    </p>
    ${(carrier || trackingNumber) && html`<p class="muted">${[carrier, trackingNumber].filter(Boolean).join(' · ')}</p>`}
    ${trackingUrl && html`<p><a href=${trackingUrl} rel="noreferrer">${texts.track}</a></p>`}
  </li>`;
}

/** Where the goods go, and what was sent. @param {{ order: import('#types').Order }} props */
export function Delivery({ order }) {
  const { order: texts } = useTexts().store;
  const { shippingAddress, fulfillmentStatus, fulfillments, items, status } = order;
  if (!shippingAddress) return null;
  const isPaid = ['paid', 'partially_refunded'].includes(status);
  return html`<section class="card">
    <h2>${texts.delivery}</h2>
    ${isPaid && html`<p>${texts.fulfillment[fulfillmentStatus]}</p>`}
    ${
      fulfillments.length > 0 &&
      html`<ul class="rows">
        ${fulfillments.map((fulfillment) => html`<${Parcel} key=${fulfillment.id} fulfillment=${fulfillment} items=${items} />`)}
      </ul>`
    }
    <h3>${texts.sentTo}</h3>
    <${Address} address=${shippingAddress} />
  </section>`;
}

/** The address on the invoice, and the note to the sellers. @param {{ order: import('#types').Order }} props */
export function InvoiceAddress({ order: { billingAddress, note } }) {
  const { order: texts } = useTexts().store;
  if (!billingAddress && !note) return null;
  return html`<section class="card">
    ${
      billingAddress &&
      html`<h2>${texts.addresses}</h2>
        <${Address} address=${billingAddress} />
        ${billingAddress.vatId && html`<p>${texts.vatId(billingAddress.vatId)}</p>`}`
    }
    ${
      note &&
      html`<h2>${texts.note}</h2>
        <p class="prose">${note}</p>`
    }
  </section>`;
}

/** @param {{ order: import('#types').Order }} props */
export function Refunds({ order: { refunds } }) {
  const { order: texts } = useTexts().store;
  const { money, moment } = useFormat();
  if (refunds.length === 0) return null;
  return html`<section class="card">
    <h2>${texts.refunds}</h2>
    <ul class="rows">
      ${refunds.map(
        ({ id, amount, currency, status, reason, createdAt, claimUrl }) =>
          html`<li key=${id}>
            <p><strong>${money(amount, currency)}</strong> · ${texts.refundStatus[status]} · ${moment(createdAt)}</p>
            ${reason && html`<p class="muted">${reason}</p>`}
            ${claimUrl && html`<p><a class="button" href=${claimUrl}>${texts.claim}</a></p>`}
          </li>`,
      )}
    </ul>
  </section>`;
}
