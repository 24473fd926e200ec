import { post } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Problem } from '../../ui/states.js';

/** Stands in for the payment page of a provider. @param {{ intent: import('#types').PaymentIntent, onDone: () => void }} props */
export function SandboxForm({ intent, onDone }) {
  const { order: texts } = useTexts();
  const decide = useAction(async (/** @type {'succeed' | 'fail'} */ outcome) => {
    await post(`/api/payments/sandbox/${intent.paymentIntentId}/${outcome}`);
    onDone();
  });
  return html`<p>${texts.sandbox}</p>
    <p class="row">
      <button type="button" class="primary" disabled=${decide.isBusy} onClick=${() => decide.run('succeed')}>
        ${texts.succeed}
      </button>
      <button type="button" disabled=${decide.isBusy} onClick=${() => decide.run('fail')}>${texts.fail}</button>
    </p>
    <${Problem} error=${decide.error} />`;
}
