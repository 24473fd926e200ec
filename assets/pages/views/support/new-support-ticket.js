import { useState } from 'preact/hooks';
import { createKey, post, uploadAll } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction, useLoad } from '../../lib/use-load.js';
import { Field, readForm, Select, TextArea } from '../../ui/field.js';
import { Loaded, Problem } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';
import { FilePicker } from './file-picker.js';
import { loadSubjects, readSubject, toSubjectBody, useSubjectOptions } from './subjects.js';

/** @param {{ subjects: any, onSent: (id: number) => void }} props */
function RequestForm({ subjects, onSent }) {
  const { support: texts } = useTexts();
  const [chosen] = useState(readSubject);
  const [key] = useState(createKey);
  const [files, setFiles] = useState(/** @type {File[]} */ ([]));
  const open = useAction(async (/** @type {any} */ { about = '', subject, message }) => {
    const body = { subject, message, ...toSubjectBody(about), fileIds: await uploadAll(files) };
    const { id } = await post('/api/support/tickets', body, { idempotencyKey: key });
    toast(texts.sent);
    onSent(id);
  });
  return html`<form class="card" onSubmit=${(/** @type {Event} */ event) => open.run(readForm(event))}>
    <h3>${texts.ask}</h3>
    <${Select} label=${texts.about} name="about" value=${chosen} options=${useSubjectOptions(subjects, chosen)} />
    <${Field} label=${texts.subject} name="subject" maxlength="200" required />
    <${TextArea} label=${texts.message} name="message" rows="7" maxlength="10000" required />
    <${FilePicker} files=${files} onChange=${setFiles} />
    <${Problem} error=${open.error} />
    <button class="primary" type="submit" disabled=${open.isBusy}>${open.isBusy ? texts.sending : texts.send}</button>
  </form>`;
}

/** Asks for help, about something that the user has or nothing in particular. @param {{ onSent: (id: number) => void }} props */
export function NewSupportTicket({ onSent }) {
  const loaded = useLoad(loadSubjects, []);
  return html`<${Loaded} from=${loaded}
    >${(/** @type {any} */ subjects) => html`<${RequestForm} subjects=${subjects} onSent=${onSent} />`}<//
  >`;
}
