import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { get, post, put, remove } from '../../lib/api.js';
import { withoutEmpty } from '../../lib/form-values.js';
import { html } from '../../lib/html.js';
import { useAttempt } from '../../lib/use-attempt.js';
import { ActionDialog } from '../../ui/action-dialog.js';
import { DataTable } from '../../ui/data-table.js';
import { Dialog } from '../../ui/dialog.js';
import { Form } from '../../ui/form.js';
import { toast } from '../../ui/toast.js';
import { DeskHead } from './desk-head.js';

/**
 * @typedef {object} EntriesProps
 * @property {{ title: string, hint?: string, new: string, empty: string, removeTitle: (name: string) => string, removeText: string }} own
 * @property {string} path of the list, below which each entry is
 * @property {import('../../ui/data-table.js').Column[]} columns
 * @property {import('../../lib/form-values.js').FormFieldType[] | ((entry: any) => import('../../lib/form-values.js').FormFieldType[])} fields
 * @property {(entry: any) => string} getName
 * @property {object} [initial] the form of a new entry
 * @property {object} [fixed] what a new entry has besides
 * @property {(sent: Record<string, any>, all: Record<string, any>) => Record<string, any>} [toBody] what the API gets of the form
 * @property {() => unknown} [onChange]
 * @property {Record<string, unknown>} [query] of the list
 * @property {import('../../ui/filters.js').Filter[]} [filters]
 * @property {(path: string, query: Record<string, unknown>) => Promise<any>} [load]
 * @property {boolean} [isOpen] whether entries can be changed
 * @property {boolean} [isKept] whether they cannot be deleted
 * @property {(entry: any, reload: () => Promise<void>) => any} [actions] more buttons of an entry
 */

/** Loads a list that has no pages. @param {string} path */
export async function loadAll(path) {
  const data = await get(path);
  return { data, pagination: { page: 1, pages: 1, total: data.length } };
}

/** @param {Pick<EntriesProps, 'own' | 'path' | 'fields' | 'getName' | 'initial' | 'fixed' | 'toBody'> & { entry?: any, onDone: () => void, onClose: () => void }} props */
function EntryDialog({ own, path, fields, getName, initial, fixed, toBody = (sent) => sent, entry, onDone, onClose }) {
  const attempt = useAttempt();
  const save = async (/** @type {Record<string, any>} */ all, /** @type {Record<string, any>} */ changed) => {
    if (!entry) {
      const body = { ...withoutEmpty(toBody(all, all)), ...fixed };
      await attempt(body, (options) => post(path, body, options));
    } else if (Object.keys(changed).length > 0) await put(`${path}/${entry.id}`, toBody(changed, all));
    onClose();
    toast(texts.saved);
    onDone();
  };
  return html`<${Dialog} title=${entry ? getName(entry) : own.new} onClose=${onClose}>
    <${Form}
      fields=${typeof fields === 'function' ? fields(entry) : fields}
      values=${entry ?? initial}
      submit=${texts.save}
      onSubmit=${save}
    />
  <//>`;
}

/**
 * A list whose entries are created, edited and deleted in dialogs, as a part of a page.
 * @param {EntriesProps & { head?: (add: any) => any }} props `head` is what stands above, with the button that adds an entry
 */
export function EntryList(props) {
  const { own, path, query, filters, columns, getName, onChange, load, isOpen = true, isKept = false, actions } = props;
  const { head = (/** @type {any} */ add) => html`<p>${add}</p>` } = props;
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
  const add = html`<button type="button" class="primary" onClick=${() => setOpen({ kind: 'edit' })}>
    ${own.new}
  </button>`;
  return html`${isOpen && head(add)}
    <${DataTable}
      caption=${own.title}
      path=${path}
      query=${query}
      columns=${columns}
      filters=${filters}
      empty=${own.empty}
      version=${version}
      load=${load}
      actions=${
        isOpen &&
        ((/** @type {any} */ entry, /** @type {() => Promise<void>} */ reload) => [
          actions?.(entry, reload),
          button('edit', entry),
          !isKept && button('remove', entry),
        ])
      }
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

/** A section that is such a list. @param {EntriesProps} props */
export const Entries = (props) =>
  html`<${EntryList}
    ...${props}
    head=${(/** @type {any} */ add) => html`<${DeskHead} title=${props.own.title} hint=${props.own.hint}>${add}<//>`}
  />`;
