import { getFieldZone } from '../lib/form-values.js';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { Checkbox, Field, Select, TextArea } from './field.js';

/** @type {Record<string, object>} */
const INPUTS = {
  text: {},
  email: { type: 'email', autocapitalize: 'none' },
  number: { type: 'number', step: 'any' },
  money: { inputmode: 'decimal', autocomplete: 'off', pattern: '-?\\d+([.,]\\d+)?' },
  datetime: { type: 'datetime-local' },
};

/** A declared field. @param {{ field: import('../lib/form-values.js').FormFieldType, value: any, values: Record<string, any>, error?: string, onInput: (value: any) => void }} props */
export function FormField({ field, value, values, error, onInput }) {
  const { form } = useTexts().desk;
  const { type = 'text', name, label, required, options = [], attributes } = field;
  const hint = [field.hint, type === 'datetime' && form.zone(getFieldZone(field, values))].filter(Boolean).join(' ');
  const follow = (/** @type {any} */ { target }) => onInput(target.value);
  const common = { name, label, required, error, hint: hint || undefined, ...attributes };
  switch (type) {
    case 'checkbox': {
      const check = (/** @type {any} */ { target }) => onInput(target.checked);
      return html`<${Checkbox} ...${common} checked=${value} onChange=${check} />`;
    }
    case 'select':
      return html`<${Select} ...${common} value=${value} options=${options} onChange=${follow} />`;
    case 'textarea':
      return html`<${TextArea} ...${common} value=${value} onInput=${follow} />`;
    case 'file': {
      const choose = (/** @type {any} */ { target }) => onInput(target.files[0] ?? null);
      return html`<${Field} ...${common} type="file" onChange=${choose} />`;
    }
    default:
      return html`<${Field} ...${INPUTS[type]} ...${common} value=${value} onInput=${follow} />`;
  }
}
