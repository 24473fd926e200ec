import type { Request } from 'express';
import type { AppError } from '../../errors';
import escapeHtml from 'escape-html';
import { languages, getTexts, type Texts } from '../../services/notifications/mail/texts';
import { renderSmallPage } from './small-page';

type Kind = keyof Texts['failurePage'] & ('notFound' | 'refused' | 'tooMany' | 'broken');

function getKind(status: number): Kind {
  if (status === 404 || status === 405) return 'notFound';
  if (status === 429) return 'tooMany';
  return status >= 500 ? 'broken' : 'refused';
}

/** Whether it is a person who waits for this answer: browsers ask for a page, programs for JSON or for anything. */
export function prefersHtml(req: Request): boolean {
  return req.headers.accept !== undefined && req.accepts(['json', 'html']) === 'html';
}

/** A failure for a person: what happened, what to do, and the id to ask us about it. */
export function renderFailurePage(req: Request, failure: AppError, requestId: string): string {
  const language = req.acceptsLanguages(Object.keys(languages)) || 'en';
  const { failurePage: texts } = getTexts(language);
  const { title, body } = texts[getKind(failure.status)];
  // The program's own words are in English.
  const said = language === 'en' && failure.status < 500 ? `<p>${escapeHtml(failure.message)}</p>` : '';
  return renderSmallPage(
    language,
    title,
    `${said}<p>${escapeHtml(body)}</p><p><small>${failure.status} · ${failure.code} · ${escapeHtml(requestId)}</small></p>`,
  );
}
