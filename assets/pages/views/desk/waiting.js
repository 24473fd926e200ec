import { useEffect, useState } from 'preact/hooks';
import { list } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { Badge } from '../../ui/figures.js';

const POLL_MS = 30_000;

/**
 * How much waits in a section, counted again when the reader goes elsewhere, and from time to time.
 * @param {{ from: [path: string, query: Record<string, unknown>], place: string }} props
 */
export function Waiting({ from: [path, query], place }) {
  const { desk } = useTexts();
  const [count, setCount] = useState(0);
  useEffect(() => {
    let isOver = false;
    // If this fails, so does the section, which says so.
    const load = () =>
      list(path, { ...query, limit: 1 }).then(
        ({ pagination }) => isOver || setCount(pagination.total),
        () => undefined,
      );
    void load();
    const timer = setInterval(() => void (document.hidden || load()), POLL_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [path, JSON.stringify(query), place]);
  return html`<${Badge} count=${count} label=${desk.waiting(count)} />`;
}
