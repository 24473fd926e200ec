import { texts } from '#texts/desk-store.js';
import { post } from '../../../lib/api.js';
import { withoutEmpty } from '../../../lib/form-values.js';
import { html } from '../../../lib/html.js';
import { navigate } from '../../../lib/location.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { useLoad } from '../../../lib/use-load.js';
import { Form } from '../../../ui/form.js';
import { Loaded } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { DeskHead } from '../desk-head.js';
import { getProductFields, loadChoices, NEW_PRODUCT, toRequest } from './product-fields.js';

const { products: own } = texts;

/** @param {{ session: import('../../../lib/use-session.js').Session }} props */
export function NewProduct({ session }) {
  const loaded = useLoad(() => loadChoices(undefined, session), []);
  const attempt = useAttempt();
  const create = async (/** @type {Record<string, any>} */ body) => {
    const request = withoutEmpty(await toRequest(body, body));
    const product = await attempt(request, (options) => post('/api/products', request, options));
    toast(own.created(product.name));
    navigate(`/admin/products/${product.id}/${product.productType === 'physical' ? 'images' : ''}`);
  };
  return html`<${DeskHead} title=${own.new} back=${['/admin/products', own.title]} />
    <${Loaded} from=${loaded}>
      ${(/** @type {import('./product-fields.js').Choices} */ choices) =>
        html`<section class="card">
          <${Form}
            fields=${getProductFields(choices, undefined)}
            values=${NEW_PRODUCT}
            submit=${texts.create}
            onSubmit=${create}
          />
        </section>`}
    <//>`;
}
