import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { getTagged, put, remove } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { navigate } from '../../../lib/location.js';
import { useLoad } from '../../../lib/use-load.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { Form } from '../../../ui/form.js';
import { Tag } from '../../../ui/parts.js';
import { Loaded } from '../../../ui/states.js';
import { Tabs } from '../../../ui/tabs.js';
import { toast } from '../../../ui/toast.js';
import { DeskHead } from '../desk-head.js';
import { LoadedPage } from '../loaded-page.js';
import { getProductFields, loadChoices, toRequest, toValues } from './product-fields.js';
import { ProductImages } from './product-images.js';
import { ProductStock } from './product-stock.js';
import { STATUS_TONES } from './product-status.js';

/** @typedef {import('#types').Product} Product */
/** @typedef {import('../../../lib/use-session.js').Session} Session */
/** @typedef {{ product: Product, etag: string | undefined, reload: () => Promise<void>, session: Session }} PartProps */

const { products: own } = texts;

/** @param {PartProps} props */
function Details({ product, etag, reload, session }) {
  const choices = useLoad(() => loadChoices(product, session), [product.id, product.fileId]);
  const save = async (/** @type {Record<string, any>} */ body, /** @type {Record<string, any>} */ changed) => {
    const request = await toRequest({ ...body, productType: product.productType }, changed);
    if (Object.keys(request).length > 0) await put(`/api/products/${product.id}`, request, { ifMatch: etag });
    await reload();
    toast(texts.saved);
  };
  return html`<${Loaded} from=${choices}>
    ${(/** @type {import('./product-fields.js').Choices} */ loaded) =>
      html`<section class="card">
        <${Form}
          fields=${getProductFields(loaded, product)}
          values=${toValues(product)}
          submit=${texts.save}
          onSubmit=${save}
          onReload=${reload}
        />
      </section>`}
  <//>`;
}

/** @param {{ product: Product, reload: () => Promise<void> }} props */
function ArchiveButton({ product, reload }) {
  const [isAsking, setAsking] = useState(false);
  const finish = async () => {
    toast(own.archived);
    // A product that was never sold is gone.
    if (await getTagged(`/api/products/${product.id}`).catch(() => undefined)) await reload();
    else navigate('/admin/products');
  };
  return html`<button type="button" class="danger" onClick=${() => setAsking(true)}>${own.archive}</button> ${
      isAsking &&
      html`<${ActionDialog}
        title=${own.archiveTitle(product.name)}
        text=${own.archiveText}
        action=${own.archive}
        run=${() => remove(`/api/products/${product.id}`)}
        onDone=${finish}
        onClose=${() => setAsking(false)}
      />`
    }`;
}

/** @type {Record<string, (props: PartProps) => any>} */
const PARTS = { details: Details, images: ProductImages, stock: ProductStock };

/** A product with its details, images and stock. @param {{ params: Record<string, string>, session: Session }} props */
export function ProductPage({ params: { id, part = 'details' }, session }) {
  const loaded = useLoad(() => getTagged(`/api/products/${id}`), [id]);
  const Part = PARTS[part] ?? Details;
  const path = `/admin/products/${id}`;
  return html`<${LoadedPage} from=${loaded} title=${own.title} back=${['/admin/products', own.title]}>
    ${(/** @type {{ data: Product, etag: string | undefined }} */ { data: product, etag }) =>
      html`<${DeskHead}
          title=${product.name}
          back=${['/admin/products', own.title]}
          hint=${html`<${Tag} tone=${STATUS_TONES[product.status]}>${own.statuses[product.status]}<//> ${' '}
            ${own.types[product.productType]}`}
        >
          ${product.status === 'active' && html`<a class="button" href=${`/p/${encodeURIComponent(product.slug)}`}>${own.shop}</a>`}
          ${product.status !== 'archived' && html`<${ArchiveButton} product=${product} reload=${loaded.reload} />`}
        <//>
        <${Tabs}
          label=${own.parts}
          tabs=${[
            [path, own.details],
            [`${path}/images`, own.images],
            [`${path}/stock`, own.stockTab],
          ]}
        />
        <${Part} product=${product} etag=${etag} reload=${loaded.reload} session=${session} />`}
  <//>`;
}
