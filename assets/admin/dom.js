/**
 * Creates an element. `on` has event listeners; attributes and children that are false, null or undefined are left out. Text is never parsed as HTML.
 */
export function h(tag, { on = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Shows a message at the edge of the page, and announces it to screen readers. */
let timer;
export function announce(text) {
  byId('status').textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => (byId('status').textContent = ''), 6000);
}

export function card(title, ...children) {
  return h('section', { class: 'card', 'aria-label': title }, h('h2', {}, title), ...children);
}

export const empty = (text) => h('p', { class: 'empty' }, text);

export const problem = (error) => h('p', { class: 'card problem', role: 'alert' }, error.message);

export const tag = (text, tone = 'calm') => h('span', { class: `tag ${tone}` }, text);

/** Creates a table. A column is `[name, isNumber]`; the first cell is the header of its row. */
export function table(columns, rows, { caption, stacked = false }) {
  const cells = (row) =>
    row.map((cell, i) => {
      const [name, isNumber] = columns[i];
      const common = { class: isNumber ? 'number' : null, 'data-label': i > 0 && name ? name : null };
      return h(i === 0 ? 'th' : 'td', { ...common, scope: i === 0 ? 'row' : null }, cell);
    });
  const head = columns.map(([name, isNumber]) => h('th', { scope: 'col', class: isNumber ? 'number' : null }, name));
  return h(
    'div',
    { class: 'scroll', tabindex: stacked ? null : '0', role: stacked ? null : 'region', 'aria-label': caption },
    h(
      'table',
      { class: stacked ? 'stack' : null },
      h('caption', { class: 'unseen' }, caption),
      h('thead', {}, h('tr', {}, head)),
      h(
        'tbody',
        {},
        rows.map(({ key, cells: row }) => h('tr', { 'data-key': key }, cells(row))),
      ),
    ),
  );
}

/** Creates buttons for the previous and next page. */
export function pager({ page, pages, total, totalCapped }, go, words) {
  const step = (text, target) => {
    const isOff = target < 1 || target > pages;
    return h('button', { type: 'button', class: 'small', disabled: isOff, on: { click: () => go(target) } }, text);
  };
  const count = `${words.count(total)}${totalCapped ? ' or more' : ''} in all`;
  const place = pages > 1 ? ` · page ${words.count(page)} of ${words.count(pages)}` : '';
  return h(
    'div',
    { class: 'pager' },
    h('span', { class: 'muted fine' }, count + place),
    pages > 1 && step('Back', page - 1),
    pages > 1 && step('Next', page + 1),
  );
}
