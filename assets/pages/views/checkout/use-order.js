import { useRef, useState } from 'preact/hooks';
import { createKey, post } from '../../lib/api.js';
import { keep } from '../../lib/kept-cart.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { readAddressesToSave } from './read-order.js';
import { readRefusal } from './refusals.js';

/** Where an order goes on: at its provider, or on its page. @param {import('#types').CheckedOutOrder} order @param {{ paymentMethod?: string }} body */
function getNext({ id, status, payment }, { paymentMethod }) {
  if (payment?.redirectUrl) return payment.redirectUrl;
  return status === 'pending' && paymentMethod ? `/orders/${id}?pay=${paymentMethod}` : `/orders/${id}`;
}

/** Makes the order, or says at which place it was refused. @param {{ cart: import('#types').Cart, onRefused: () => void }} options */
export function useOrder({ cart, onRefused }) {
  const texts = useTexts();
  const { money } = useFormat();
  const [refusal, setRefusal] = useState(/** @type {import('./refusals.js').Refusal | undefined} */ (undefined));
  // The same attempt however often it is sent; another order is another attempt.
  const attempt = useRef({ body: '', key: '' });
  const { isBusy, error, run } = useAction(
    async (/** @type {Record<string, any>} */ body, /** @type {Record<string, string>} */ form) => {
      setRefusal(undefined);
      const text = JSON.stringify([body, cart.updatedAt]);
      if (attempt.current.body !== text) attempt.current = { body: text, key: createKey() };
      try {
        const order = await post('/api/orders', body, { idempotencyKey: attempt.current.key });
        keep({ count: 0 });
        // The order is made; an address can be saved later, too.
        for (const address of readAddressesToSave(form, body))
          await post('/api/addresses', address, { idempotencyKey: createKey() }).catch(() => undefined);
        location.assign(getNext(order, body));
      } catch (/** @type {any} */ failure) {
        if (!(failure.status >= 400 && failure.status < 500) || failure.status === 401) throw failure;
        setRefusal(await readRefusal(texts, failure, cart, money));
        onRefused();
      }
    },
  );
  return { isBusy, error, order: run, refusal, clear: () => setRefusal(undefined) };
}
