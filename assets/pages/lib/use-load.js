import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/**
 * Loads something when the inputs change, and again on `reload()`; what was loaded before stays until then.
 * @template T
 * @param {() => Promise<T>} load
 * @param {unknown[]} inputs
 */
export function useLoad(load, inputs) {
  const [result, setResult] = useState(
    /** @type {{ data?: T, error?: any, isLoading: boolean }} */ ({ isLoading: true }),
  );
  const turn = useRef(0);
  const reload = useCallback(async () => {
    const mine = ++turn.current;
    setResult((before) => ({ data: before.data, isLoading: true }));
    try {
      const data = await load();
      if (mine === turn.current) setResult({ data, isLoading: false });
    } catch (error) {
      if (mine === turn.current) setResult((before) => ({ data: before.data, error, isLoading: false }));
    }
  }, inputs);
  useEffect(() => {
    void reload();
    return () => void turn.current++;
  }, [reload]);
  return { ...result, reload, setData: (/** @type {T} */ data) => setResult({ data, isLoading: false }) };
}

/**
 * Runs what a button does, once at a time, and keeps its error.
 * @template {unknown[]} A
 * @param {(...args: A) => Promise<unknown>} action
 */
export function useAction(action) {
  const [state, setState] = useState(/** @type {{ isBusy: boolean, error?: any }} */ ({ isBusy: false }));
  const busy = useRef(false);
  /** @param {A} args */
  const run = async (...args) => {
    if (busy.current) return;
    busy.current = true;
    setState({ isBusy: true });
    try {
      await action(...args);
      setState({ isBusy: false });
    } catch (error) {
      setState({ isBusy: false, error });
    } finally {
      busy.current = false;
    }
  };
  return { ...state, run, clear: () => setState({ isBusy: false }) };
}
