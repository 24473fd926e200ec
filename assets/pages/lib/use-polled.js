import { useEffect, useState } from 'preact/hooks';

/**
 * Loads something again and again while the page is visible. What was loaded before stays, beside the error if loading fails now.
 * @template T
 * @param {() => Promise<T>} load
 * @param {unknown[]} inputs
 * @param {number} everyMs
 */
export function usePolled(load, inputs, everyMs) {
  const [result, setResult] = useState(/** @type {{ data?: T, error?: any, loadedAt?: number }} */ ({}));
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isOver = false;
    let isBusy = false;
    const renew = async () => {
      if (isBusy) return;
      isBusy = true;
      try {
        const data = await load();
        if (!isOver) setResult({ data, loadedAt: Date.now() });
      } catch (error) {
        if (!isOver) setResult((before) => ({ ...before, error }));
      } finally {
        isBusy = false;
      }
    };
    const renewVisible = () => void (document.hidden || renew());
    void renew();
    const timer = setInterval(renewVisible, everyMs);
    document.addEventListener('visibilitychange', renewVisible);
    return () => {
      isOver = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', renewVisible);
    };
  }, [...inputs, turn]);
  return {
    ...result,
    isLoading: result.data === undefined && !result.error,
    reload: () => setTurn((count) => count + 1),
  };
}
