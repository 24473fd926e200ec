import { texts } from '#texts/desk-event.js';
import { post, put, remove } from '../../../lib/api.js';
import { toFormData } from '../../../lib/form-values.js';
import { html } from '../../../lib/html.js';
import { useAction } from '../../../lib/use-load.js';
import { Form } from '../../../ui/form.js';
import { Card, Notice } from '../../../ui/parts.js';
import { Empty, Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { listFields, toBody, toValues } from './event-fields.js';

/** @typedef {import('./event-page.js').TabProps} TabProps */

/** @type {import('../../../lib/form-values.js').FormFieldType[]} */
const COVER_FIELDS = [
  {
    name: 'file',
    label: texts.cover.file,
    type: 'file',
    hint: texts.cover.fileHint,
    attributes: { accept: 'image/jpeg,image/png,image/webp' },
  },
  { name: 'coverImageAlt', label: texts.cover.alt, hint: texts.cover.altHint, attributes: { maxlength: 300 } },
];

/** @param {Pick<TabProps, 'event' | 'reload'>} props */
function Cover({ event, reload }) {
  const path = `/api/events/${event.id}`;
  const removing = useAction(async () => {
    await remove(`${path}/cover`);
    toast(texts.cover.removed);
    await reload();
  });
  const save = async (
    /** @type {Record<string, any>} */ { file },
    /** @type {Record<string, any>} */ { file: _file, ...changed },
  ) => {
    if (Object.keys(changed).length > 0) await put(path, changed);
    if (file) await post(`${path}/cover`, toFormData({ file }));
    toast(texts.saved);
    await reload();
  };
  return html`<${Card} title=${texts.cover.title}>
    ${
      event.coverImageUrl
        ? html`<img
              class="cover"
              src=${event.coverImageUrl}
              alt=${event.coverImageAlt ?? ''}
              width="640"
              height="360"
            />
            <p>
              <button type="button" class="danger small" disabled=${removing.isBusy} onClick=${removing.run}>
                ${texts.cover.remove}
              </button>
            </p>
            <${Problem} error=${removing.error} />`
        : html`<${Empty} text=${texts.cover.none} />`
    }
    <${Form}
      key=${event.coverImageUrl}
      fields=${COVER_FIELDS}
      values=${event}
      submit=${texts.cover.upload}
      onSubmit=${save}
    />
  <//>`;
}

/** The fields of an event, and its cover. @param {TabProps} props */
export function SettingsTab({ event, etag, isOpen, reload }) {
  if (!isOpen) return html`<${Notice}>${texts.closed}<//>`;
  const save = async (/** @type {Record<string, any>} */ all, /** @type {Record<string, any>} */ changed) => {
    const body = toBody(changed, all);
    if (Object.keys(body).length === 0) return toast(texts.nothingChanged);
    await put(`/api/events/${event.id}`, body, { ifMatch: etag });
    toast(texts.saved);
    return reload();
  };
  return html`<${Card} title=${texts.tabs.settings}>
      ${event.status === 'published' && html`<p class="muted">${texts.tellsAttendees}</p>`}
      <${Form}
        fields=${listFields({ isNew: false, timezone: event.timezone })}
        values=${toValues(event)}
        submit=${texts.save}
        onSubmit=${save}
        onReload=${reload}
      />
    <//>
    <${Cover} event=${event} reload=${reload} />`;
}
