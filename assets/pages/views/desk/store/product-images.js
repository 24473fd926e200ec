import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { createKey, post, put, remove } from '../../../lib/api.js';
import { toFormData } from '../../../lib/form-values.js';
import { html } from '../../../lib/html.js';
import { useAction } from '../../../lib/use-load.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { Field, readForm } from '../../../ui/field.js';
import { Form } from '../../../ui/form.js';
import { Card } from '../../../ui/parts.js';
import { Picture } from '../../../ui/picture.js';
import { Empty, Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';

/** @typedef {import('#types').Product['images'][number]} Image */
/** @typedef {{ product: import('#types').Product, reload: () => Promise<void> }} Props */

const { images: own } = texts;

/** @type {import('../../../lib/form-values.js').FormFieldType[]} */
const FIELDS = [
  {
    name: 'file',
    label: own.file,
    type: 'file',
    hint: own.fileHint,
    required: true,
    attributes: { accept: 'image/jpeg,image/png,image/webp' },
  },
  { name: 'altText', label: own.alt, hint: own.altHint, attributes: { maxlength: 250 } },
];

/** @param {Props & { image: Image, index: number }} props */
function ImageCard({ product, reload, image, index }) {
  const [isAsking, setAsking] = useState(false);
  const { images } = product;
  const path = `/api/products/${product.id}/images/${image.id}`;
  const describe = useAction(async (/** @type {string} */ altText) => {
    await put(path, { altText });
    await reload();
    toast(texts.saved);
  });
  const move = useAction(async (/** @type {number} */ target) => {
    const order = images.filter(({ id }) => id !== image.id);
    order.splice(target, 0, image);
    for (const [position, { id, position: before }] of order.entries())
      if (position !== before) await put(`/api/products/${product.id}/images/${id}`, { position });
    await reload();
  });
  const name = own.number(index + 1);
  const button = (/** @type {string} */ text, /** @type {number} */ target) =>
    html`<button
      type="button"
      class="small"
      disabled=${move.isBusy || target < 0 || target >= images.length}
      onClick=${() => move.run(target)}
    >
      ${text}<span class="unseen">${texts.of(name)}</span>
    </button>`;
  return html`<li class="image-card">
    <${Picture}
      url=${image.url}
      alt=${image.altText ?? ''}
      sizes="160px"
      width=${160}
      height=${160}
      class="thumbnail"
    />
    <div>
      <h3>${name}</h3>
      <form
        onSubmit=${(/** @type {Event} */ event) => {
          const { altText = '' } = readForm(event);
          void describe.run(altText);
        }}
      >
        <${Field} name="altText" label=${own.alt} value=${image.altText ?? ''} maxlength="250" />
        <div class="row">
          <button type="submit" class="small" disabled=${describe.isBusy}>
            ${own.saveAlt}<span class="unseen">${texts.of(name)}</span>
          </button>
          ${button(own.up, index - 1)} ${button(own.down, index + 1)}
          <button type="button" class="small danger" onClick=${() => setAsking(true)}>
            ${texts.remove}<span class="unseen">${texts.of(name)}</span>
          </button>
        </div>
      </form>
      <${Problem} error=${describe.error ?? move.error} />
    </div>
    ${
      isAsking &&
      html`<${ActionDialog}
        title=${own.removeTitle}
        text=${own.removeText}
        action=${texts.remove}
        run=${() => remove(path)}
        onDone=${() => {
          toast(texts.removed);
          void reload();
        }}
        onClose=${() => setAsking(false)}
      />`
    }
  </li>`;
}

/** The images of a product, in their order. @param {Props} props */
export function ProductImages({ product, reload }) {
  const [version, setVersion] = useState(0);
  const add = async (/** @type {Record<string, any>} */ body) => {
    await post(`/api/products/${product.id}/images`, toFormData(body), { idempotencyKey: createKey() });
    await reload();
    setVersion(version + 1);
    toast(own.uploaded);
  };
  return html`<${Card} title=${texts.products.images}>
      ${
        product.images.length === 0
          ? html`<${Empty} text=${own.empty} />`
          : html`<ol class="image-list">
              ${product.images.map(
                (image, index) =>
                  html`<${ImageCard}
                    key=${image.id}
                    product=${product}
                    reload=${reload}
                    image=${image}
                    index=${index}
                  />`,
              )}
            </ol>`
      }
    <//>
    <${Card} title=${own.upload}>
      <${Form} key=${version} fields=${FIELDS} submit=${own.upload} onSubmit=${add} />
    <//>`;
}
