import { createKey, post } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { readForm, TextArea } from '../../ui/field.js';
import { Notice } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';

const SCORES = [1, 2, 3, 4, 5];

/** What the customer thinks of the help, once. @param {{ id: number, rating: { score: number, comment: string | null } | null, onRated: () => void }} props */
export function Rating({ id, rating, onRated }) {
  const { support: texts } = useTexts();
  const rate = useAction(async (/** @type {any} */ { score, comment }) => {
    const body = { score: Number(score), ...(comment && { comment }) };
    await post(`/api/support/tickets/${id}/rating`, body, { idempotencyKey: createKey() });
    onRated();
  });
  if (rating) return html`<${Notice} tone="good" role="status">${texts.rated(rating.score)}<//>`;
  return html`<form class="card" onSubmit=${(/** @type {Event} */ event) => rate.run(readForm(event))}>
    <fieldset>
      <legend>${texts.rating}</legend>
      <p class="scores">
        ${SCORES.map(
          (score) =>
            html`<span class="check" key=${score}>
              <input type="radio" id=${`score-${score}`} name="score" value=${score} required />
              <label for=${`score-${score}`}>${texts.scores[score - 1]}</label>
            </span>`,
        )}
      </p>
    </fieldset>
    <${TextArea} label=${texts.comment} name="comment" rows="2" maxlength="2000" />
    <${Problem} error=${rate.error} />
    <button type="submit" disabled=${rate.isBusy}>${texts.rate}</button>
  </form>`;
}
