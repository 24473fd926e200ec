import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { get, post, put, remove } from '../../../lib/api.js';
import { withoutEmpty } from '../../../lib/form-values.js';
import { html } from '../../../lib/html.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { DataTable } from '../../../ui/data-table.js';
import { Dialog } from '../../../ui/dialog.js';
import { Form } from '../../../ui/form.js';
import { toast } from '../../../ui/toast.js';
import { DeskHead } from '../desk-head.js';

/**
 * @typedef {object} EntriesProps
 * @property {{ title: string, hint?: string, new: string, empty: string, removeTitle: (name: string) => string, removeText: string }} own
 * @property {string} path of the list, below which each entry is
 * @property {import('../../../ui/data-table.js').Column[]} columns
 * @property {import('../../../lib/form-values.js').FormFieldType[] | ((entry: any) => import('../../../lib/form-values.js').FormFieldType[])} fields
 * @property {(entry: any) => string} getName
 * @property {(entry: any) => Record<string, any>} [toValues] what the form shows of an entry
 * @property {(values: Record<string, any>) => Record<string, any>} [toBody] what the API gets of the form
 * @property {() => void} [onChange]
 * @property {(path: string, query: Record<string, unknown>) => Promise<any>} [load]
 */

/** Loads a list that has no pages. @param {string} path */
export async function loadAll(path) {
  const data = await get(path);
  return { data, pagination: { page: 1, pages: 1, total: data.length } };
}

/** @param {Pick<EntriesProps, 'own' | 'path' | 'fields' | 'getName' | 'toValues' | 'toBody'> & { entry?: any, onDone: () => void, onClose: () => void }} props */
function EntryDialog({ own, path, fields, getName, toValues, toBody, entry, onDone, onClose }) {
  const attempt = useAttempt();
  const toRequest = toBody ?? ((/** @type {Record<string, any>} */ values) => values);
  const save = async (/** @type {Record<string, any>} */ all, /** @type {Record<string, any>} */ changed) => {
    if (!entry) {
      const body = withoutEmpty(toRequest(all));
      await attempt(body, (options) => post(path, body, options));
    } else if (Object.keys(changed).length > 0) await put(`${path}/${entry.id}`, toRequest(changed));
    onClose();
    toast(texts.saved);
    onDone();
  };
  return html`<${Dialog} title=${entry ? getName(entry) : own.new} onClose=${onClose}>
    <${Form}
      fields=${typeof fields === 'function' ? fields(entry) : fields}
      values=${entry ? (toValues?.(entry) ?? entry) : {}}
      submit=${texts.save}
      onSubmit=${save}
    />
  <//>`;
}

/** A list whose entries are created, edited and deleted in dialogs. @param {EntriesProps} props */
export function Entries(props) {
  const { own, path, columns, getName, onChange, load } = props;
  const [version, setVersion] = useState(0);
  const [open, setOpen] = useState(/** @type {{ kind: 'edit' | 'remove', entry?: any } | undefined} */ (undefined));
  const close = () => setOpen(undefined);
  const finish = () => {
    setVersion((before) => before + 1);
    onChange?.();
  };
  const button = (/** @type {'edit' | 'remove'} */ kind, /** @type {any} */ entry) =>
    html`<button
      type="button"
      class=${`small ${kind === 'remove' ? 'danger' : ''}`}
      onClick=${() => setOpen({ kind, entry })}
    >
      ${texts[kind]}<span class="unseen">${texts.of(getName(entry))}</span>
    </button>`;
  return html`<${DeskHead} title=${own.title} hint=${own.hint}>
      <button type="button" class="primary" onClick=${() => setOpen({ kind: 'edit' })}>${own.new}</button>
    <//>
    <${DataTable}
      caption=${own.title}
      path=${path}
      columns=${columns}
      empty=${own.empty}
      version=${version}
      load=${load}
      actions=${(/** @type {any} */ entry) => [button('edit', entry), button('remove', entry)]}
    />
    ${
      open?.kind === 'edit' &&
      html`<${EntryDialog} ...${props} entry=${open.entry} onDone=${finish} onClose=${close} />`
    }
    ${
      open?.kind === 'remove' &&
      html`<${ActionDialog}
        title=${own.removeTitle(getName(open.entry))}
        text=${own.removeText}
        action=${texts.remove}
        run=${() => remove(`${path}/${open.entry.id}`)}
        onDone=${() => {
          toast(texts.removed);
          finish();
        }}
        onClose=${close}
      />`
    }`;
}
