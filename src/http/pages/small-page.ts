import escapeHtml from 'escape-html';
import { getLanguage } from '../../lib/text/languages';

const STYLE = `body{margin:0 auto;max-width:32rem;padding:3rem 1.5rem;font:1.1rem/1.5 system-ui,sans-serif;color:#222;background:#fff;overflow-wrap:anywhere}
button{padding:.6rem 1.2rem;border:0;border-radius:4px;background:#1a4d8f;color:#fff;font:inherit;cursor:pointer}
small{color:#595959}
a{color:#1a4d8f}
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}small{color:#b5b5b5}a{color:#9dc1f5}}`;

/** Renders a minimal page for someone who followed a link. `content` is HTML. */
export function renderSmallPage(locale: string, title: string, content: string): string {
  return `<!doctype html>
<html lang="${getLanguage(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escapeHtml(title)} · Bilten</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${content}</main></body></html>
`;
}
