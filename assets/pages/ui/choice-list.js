import { useId } from 'preact/hooks';
import { html } from '../lib/html.js';

/** A choice of one from a few, with room to say what each is. @param {{ legend: string, name: string, options: [value: string, label: any][], value: string, onChange: (value: string) => void, isLegendHidden?: boolean }} props */
export function ChoiceList({ legend, name, options, value, onChange, isLegendHidden = false }) {
  const id = useId();
  return html`<fieldset class="choices">
    <legend class=${isLegendHidden ? 'unseen' : undefined}>${legend}</legend>
    ${options.map(
      ([option, label]) =>
        html`<p class="check" key=${option}>
          <input
            type="radio"
            name=${name}
            id=${`${id}-${option}`}
            value=${option}
            checked=${option === value}
            onChange=${() => onChange(option)}
          />
          <label for=${`${id}-${option}`}>${label}</label>
        </p>`,
    )}
  </fieldset>`;
}
