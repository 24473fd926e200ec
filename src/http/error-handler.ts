import type { NextFunction, Request, Response } from 'express';
import { getSqlState, isConflict, isUnavailable } from '../database';
import { AppError, type ErrorCode } from '../errors';
import { logger } from '../logger';
import { getHealth } from '../services/health.service';
import { renderFailurePage, prefersHtml } from './pages/failure-page';

interface HttpError {
  status?: number;
  statusCode?: number;
  type?: string;
}

// The error codes for errors that Express, body-parser and multer throw.
const BODY_ERRORS: Record<string, ErrorCode> = {
  'entity.parse.failed': 'MALFORMED_JSON',
  'entity.too.large': 'PAYLOAD_TOO_LARGE',
  'parameters.too.many': 'PAYLOAD_TOO_LARGE',
  'encoding.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'charset.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'request.aborted': 'VALIDATION_ERROR',
  'request.size.invalid': 'VALIDATION_ERROR',
};

// The disk is full, read-only or broken, or too many files are open.
const DISK_ERRORS = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE']);

const isDiskError = (error: unknown): boolean =>
  DISK_ERRORS.has((error as NodeJS.ErrnoException | undefined)?.code ?? '');

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { status, statusCode, type } = (error ?? {}) as HttpError;
  const bodyError = type === undefined ? undefined : BODY_ERRORS[type];
  if (bodyError) return new AppError(bodyError);
  if (error instanceof URIError) return new AppError('VALIDATION_ERROR', 'The path is not valid percent-encoding.');
  const clientFault = status ?? statusCode;
  if (clientFault !== undefined && clientFault >= 400 && clientFault < 500) return new AppError('VALIDATION_ERROR');
  if (isUnavailable(error) || isConflict(error) || isDiskError(error))
    return new AppError('UNAVAILABLE', undefined, { cause: error });
  return new AppError('INTERNAL_ERROR', undefined, { cause: error });
}

// SQLSTATEs for an undefined table, column, function or schema, and for missing privileges.
const SCHEMA_ERRORS = new Set(['42P01', '42703', '42883', '3F000', '42501']);

/** Before the migrations have run, valid statements fail; the service is then unavailable. */
async function isSchemaMissing(error: unknown): Promise<boolean> {
  return SCHEMA_ERRORS.has(getSqlState(error) ?? '') && (await getHealth()).database === 'not migrated';
}

/** Returns the response body of a failure. */
export function toErrorBody({ code, message, details }: AppError, requestId: string) {
  return { success: false, error: { code, message, ...(details && { details }), requestId } };
}

/** Sends a failure as JSON, or as a page if a browser opened a link. */
export function sendError(req: Request, res: Response, failure: AppError): void {
  const requestId = res.locals.requestId as string;
  if (failure.retryAfter !== undefined)
    res.setHeader('Retry-After', String(Math.max(1, Math.ceil(failure.retryAfter))));
  for (const [name, value] of Object.entries(failure.headers ?? {})) res.setHeader(name, value);
  res.setHeader('Cache-Control', 'no-store');
  res.vary('Accept');
  res.status(failure.status);
  if (prefersHtml(req)) res.type('html').send(renderFailurePage(req, failure, requestId));
  else res.json(toErrorBody(failure, requestId));
}

function sendFailure(failure: AppError, req: Request, res: Response): void {
  const requestId = res.locals.requestId as string;
  if (failure.status >= 500)
    logger.error({ requestId, path: req.path, method: req.method, err: failure.cause ?? failure }, failure.message);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  sendError(req, res, failure);
}

/** Turns every error into a response. */
export function errorHandler(error: unknown, req: Request, res: Response, _next: NextFunction): void {
  const failure = toAppError(error);
  if (failure.code !== 'INTERNAL_ERROR') return sendFailure(failure, req, res);
  isSchemaMissing(error).then(
    (isMissing) =>
      sendFailure(isMissing ? new AppError('UNAVAILABLE', undefined, { cause: error }) : failure, req, res),
    () => sendFailure(failure, req, res),
  );
}
