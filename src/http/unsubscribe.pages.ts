import { escapeHtml } from '../lib/mail/layout';
import { textsFor } from '../lib/mail/texts';
import { smallPage } from './small-page';

interface Shown {
  kind: 'reminders' | 'messages' | 'all';
  locale: string;
}

function page(locale: string, content: string): string {
  return smallPage(locale, textsFor(locale).unsubscribePage.title, content);
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
