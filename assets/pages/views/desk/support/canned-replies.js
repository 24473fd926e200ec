import { texts } from '#texts/desk-support.js';
import { html } from '../../../lib/html.js';
import { Tag } from '../../../ui/parts.js';
import { Entries, loadAll } from '../entries.js';

/** @typedef {import('#types').SupportReply} SupportReply */

const own = {
  title: texts.replies,
  hint: texts.repliesHint,
  new: texts.newReply,
  empty: texts.noReplies,
  removeTitle: texts.removeTitle,
  removeText: texts.removeText,
};

const COLUMNS = [
  { title: texts.replyTitle, cell: (/** @type {SupportReply} */ { title }) => title },
  { title: texts.replyBody, cell: (/** @type {SupportReply} */ { body }) => body },
  {
    title: texts.shared,
    cell: (/** @type {SupportReply} */ { isShared }) => isShared && html`<${Tag}>${texts.shared}<//>`,
  },
];

/** @type {import('../../../lib/form-values.js').FormFieldType[]} */
const FIELDS = [
  { name: 'title', label: texts.replyTitle, required: true, attributes: { maxlength: 100 } },
  {
    name: 'body',
    label: texts.replyBody,
    type: 'textarea',
    required: true,
    attributes: { maxlength: 10_000, rows: 8 },
  },
];

/** Texts that staff inserts into replies. */
export const CannedReplies = () =>
  html`<${Entries}
    own=${own}
    path="/api/support/replies"
    columns=${COLUMNS}
    fields=${FIELDS}
    getName=${(/** @type {SupportReply} */ { title }) => title}
    load=${loadAll}
  />`;
