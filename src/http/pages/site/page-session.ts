import { Router, type Request, type Response } from 'express';
import Joi from 'joi';
import { config } from '../../../config';
import { AppError } from '../../../errors';
import { unwrapAddress } from '../../../lib/network';
import { refreshSession } from '../../../services/sessions/refresh-session';
import { readBody } from '../../body';
import { rejectMethod } from '../../mount';
import { limiters } from '../../rate-limits';
import { validate } from '../../validate';

const PATH = '/session';
const COOKIE = 'bilten_session';
// Tells scripts and the server that there is a session, without being worth anything.
const SIGN = 'bilten_signed_in';
const TOKEN = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`);
const MAX_TOKEN = 4096;

const bodySchema = Joi.object<{ refreshToken?: string }, true>({ refreshToken: Joi.string().max(MAX_TOKEN) });

/** True if the browser is signed in, as far as its cookies say. */
export const seemsSignedIn = (req: Request): boolean => (req.headers.cookie ?? '').includes(`${SIGN}=1`);

const getCookieOptions = (req: Request, path: string) => ({
  path,
  sameSite: 'strict' as const,
  secure: config.isProduction || req.secure,
});

function setCookies(req: Request, res: Response, refreshToken: string): void {
  const maxAge = config.refreshTokenSeconds * 1000;
  res.cookie(COOKIE, refreshToken, { ...getCookieOptions(req, PATH), httpOnly: true, maxAge });
  res.cookie(SIGN, '1', { ...getCookieOptions(req, '/'), maxAge });
}

function clearCookies(req: Request, res: Response): void {
  res.clearCookie(COOKIE, { ...getCookieOptions(req, PATH), httpOnly: true });
  res.clearCookie(SIGN, getCookieOptions(req, '/'));
}

/** Only our own pages may use the cookie: front ends on other origins keep their tokens themselves. @throws AppError FORBIDDEN */
function assertSameOrigin(req: Request): void {
  const site = req.get('Sec-Fetch-Site');
  const origin = req.get('Origin');
  const isOwn = site === undefined ? origin === undefined || isOwnOrigin(req, origin) : site === 'same-origin';
  if (!isOwn) throw new AppError('FORBIDDEN', 'Only pages of this host may do this.');
}

const isOwnOrigin = (req: Request, origin: string): boolean =>
  URL.canParse(origin) && new URL(origin).host === req.get('Host');

/** Returns the new refresh and access token; undefined if the session has ended. */
async function renew(req: Request, res: Response, refreshToken: string) {
  try {
    return await refreshSession(refreshToken, {
      requestId: res.locals.requestId as string,
      ip: unwrapAddress(req.ip ?? ''),
      userAgent: req.get('User-Agent')?.slice(0, 500) ?? null,
    });
  } catch (error) {
    if (error instanceof AppError && ['UNAUTHORIZED', 'ACCOUNT_SUSPENDED'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Exchanges the refresh token in the body, or else in the cookie, for an access token; its successor goes into the cookie. */
async function openSession(req: Request, res: Response): Promise<void> {
  res.setHeader('Cache-Control', 'private, no-store');
  assertSameOrigin(req);
  const form = await readBody(req, res, {});
  const body = form && req.body ? validate(bodySchema, req.body, form) : {};
  const refreshToken = body.refreshToken ?? TOKEN.exec(req.headers.cookie ?? '')?.[1];
  const pair = refreshToken === undefined ? undefined : await renew(req, res, refreshToken);
  if (pair) setCookies(req, res, pair.refreshToken);
  else clearCookies(req, res);
  // Being signed out is not an error, and browsers report every 401 as one.
  res.json({ success: true, data: { token: pair?.token ?? null } });
}

function closeSession(req: Request, res: Response): void {
  assertSameOrigin(req);
  clearCookies(req, res);
  res.status(204).end();
}

/** Keeps the refresh token of a page's session in a cookie that scripts cannot read. */
export function pageSession(): Router {
  const router = Router();
  router.post(PATH, limiters.default, (req, res, next) => void openSession(req, res).catch(next));
  router.delete(PATH, closeSession);
  router.all(PATH, rejectMethod(['POST', 'DELETE', 'OPTIONS']));
  return router;
}
