import escapeHtml from 'escape-html';
import { getTexts } from '../../services/notifications/mail/texts';
import { renderSmallPage } from './small-page';

interface UnsubscribePage {
  kind: 'reminders' | 'messages' | 'all';
  locale: string;
}

function renderPage(locale: string, content: string): string {
  return renderSmallPage(locale, getTexts(locale).unsubscribePage.title, content);
}

/** Renders the page that asks for confirmation; its button posts to the same URL. */
export function renderUnsubscribePage({ kind, locale }: UnsubscribePage): string {
  const texts = getTexts(locale).unsubscribePage;
  return renderPage(
    locale,
    `<p>${escapeHtml(texts[kind])}</p><form method="post"><button>${escapeHtml(texts.button)}</button></form>`,
  );
}

export function renderUnsubscribedPage({ kind, locale }: UnsubscribePage): string {
  const { done, allDone } = getTexts(locale).unsubscribePage;
  return renderPage(locale, `<p role="status">${escapeHtml(kind === 'all' ? allDone : done)}</p>`);
}
