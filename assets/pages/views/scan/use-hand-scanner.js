import { useEffect, useRef } from 'preact/hooks';

const MAX_GAP_MS = 100;
const MIN_LENGTH = 20;

/** Reads a hand scanner, which types a code like a fast keyboard, wherever the focus is. @param {(code: string) => void} onCode */
export function useHandScanner(onCode) {
  const report = useRef(onCode);
  report.current = onCode;
  useEffect(() => {
    let typed = '';
    let at = 0;
    /** @param {KeyboardEvent} event */
    function listen(event) {
      if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.timeStamp - at > MAX_GAP_MS) typed = '';
      at = event.timeStamp;
      if (event.key.length === 1) typed += event.key;
      else if (event.key === 'Enter' && typed.length >= MIN_LENGTH) {
        // Otherwise it would press the button that has the focus.
        event.preventDefault();
        report.current(typed);
        typed = '';
      }
    }
    addEventListener('keydown', listen, { capture: true });
    return () => removeEventListener('keydown', listen, { capture: true });
  }, []);
}
