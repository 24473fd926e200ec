import { escapeHtml } from '../lib/mail/layout';
import { languageOf, textsFor } from '../lib/mail/texts';

const STYLE = `body{margin:0 auto;max-width:32rem;padding:3rem 1.5rem;font:1.1rem/1.5 system-ui,sans-serif;color:#222;background:#fff}
button{padding:.6rem 1.2rem;border:0;border-radius:4px;background:#1a4d8f;color:#fff;font:inherit;cursor:pointer}
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}}`;

interface Shown {
  kind: 'reminders' | 'messages' | 'all';
  locale: string;
}

function page(locale: string, content: string): string {
  const { title } = textsFor(locale).unsubscribePage;
  return `<!doctype html>
<html lang="${languageOf(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${escapeHtml(title)} · Bilten</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${content}</main></body></html>
`;
}

/** Asks; its button posts to where the page came from. */
export function unsubscribePage({ kind, locale }: Shown): string {
  const texts = textsFor(locale).unsubscribePage;
  return page(
    locale,
    `<p>${escapeHtml(texts[kind])}</p><form method="post"><button>${escapeHtml(texts.button)}</button></form>`,
  );
}

export function unsubscribedPage({ kind, locale }: Shown): string {
  const { done, allDone } = textsFor(locale).unsubscribePage;
  return page(locale, `<p role="status">${escapeHtml(kind === 'all' ? allDone : done)}</p>`);
}
