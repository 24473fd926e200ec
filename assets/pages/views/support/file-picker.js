import { useId, useState } from 'preact/hooks';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';

const MAX_FILES = 5;
const MAX_BYTES = 10 * 1024 * 1024;
const TYPES = 'image/jpeg,image/png,image/webp,application/pdf,text/plain';

/** Chooses up to five files. @param {{ files: File[], onChange: (files: File[]) => void }} props */
export function FilePicker({ files, onChange }) {
  const { support: texts } = useTexts();
  const { count } = useFormat();
  const [problem, setProblem] = useState('');
  const id = useId();
  const add = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    const chosen = [...(input.files ?? [])];
    // The same file can then be chosen again after it was removed.
    input.value = '';
    const fitting = chosen.filter(({ size }) => size <= MAX_BYTES);
    const all = [...files, ...fitting];
    setProblem(fitting.length < chosen.length ? texts.tooLarge : all.length > MAX_FILES ? texts.tooMany : '');
    onChange(all.slice(0, MAX_FILES));
  };
  return html`<div class="field">
    <label for=${id}>${texts.files}</label>
    <input
      id=${id}
      type="file"
      multiple
      accept=${TYPES}
      disabled=${files.length >= MAX_FILES}
      aria-describedby=${`${id}-hint`}
      onChange=${add}
    />
    <p class="hint" id=${`${id}-hint`}>${texts.filesHint}</p>
    <p class="problem" role="alert">${problem}</p>
    ${
      files.length > 0 &&
      html`<ul class="files">
        ${files.map(
          (file) =>
            html`<li key=${file}>
              ${file.name} <span class="muted">${texts.size(count(Math.ceil(file.size / 1024)))}</span>
              <button type="button" class="link" onClick=${() => onChange(files.filter((each) => each !== file))}>
                ${texts.removeFile}<span class="unseen"> ${file.name}</span>
              </button>
            </li>`,
        )}
      </ul>`
    }
  </div>`;
}
