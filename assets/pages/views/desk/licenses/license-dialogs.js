import { texts } from '#texts/desk-store.js';
import { ApiError, list, post, put } from '../../../lib/api.js';
import { withoutEmpty } from '../../../lib/form-values.js';
import { html } from '../../../lib/html.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { Dialog } from '../../../ui/dialog.js';
import { Form } from '../../../ui/form.js';
import { toast } from '../../../ui/toast.js';

/** @typedef {import('../../../lib/form-values.js').FormFieldType} Field */
/** @typedef {{ onDone: () => unknown, onClose: () => void }} DialogProps */

const { licenses: own } = texts;
const PATH = '/api/admin/licenses';

/** @type {Field[]} */
const LIMITS = [
  {
    name: 'maxActivations',
    label: own.maxDevices,
    type: 'number',
    hint: own.maxDevicesHint,
    attributes: { min: 1, step: 1 },
  },
  { name: 'expiresAt', label: own.expiresAt, type: 'datetime', hint: own.expiresHint },
];

const STATUSES = Object.entries(own.statuses).filter(([status]) => status !== 'expired');

/** @param {{ license: import('#types').AdminLicense } & DialogProps} props */
export function ChangeDialog({ license, onDone, onClose }) {
  /** @type {Field[]} */
  const status = [{ name: 'status', label: own.status, type: 'select', options: STATUSES }];
  const save = async (/** @type {object} */ _all, /** @type {object} */ changed) => {
    if (Object.keys(changed).length > 0) await put(`${PATH}/${license.id}`, changed);
    onClose();
    onDone();
  };
  return html`<${Dialog} title=${own.changeTitle(license.product.name)} onClose=${onClose}>
    <${Form}
      fields=${license.status === 'expired' ? LIMITS : [...status, ...LIMITS]}
      values=${license}
      submit=${texts.save}
      onSubmit=${save}
    />
  <//>`;
}

/** Finds an account by its address. @param {string} email @returns {Promise<number>} its id */
async function findAccount(email) {
  const { data } = await list('/api/admin/users', { search: email });
  const found = data.find((/** @type {{ email: string }} */ user) => user.email.toLowerCase() === email.toLowerCase());
  if (found) return found.id;
  const details = [{ path: 'email', message: own.noAccount }];
  throw new ApiError(400, { code: 'VALIDATION_ERROR', message: own.noAccount, details });
}

/** @param {{ products: { id: number, name: string }[] } & DialogProps} props */
export function GrantDialog({ products, onDone, onClose }) {
  const attempt = useAttempt();
  /** @type {Field[]} */
  const fields = [
    { name: 'email', label: own.email, type: 'email', required: true },
    {
      name: 'productId',
      label: own.product,
      type: 'select',
      isId: true,
      required: true,
      options: products.map(({ id, name }) => [String(id), name]),
    },
    ...LIMITS,
    { name: 'reason', label: own.reason, attributes: { maxlength: 500 } },
  ];
  const grant = async (/** @type {Record<string, any>} */ { email, ...rest }) => {
    const body = { ...withoutEmpty(rest), userId: await findAccount(email) };
    await attempt(body, (options) => post(PATH, body, options));
    onClose();
    toast(own.granted);
    onDone();
  };
  return html`<${Dialog} title=${own.grant} onClose=${onClose}>
    <p>${own.grantHint}</p>
    <${Form} fields=${fields} submit=${own.grant} onSubmit=${grant} />
  <//>`;
}
