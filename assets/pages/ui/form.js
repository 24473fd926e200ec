import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { useAction } from '../lib/use-load.js';
import { fromInput, toInput } from '../lib/form-values.js';
import { FormField } from './form-field.js';
import { Notice } from './parts.js';
import { Problem } from './states.js';

/** @typedef {import('../lib/form-values.js').FormFieldType} FormFieldType */

/**
 * @typedef {object} FormProps
 * @property {FormFieldType[]} fields
 * @property {Record<string, any>} [values] as the API has them
 * @property {string} submit what the button says
 * @property {(body: Record<string, any>, changed: Record<string, any>) => Promise<unknown>} onSubmit gets all values, and those that differ
 * @property {() => unknown} [onReload] loads the values again after somebody else has changed them
 * @property {any} [children] between the fields and the buttons
 */

/** Returns what the API says about each field. @param {any} error @param {FormFieldType[]} fields */
function listFieldErrors(error, fields) {
  /** @type {{ path: string, message: string }[]} */
  const details = error?.details ?? [];
  const entries = fields.map(({ name }) => {
    const found = details.find(
      ({ path }) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`),
    );
    return [name, found?.message.replace(/^"[^"]*" /, '')];
  });
  return Object.fromEntries(entries.filter(([, message]) => message));
}

/** What was refused as a whole; what concerns a field is beside it. @param {{ error: any, isBesideFields: boolean, onReload?: () => unknown }} props */
function FormProblem({ error, isBesideFields, onReload }) {
  const { desk } = useTexts();
  if (error?.code === 'PRECONDITION_FAILED')
    return html`<${Notice} tone="warn" role="alert">
      <p>${desk.form.changedByOthers}</p>
      ${onReload && html`<button type="button" class="small" onClick=${onReload}>${desk.form.reload}</button>`}
    <//>`;
  if (isBesideFields) return html`<p class="problem" role="alert">${desk.form.checkFields}</p>`;
  return html`<${Problem} error=${error} />`;
}

/** What was typed and differs from the values of the API. @param {FormFieldType[]} fields @param {Record<string, any>} values */
function useEdits(fields, values) {
  const [edits, setEdits] = useState(/** @type {Record<string, any>} */ ({}));
  const initial = Object.fromEntries(fields.map((field) => [field.name, toInput(field, values[field.name], values)]));
  const current = { ...initial, ...edits };
  const read = () => {
    const shown = fields.filter(({ isShown }) => !isShown || isShown(current));
    const body = Object.fromEntries(shown.map((field) => [field.name, fromInput(field, current[field.name], current)]));
    const changed = Object.entries(body).filter(([name]) => current[name] !== initial[name]);
    return { body, changed: Object.fromEntries(changed) };
  };
  return {
    current,
    read,
    edit: (/** @type {string} */ name, /** @type {any} */ value) =>
      setEdits((before) => ({ ...before, [name]: value })),
    clear: () => setEdits({}),
  };
}

/** A form made of declared fields. What was typed stays if the API refuses it, and each refusal is shown at its field. @param {FormProps} props */
export function Form({ fields, values = {}, submit, onSubmit, onReload, children }) {
  const { current, read, edit, clear } = useEdits(fields, values);
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const saving = useAction(async () => {
    const { body, changed } = read();
    await onSubmit(body, changed);
    clear();
  });
  const errors = listFieldErrors(saving.error, fields);
  useEffect(() => {
    if (saving.error) /** @type {HTMLElement | null} */ (form.current?.querySelector('[aria-invalid]'))?.focus();
  }, [saving.error]);
  const reload =
    onReload &&
    (async () => {
      await onReload();
      saving.clear();
    });
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    void saving.run();
  };
  return html`<form class="fields" ref=${form} onSubmit=${send}>
    ${fields
      .filter(({ isShown }) => !isShown || isShown(current))
      .map(
        (field) =>
          html`<${FormField}
            key=${field.name}
            field=${field}
            value=${current[field.name]}
            values=${current}
            error=${errors[field.name]}
            onInput=${(/** @type {any} */ value) => edit(field.name, value)}
          />`,
      )}
    ${children}
    <${FormProblem}
      error=${saving.error}
      isBesideFields=${Object.keys(errors).length > 0 && Object.keys(errors).length === saving.error?.details.length}
      onReload=${reload}
    />
    <div class="actions">
      <button type="submit" class="primary" disabled=${saving.isBusy}>${submit}</button>
    </div>
  </form>`;
}
