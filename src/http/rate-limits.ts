import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { config } from '../config';
import { AppError } from '../errors';
import { createLimitStore } from '../integrations/limit-store';
import { getNetwork } from '../lib/network';
import type { RateLimitTier } from './route';

const LIMITS: Record<RateLimitTier, number> = {
  default: config.rateLimitMaxRequests,
  signIn: config.rateLimitSignIn,
  signUp: config.rateLimitSignUp,
  passwordReset: config.rateLimitPasswordReset,
  bookings: config.rateLimitBookings,
  checkIns: config.rateLimitCheckIns,
  uploads: config.rateLimitUploads,
  licenses: config.rateLimitLicenses,
};

const BY_ADDRESS: ReadonlySet<RateLimitTier> = new Set(['signIn', 'signUp', 'passwordReset', 'licenses']);

function getKey(req: Request, tier: RateLimitTier): string {
  const userId = BY_ADDRESS.has(tier) ? undefined : req.identity?.actor?.userId;
  return userId === undefined ? getNetwork(req.ip ?? '') : `user:${userId}`;
}

/** Returns the seconds until the window ends. */
function getSecondsLeft(req: Request & { rateLimit?: { resetTime?: Date } }): number {
  const end = req.rateLimit?.resetTime?.getTime() ?? Date.now() + config.rateLimitWindowMs;
  return (end - Date.now()) / 1000;
}

function createLimiter(tier: RateLimitTier): RequestHandler {
  const off = config.rateLimitMaxRequests === 0 || LIMITS[tier] === 0;
  if (off) return (_req, _res, next) => next();
  return rateLimit({
    windowMs: config.rateLimitWindowMs,
    limit: LIMITS[tier],
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    passOnStoreError: true,
    // The Redis connection logs an outage once; logging here would repeat it for every request.
    logger: { warn: () => undefined, error: () => undefined },
    validate: false,
    store: createLimitStore(tier),
    keyGenerator: (req) => getKey(req, tier),
    handler: (req, _res, next) => next(new AppError('RATE_LIMITED', undefined, { retryAfter: getSecondsLeft(req) })),
  });
}

/** One limiter per tier. It counts per user if signed in, otherwise per network address. */
export const limiters: Record<RateLimitTier, RequestHandler> = {
  default: createLimiter('default'),
  signIn: createLimiter('signIn'),
  signUp: createLimiter('signUp'),
  passwordReset: createLimiter('passwordReset'),
  bookings: createLimiter('bookings'),
  checkIns: createLimiter('checkIns'),
  uploads: createLimiter('uploads'),
  licenses: createLimiter('licenses'),
};
