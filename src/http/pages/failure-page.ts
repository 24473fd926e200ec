import type { Request } from 'express';
import type { AppError } from '../../errors';
import escapeHtml from 'escape-html';
import { getTexts, type Texts } from '../../services/notifications/mail/texts';
import { getPageLanguage } from './site/page-language';
import { renderSmallPage } from './small-page';

type Kind = keyof Texts['failurePage'] & ('notFound' | 'refused' | 'tooMany' | 'broken');

function getKind(status: number): Kind {
  if (status === 404 || status === 405) return 'notFound';
  if (status === 429) return 'tooMany';
  return status >= 500 ? 'broken' : 'refused';
}

const isTransient = (status: number): boolean => status === 429 || status >= 500;

/** True if a person reads the response: browsers ask for HTML, programs for JSON or anything. */
export function prefersHtml(req: Request): boolean {
  return req.headers.accept !== undefined && req.accepts(['json', 'html']) === 'html';
}

/** Renders a failure for a person: what happened, what to do, and the id to quote to support. */
export function renderFailurePage(req: Request, failure: AppError, requestId: string): string {
  const language = getPageLanguage(req);
  const { failurePage: texts } = getTexts(language);
  const { title, body } = texts[getKind(failure.status)];
  // Error messages exist in English only.
  const message = language === 'en' && failure.status < 500 ? `<p>${escapeHtml(failure.message)}</p>` : '';
  // An empty address is this one.
  const link = isTransient(failure.status)
    ? `<p><a href="">${escapeHtml(texts.retry)}</a></p>`
    : `<p><a href="/">${escapeHtml(texts.home)}</a></p>`;
  return renderSmallPage(
    language,
    title,
    `${message}<p>${escapeHtml(body)}</p>${link}<p><small>${failure.status} · ${failure.code} · ${escapeHtml(requestId)}</small></p>`,
  );
}
