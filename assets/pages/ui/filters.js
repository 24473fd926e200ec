import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { toDayStart } from '../lib/zoned-time.js';
import { Field, Select } from './field.js';

/**
 * @typedef {object} Filter
 * @property {string} name of a parameter of the API
 * @property {string} label
 * @property {'search' | 'select' | 'from' | 'to'} [type] `from` and `to` are days, the last one included
 * @property {[value: string, label: string][]} [options] of a select, without the one for all
 * @property {string} [all] what that one is called, if the API does not list everything then
 * @property {string} [hint]
 */

const TYPING_MS = 250;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Returns what the API is asked for: days become moments. @param {Filter[]} filters @param {Record<string, string>} query */
export function toApiQuery(filters, query) {
  const toValue = (/** @type {Filter} */ { name, type }) => {
    const value = query[name];
    if (!value || (type !== 'from' && type !== 'to')) return value;
    return DATE.test(value) ? toDayStart(value, type === 'to' ? 1 : 0) : undefined;
  };
  return Object.fromEntries(filters.map((filter) => [filter.name, toValue(filter)]));
}

/** Searches once the reader stops typing. @param {{ filter: Filter, value: string, onChange: (value: string) => void }} props */
function Search({ filter: { name, label, hint }, value, onChange }) {
  const [typed, setTyped] = useState(value);
  const timer = useRef(/** @type {any} */ (undefined));
  useEffect(() => setTyped(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const follow = (/** @type {any} */ { target }) => {
    setTyped(target.value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(target.value.trim()), TYPING_MS);
  };
  return html`<${Field}
    class="wide"
    ...${{ name, label, hint }}
    type="search"
    maxlength="100"
    autocomplete="off"
    value=${typed}
    onInput=${follow}
  />`;
}

/** @param {{ filter: Filter, value: string, onChange: (value: string) => void }} props */
function FilterField({ filter, value, onChange }) {
  const { table: texts } = useTexts().desk;
  const { name, label, type = 'select', options = [], all = texts.all } = filter;
  if (type === 'search') return html`<${Search} filter=${filter} value=${value} onChange=${onChange} />`;
  const follow = (/** @type {any} */ { target }) => onChange(target.value);
  if (type === 'select')
    return html`<${Select} ...${{ name, label, value }} options=${[['', all], ...options]} onChange=${follow} />`;
  return html`<${Field} ...${{ name, label, value }} type="date" onChange=${follow} />`;
}

/** On a phone there are no headers to sort by. @param {{ columns: import('./data-table.js').Column[], query: Record<string, string>, onChange: (changes: object) => void }} props */
function SortField({ columns, query, onChange }) {
  const { table: texts } = useTexts().desk;
  const options = columns.flatMap(({ sort, title }) => [
    [`${sort} asc`, `${title} ↑`],
    [`${sort} desc`, `${title} ↓`],
  ]);
  const follow = (/** @type {any} */ { target }) => {
    const [sort = '', order = ''] = target.value.split(' ');
    onChange({ sort, order, page: '' });
  };
  return html`<${Select}
    class="only-narrow"
    name="sort"
    label=${texts.sort}
    value=${query.sort ? `${query.sort} ${query.order ?? 'asc'}` : ''}
    options=${[['', texts.usualOrder], ...options]}
    onChange=${follow}
  />`;
}

/** What the reader can narrow a table down by. @param {{ caption: string, filters: Filter[], columns: import('./data-table.js').Column[], query: Record<string, string>, onChange: (changes: object, isReplacing?: boolean) => void }} props */
export function Filters({ caption, filters, columns, query, onChange }) {
  const { table: texts } = useTexts().desk;
  const sortable = columns.filter(({ sort }) => sort);
  if (filters.length === 0 && sortable.length === 0) return null;
  return html`<form
    class="filters"
    role="search"
    aria-label=${`${texts.filters}: ${caption}`}
    onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}
  >
    ${filters.map(
      (filter) =>
        html`<${FilterField}
          key=${filter.name}
          filter=${filter}
          value=${query[filter.name] ?? ''}
          onChange=${(/** @type {string} */ value) => onChange({ [filter.name]: value, page: '' }, true)}
        />`,
    )}
    ${sortable.length > 0 && html`<${SortField} columns=${sortable} query=${query} onChange=${onChange} />`}
  </form>`;
}
