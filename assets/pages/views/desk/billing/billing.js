import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { createKey, get, list, post, put, remove } from '../../../lib/api.js';
import { toFormData } from '../../../lib/form-values.js';
import { html } from '../../../lib/html.js';
import { useLoad } from '../../../lib/use-load.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { Form } from '../../../ui/form.js';
import { Card } from '../../../ui/parts.js';
import { Loaded } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { DeskHead } from '../desk-head.js';

const { billing: own } = texts;

/** @type {import('../../../lib/form-values.js').FormFieldType[]} */
const FIELDS = [
  { name: 'name', label: own.name, hint: own.nameHint, attributes: { maxlength: 200, autocomplete: 'organization' } },
  { name: 'vatId', label: own.vatId, attributes: { maxlength: 30 } },
  { name: 'email', label: own.email, type: 'email' },
  {
    name: 'address',
    label: own.address,
    type: 'textarea',
    attributes: { maxlength: 500, autocomplete: 'street-address' },
  },
];

/** @type {import('../../../lib/form-values.js').FormFieldType[]} */
const LOGO_FIELDS = [
  {
    name: 'file',
    label: own.file,
    type: 'file',
    hint: own.fileHint,
    required: true,
    attributes: { accept: 'image/jpeg,image/png,image/webp' },
  },
];

/** @param {{ onDone: () => Promise<void> }} props */
function RemoveLogo({ onDone }) {
  const [isAsking, setAsking] = useState(false);
  const run = async () => {
    const { data } = await list('/api/files', { limit: 100 });
    const logo = data.find((/** @type {import('#types').File} */ { purpose }) => purpose === 'logo');
    if (logo) await remove(`/api/files/${logo.id}`);
  };
  return html`<button type="button" class="danger" onClick=${() => setAsking(true)}>${own.remove}</button> ${
      isAsking &&
      html`<${ActionDialog}
        title=${own.removeTitle}
        text=${own.removeText}
        action=${own.remove}
        run=${run}
        onDone=${onDone}
        onClose=${() => setAsking(false)}
      />`
    }`;
}

function Logo() {
  const [version, setVersion] = useState(0);
  const loaded = useLoad(async () => /** @type {string | null} */ ((await get('/api/auth/profile')).logoUrl), []);
  const upload = async (/** @type {Record<string, any>} */ body) => {
    await post('/api/users/me/logo', toFormData(body), { idempotencyKey: createKey() });
    await loaded.reload();
    setVersion(version + 1);
    toast(own.uploaded);
  };
  return html`<${Card} title=${own.logo}>
    <p class="muted">${own.logoText}</p>
    <${Loaded} from=${loaded}>
      ${(/** @type {string | null} */ url) =>
        url === null
          ? html`<p>${own.noLogo}</p>`
          : html`<div class="row">
              <img class="logo" src=${url} alt=${own.current} height="80" />
              <${RemoveLogo}
                onDone=${async () => {
                  await loaded.reload();
                  toast(texts.removed);
                }}
              />
            </div>`}
    <//>
    <${Form} key=${version} fields=${LOGO_FIELDS} submit=${own.upload} onSubmit=${upload} />
  <//>`;
}

/** What an organizer's invoices say about the seller. */
export function Billing() {
  const loaded = useLoad(() => get('/api/organizers/me/billing'), []);
  const save = async (/** @type {object} */ _all, /** @type {object} */ changed) => {
    if (Object.keys(changed).length > 0) loaded.setData(await put('/api/organizers/me/billing', changed));
    toast(texts.saved);
  };
  return html`<${DeskHead} title=${own.title} />
    <${Card} title=${own.details}>
      <p class="muted">${own.hint}</p>
      <${Loaded} from=${loaded}>
        ${(/** @type {Record<string, any>} */ billing) =>
          html`<${Form} fields=${FIELDS} values=${billing} submit=${texts.save} onSubmit=${save} />`}
      <//>
    <//>
    <${Logo} />`;
}
