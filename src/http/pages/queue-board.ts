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

// Its own files and nothing else, but for style elements that its libraries write as it runs.
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

/** An admin's access token is exchanged for a cookie that counts here alone, and no longer than the token's session. */
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

/** Its page without the one thing that comes from elsewhere: fonts, which the policy doesn't let in. */
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
    // What a job does is in its message's row: that is retried from the dashboard, and written into the audit log.
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Bilten', miscLinks: [{ text: 'Dashboard', url: '/admin' }] } },
  });
  // Its own answer to a failure shows where in the program that was.
  serverAdapter.setErrorHandler((error) => {
    logger.warn({ err: error }, 'The queue board has a problem');
    return { status: 500, body: { error: 'The queues can’t be read.' } };
  });
  return serverAdapter.getRouter() as Router;
}

/** The queue board at /admin/queues: to look at. It is loaded when somebody first looks. */
export function board(): Router {
  const router = Router();
  const session = `${BASE}/session`;
  router.post(session, identify, limiters.default, openSession);
  router.delete(session, closeSession);
  router.all(session, rejectMethod(['POST', 'DELETE', 'OPTIONS']));
  let made: Promise<Router> | undefined;
  router.use(BASE, security, admitWithPass, (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return rejectMethod(['GET', 'HEAD', 'OPTIONS'])(req, res, next);
    made ??= createBoard().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    made.then(
      (app) => stripPages(req, res, () => app(req, res, next)),
      (error: unknown) => next(error),
    );
  });
  return router;
}
