import { html } from '../lib/html.js';
import { useAction, useLoad } from '../lib/use-load.js';
import { ConfirmDialog } from './dialog.js';
import { Loaded, Problem } from './states.js';

/** @param {{ preview: () => Promise<any>, children: (data: any) => any }} props */
function Preview({ preview, children }) {
  const loaded = useLoad(preview, []);
  return html`<${Loaded} from=${loaded}>${children}<//>`;
}

/**
 * Asks before an action, shows what it would do, and does it.
 * @param {{ title: string, text: any, action: string, run: () => Promise<unknown>, preview?: () => Promise<any>, showPreview?: (data: any) => any, onDone: (result: any) => void, onClose: () => void, children?: any }} props
 * `preview` asks the API what would happen; `onDone` gets what `run` has returned
 */
export function ActionDialog({ title, text, action, run, preview, showPreview, onDone, onClose, children }) {
  const acting = useAction(async () => {
    const result = await run();
    onClose();
    onDone(result);
  });
  return html`<${ConfirmDialog}
    title=${title}
    text=${text}
    action=${action}
    isBusy=${acting.isBusy}
    problem=${html`<${Problem} error=${acting.error} />`}
    onConfirm=${acting.run}
    onClose=${onClose}
  >
    ${preview && showPreview && html`<${Preview} preview=${preview}>${showPreview}<//>`} ${children}
  <//>`;
}
