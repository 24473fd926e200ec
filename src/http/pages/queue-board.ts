import { Router, type NextFunction, type Request, type Response } from 'express';
import { config } from '../../config';
import { AppError } from '../../errors';
import { openBoardQueues } from '../../integrations/queue/board';
import { logger } from '../../logger';
import { verifyBoardPass, signBoardPass } from '../../services/access/board-pass';
import { areRevocationsCurrent, pollRevocations } from '../../services/access/revocations';
import { assertAccess, identify } from '../identify';
import { rejectMethod } from '../mount';
import { securePage } from './page-security';
import { limiters } from '../rate-limits';

const BASE = '/admin/queues';
const COOKIE = 'bilten_queues';
const PASS = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`);

// Only its own files, plus style elements that its libraries create at run time.
const security = securePage({
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  baseUri: ["'self'"],
});

const getCookieOptions = (req: Request) => ({
  path: BASE,
  httpOnly: true,
  sameSite: 'strict' as const,
  secure: config.isProduction || req.secure,
});

/** Exchanges an admin's access token for a cookie that is valid only for the board, and no longer than the session of the token. */
function openSession(req: Request, res: Response): void {
  const actor = assertAccess(req, 'admin')!;
  res.cookie(COOKIE, signBoardPass(actor), { ...getCookieOptions(req), maxAge: config.accessTokenSeconds * 1000 });
  res.setHeader('Cache-Control', 'no-store');
  res.status(204).end();
}

function closeSession(req: Request, res: Response): void {
  res.clearCookie(COOKIE, getCookieOptions(req));
  res.status(204).end();
}

function getPass(req: Request): string | undefined {
  return PASS.exec(req.headers.cookie ?? '')?.[1];
}

async function admitWithPass(req: Request, res: Response, next: NextFunction): Promise<void> {
  res.setHeader('Cache-Control', 'private, no-cache');
  try {
    const pass = getPass(req);
    if (!pass) throw new AppError('UNAUTHORIZED', 'Sign in at /admin.');
    if (!areRevocationsCurrent()) await pollRevocations();
    await verifyBoardPass(pass);
  } catch (error) {
    const isPage = req.method === 'GET' && !req.path.startsWith('/api/') && !req.path.startsWith('/static/');
    if (!(error instanceof AppError) || !isPage) throw error;
    res.redirect(303, '/admin');
    return;
  }
  next();
}

/** Removes the links to external fonts, which the policy would block anyway. */
const removeFonts = (html: string): string => html.replace(/<link[^>]+href="https?:[^>]*>/g, '');

function stripPages(_req: Request, res: Response, next: NextFunction): void {
  const send = res.send.bind(res);
  res.send = (body: unknown) => send(typeof body === 'string' ? removeFonts(body) : body);
  next();
}

async function createBoard(): Promise<Router> {
  const [{ createBullBoard }, { BullMQAdapter }, { ExpressAdapter }, queues] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/express'),
    openBoardQueues(),
  ]);
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(BASE);
  createBullBoard({
    // Read-only, because messages must be retried from the desk, which writes to the audit log.
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Bilten', miscLinks: [{ text: 'Desk', url: '/admin' }] } },
  });
  // The default error response of the board contains a stack trace.
  serverAdapter.setErrorHandler((error) => {
    logger.warn({ err: error }, 'The queue board failed');
    return { status: 500, body: { error: 'The queues cannot be read.' } };
  });
  return serverAdapter.getRouter() as Router;
}

/** Serves the read-only queue board at /admin/queues. It is loaded on first use. */
export function board(): Router {
  const router = Router();
  const session = `${BASE}/session`;
  router.post(session, identify, limiters.default, openSession);
  router.delete(session, closeSession);
  router.all(session, rejectMethod(['POST', 'DELETE', 'OPTIONS']));
  let loading: Promise<Router> | undefined;
  router.use(BASE, security, admitWithPass, (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return rejectMethod(['GET', 'HEAD', 'OPTIONS'])(req, res, next);
    loading ??= createBoard().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    loading.then(
      (app) => stripPages(req, res, () => app(req, res, next)),
      (error: unknown) => next(error),
    );
  });
  return router;
}
