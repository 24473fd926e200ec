import type { Request, Response } from 'express';
import { config } from '../../../config';
import { getLanguage, LANGUAGES, type Language } from '../../../lib/text/languages';

const COOKIE = 'bilten_language';
const CHOICE = new RegExp(`(?:^|;\\s*)${COOKIE}=([a-z]{2})(?:;|$)`);
const YEAR_MS = 31_536_000_000;

const isLanguage = (value: unknown): value is Language => LANGUAGES.includes(value as Language);

/** Returns the language that the reader has chosen, otherwise the one that the browser prefers. */
export function getPageLanguage(req: Request): Language {
  const chosen = CHOICE.exec(req.headers.cookie ?? '')?.[1];
  return isLanguage(chosen) ? chosen : getLanguage(req.acceptsLanguages(...LANGUAGES) || 'en');
}

/** Stores the choice of `?lang=de` in a cookie and returns to the page. Returns false if nothing was chosen. */
export function storeLanguage(req: Request, res: Response): boolean {
  const { lang, ...query } = req.query;
  if (!isLanguage(lang)) return false;
  res.cookie(COOKIE, lang, {
    path: '/',
    maxAge: YEAR_MS,
    sameSite: 'lax',
    httpOnly: true,
    secure: config.isProduction || req.secure,
  });
  const rest = new URLSearchParams(query as Record<string, string>).toString();
  // Relative to this host in any case: a path that begins with two slashes would name another one.
  const place = req.path.replace(/^\/+/, '/');
  res.redirect(303, rest ? `${place}?${rest}` : place);
  return true;
}
