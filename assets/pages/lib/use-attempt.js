import { useRef } from 'preact/hooks';
import { createKey } from './api.js';

/**
 * Returns a function that sends a body with an idempotency key: the same one while the same body is sent again after a failure, so
 * that a lost response does not make the effect happen twice.
 */
export function useAttempt() {
  const last = useRef({ text: '', key: '' });
  /** @template T @param {object} body @param {(options: { idempotencyKey: string }) => Promise<T>} send @returns {Promise<T>} */
  return async (body, send) => {
    const text = JSON.stringify(body);
    if (last.current.text !== text) last.current = { text, key: createKey() };
    const result = await send({ idempotencyKey: last.current.key });
    last.current = { text: '', key: '' };
    return result;
  };
}
